"""Knowledge about pictures: formats, colours, how a JPEG is built. Nothing about the product."""
