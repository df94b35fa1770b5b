"""The site around the app `rooms`: settings, sign-in, headers, and the web process."""

__version__ = "0.9.0"
