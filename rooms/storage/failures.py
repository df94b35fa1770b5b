"""What can go wrong in a storage that a disk does not know. No boto here."""


class BucketUnavailable(OSError):
    """The bucket did not answer, or not with what was asked for: trying again later may help."""
