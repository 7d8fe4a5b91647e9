"""What does the library list?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """One saved version of a workflow."""

    number: int
    """From 1, in the order of saving."""
    hash: str
    """Content hash."""
    saved_us: int
    author: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One workflow as the library lists it."""

    name: str
    hash: str = ""
    """Of its newest version; empty when IvoryOS's form of it cannot be read."""
    description: str = ""
    author: str = ""
    deck: str = ""
    steps: int = 0
    versions: int = 1
    changed_us: int = 0
    finalized: bool = False
    registered: bool = False
    draft: bool = False
    """Whether there is unsaved work."""
