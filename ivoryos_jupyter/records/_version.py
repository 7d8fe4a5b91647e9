"""Which state of the tables does this code read and write?"""

VERSION_TABLE = "ivoryos_jupyter_version"
"""Alembic's table; under a name of our own, because a shared PostgreSQL database may hold others."""

HEAD = "0003"
"""The newest step in ``migrations/versions``."""
