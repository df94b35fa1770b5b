"""What is known about pictures as such: formats, colours, how a JPEG is built. Nothing of ours."""
