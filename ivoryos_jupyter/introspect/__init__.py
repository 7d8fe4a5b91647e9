"""Live objects of a notebook, described; and the way back from a description to a call."""

from ivoryos_jupyter.introspect._blocks import block, is_pure
from ivoryos_jupyter.introspect._constructor import constructor
from ivoryos_jupyter.introspect._deck import BLOCKS, Deck, Member
from ivoryos_jupyter.introspect._describe import describe
from ivoryos_jupyter.introspect._found import Adapter, Found, Operation
from ivoryos_jupyter.introspect._identity import Identity, identify
from ivoryos_jupyter.introspect._live import LiveDeck
from ivoryos_jupyter.introspect._names_of import LimitsOfObjects, as_set, check_limits, names_of
from ivoryos_jupyter.introspect._offline import OfflineDeck
from ivoryos_jupyter.introspect._safe_states import SafeMark, asks_for, marked_functions, marked_methods, safe_state
from ivoryos_jupyter.introspect._selection import plain_kind
from ivoryos_jupyter.introspect._stand_in import StandIn, is_stand_in, original
from ivoryos_jupyter.introspect._static import instance_dict, instance_members
from ivoryos_jupyter.introspect._verify import tells, verifier_of, verifies

__all__ = [
    "BLOCKS",
    "Adapter",
    "Deck",
    "Found",
    "Identity",
    "LimitsOfObjects",
    "LiveDeck",
    "Member",
    "OfflineDeck",
    "Operation",
    "SafeMark",
    "StandIn",
    "as_set",
    "asks_for",
    "block",
    "check_limits",
    "constructor",
    "describe",
    "identify",
    "instance_dict",
    "instance_members",
    "is_pure",
    "is_stand_in",
    "marked_functions",
    "marked_methods",
    "names_of",
    "original",
    "plain_kind",
    "safe_state",
    "tells",
    "verifier_of",
    "verifies",
]
