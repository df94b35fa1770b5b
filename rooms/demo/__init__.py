"""The demonstration: its data (`catalogue.py`) and its pictures (`photos/`), which are drawings.

No Django here: the command that fills the database imports this package, and this package imports no command.
"""
