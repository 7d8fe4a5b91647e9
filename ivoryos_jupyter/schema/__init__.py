"""Frozen data that describes a deck, and the values that go to and from it."""

from ivoryos_jupyter.schema._bring_back import NotKeptError, bring_back
from ivoryos_jupyter.schema._budgets import SECONDS, Budget, Period, Source
from ivoryos_jupyter.schema._codec import deck_from_json, fingerprint, kind_from_json, part_from_json, to_json
from ivoryos_jupyter.schema._convert import chosen_member, from_text, from_value
from ivoryos_jupyter.schema._deck import (
    STATUS_TIMEOUT_S,
    Block,
    Child,
    Connection,
    DeckSchema,
    Instrument,
    LeftOut,
    Method,
    Property,
    Returns,
)
from ivoryos_jupyter.schema._decode import decode
from ivoryos_jupyter.schema._describe import describe
from ivoryos_jupyter.schema._encode import encode
from ivoryos_jupyter.schema._kinds import (
    Anything,
    Boolean,
    Default,
    DictOf,
    EnumChoice,
    EnumMember,
    Integer,
    Kind,
    ListOf,
    LiteralChoice,
    Live,
    LiveReference,
    Nothing,
    Nullable,
    Number,
    OneOf,
    Parameter,
    Passing,
    Plain,
    Record,
    Special,
    Temporal,
    Text,
    TupleOf,
)
from ivoryos_jupyter.schema._limits import SETTER, Limit, Limits, as_text, spread
from ivoryos_jupyter.schema._limits_file import LimitsFile
from ivoryos_jupyter.schema._limits_fit import unfit_limits
from ivoryos_jupyter.schema._literals import Typed
from ivoryos_jupyter.schema._names import closest, did_you_mean
from ivoryos_jupyter.schema._numbers import number_of
from ivoryos_jupyter.schema._parameters import convert_arguments, kind_as_given
from ivoryos_jupyter.schema._plain_json import Json, plain_from_json, plain_to_json
from ivoryos_jupyter.schema._python import python_value
from ivoryos_jupyter.schema._reading import Blank, all_or_errors
from ivoryos_jupyter.schema._reference import AttributeOf, ItemAt, Reference, parse_reference, references_in
from ivoryos_jupyter.schema._safety_file import SafetyFile
from ivoryos_jupyter.schema._strict_json import strict_json
from ivoryos_jupyter.schema._write import to_text

__all__ = [
    "SECONDS",
    "SETTER",
    "STATUS_TIMEOUT_S",
    "Anything",
    "AttributeOf",
    "Blank",
    "Block",
    "Boolean",
    "Budget",
    "Child",
    "Connection",
    "DeckSchema",
    "Default",
    "DictOf",
    "EnumChoice",
    "EnumMember",
    "Instrument",
    "Integer",
    "ItemAt",
    "Json",
    "Kind",
    "LeftOut",
    "Limit",
    "Limits",
    "LimitsFile",
    "ListOf",
    "LiteralChoice",
    "Live",
    "LiveReference",
    "Method",
    "NotKeptError",
    "Nothing",
    "Nullable",
    "Number",
    "OneOf",
    "Parameter",
    "Passing",
    "Period",
    "Plain",
    "Property",
    "Record",
    "Reference",
    "Returns",
    "SafetyFile",
    "Source",
    "Special",
    "Temporal",
    "Text",
    "TupleOf",
    "Typed",
    "all_or_errors",
    "as_text",
    "bring_back",
    "chosen_member",
    "closest",
    "convert_arguments",
    "deck_from_json",
    "decode",
    "describe",
    "did_you_mean",
    "encode",
    "fingerprint",
    "from_text",
    "from_value",
    "kind_as_given",
    "kind_from_json",
    "number_of",
    "parse_reference",
    "part_from_json",
    "plain_from_json",
    "plain_to_json",
    "python_value",
    "references_in",
    "spread",
    "strict_json",
    "to_json",
    "to_text",
    "unfit_limits",
]
