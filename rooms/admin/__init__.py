"""The admin pages: establishments, rooms with their gallery, accounts, channels, and what is watched."""

from rooms.admin import accounts, activity, channels, establishments, owners, rooms, system

__all__ = [
    "accounts",
    "activity",
    "channels",
    "establishments",
    "owners",
    "rooms",
    "system",
]
