"""The admin pages: establishments, rooms with their gallery, accounts, channels, and what is watched."""

from rooms.admin import accounts, activity, channels, cleanup_runs, establishments, failures, owners, rooms

__all__ = [
    "accounts",
    "activity",
    "channels",
    "cleanup_runs",
    "establishments",
    "failures",
    "owners",
    "rooms",
]
