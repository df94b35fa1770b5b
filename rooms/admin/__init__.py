"""The admin pages: establishments, rooms with their gallery, accounts, channels, and what is watched."""

from rooms.admin import accounts, channels, cleanup_runs, establishments, failures, rooms

__all__ = ["accounts", "channels", "cleanup_runs", "establishments", "failures", "rooms"]
