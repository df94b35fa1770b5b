"""The admin pages: establishments, rooms with their gallery, accounts, channels, and cleanups."""

from rooms.admin import accounts, channels, cleanup_runs, establishments, rooms

__all__ = ["accounts", "channels", "cleanup_runs", "establishments", "rooms"]
