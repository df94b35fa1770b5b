"""One module a contender, so that a measured process loads nothing of the others.

Each has `make_outputs(photo, wanted)`: the path of a JPEG in (an upload of this size is a file on disk, too),
the encoded outputs by longest side in pixels out.
"""
