"""The admin pages: establishments, rooms with their gallery, accounts, and cleanups."""

from rooms.admin import accounts, cleanup_runs, establishments, rooms

__all__ = ["accounts", "cleanup_runs", "establishments", "rooms"]
