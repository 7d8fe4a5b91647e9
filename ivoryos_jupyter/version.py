"""Which version is this?  Below every floor, so that records can name it."""

__version__ = "0.1.0"
