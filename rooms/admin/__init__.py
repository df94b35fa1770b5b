"""The admin pages: establishments, rooms with their gallery, and accounts."""

from rooms.admin import accounts, establishments, rooms

__all__ = ["accounts", "establishments", "rooms"]
