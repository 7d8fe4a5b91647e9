"""Notices to people who are not there: when a run waits for them, fails or ends, and when its kernel dies."""

from ivoryos_jupyter.notices._death import tell_of_death
from ivoryos_jupyter.notices._entry import Notification
from ivoryos_jupyter.notices._notice import KINDS, Kind, Notice
from ivoryos_jupyter.notices._notifications import Notifications, NotificationsChanged
from ivoryos_jupyter.notices._occasions import Occasion, Place
from ivoryos_jupyter.notices._surroundings import Around
from ivoryos_jupyter.notices._teller import Telling

__all__ = [
    "KINDS",
    "Around",
    "Kind",
    "Notice",
    "Notification",
    "Notifications",
    "NotificationsChanged",
    "Occasion",
    "Place",
    "Telling",
    "tell_of_death",
]
