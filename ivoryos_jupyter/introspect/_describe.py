"""What can be done with this object?  The generic description, which an adapter may refine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._adapters import adapter_for
from ivoryos_jupyter.introspect._children import sub_objects, too_many
from ivoryos_jupyter.introspect._classes import PRIVATE, class_doc, offer_of
from ivoryos_jupyter.introspect._found import Found
from ivoryos_jupyter.introspect._names import is_a, type_path
from ivoryos_jupyter.introspect._signatures import read_callable, what_is_called
from ivoryos_jupyter.introspect._static import instance_members
from ivoryos_jupyter.schema import Child, Connection, Instrument, LeftOut

if TYPE_CHECKING:
    from ivoryos_jupyter.introspect._found import Adapter

_CONNECT = ("connect", "open", "setup", "connect_device", "initialize", "initialise")
_CLOSE = ("close", "disconnect", "stop_connection", "shutdown")
_CONNECTED = ("is_connected", "connected", "is_open", "isopen", "is_alive")
_ATTRIBUTE = "a plain attribute: something the object keeps, neither method nor property"
_CONSTANT = "a constant of the class"


@dataclass(frozen=True, slots=True)
class Description:
    """An object's description, with what is needed to reach its members again."""

    instrument: Instrument
    found: Found
    adapter: Adapter | None


def describe(obj: object, name: str) -> Instrument:
    """Describe `obj` as the instrument `name`; no attribute of it is read and nothing of it is called."""
    return inspect_object(obj, name).instrument


def inspect_object(obj: object, name: str, known: dict[int, str] | None = None) -> Description:
    """Describe `obj` as the instrument `name`.

    Parameters
    ----------
    obj
        The object, of whatever class.
    name
        Its path in the deck.
    known
        Paths of objects that are in the deck already, by identity; below `obj` they are named, not described again.
        What is found is added.
    """
    found = _generic(obj)
    adapter = adapter_for(obj)
    if adapter is not None:
        try:
            adapter.refine(obj, found)
        except Exception as error:  # noqa: BLE001 - another version of a library must not cost its objects
            found.left_out[f"({adapter.name})"] = f"its adapter does not fit this version ({type(error).__name__}: {error})"
            adapter = None
    _drop_aliases(found, name, {id(obj): name} if known is None else known)
    found.connection = _connection(found)
    return Description(_instrument(obj, name, found, adapter.name if adapter else ""), found, adapter)


def _generic(obj: object) -> Found:
    cls = type(obj)
    offer = offer_of(cls)
    text = class_doc(cls)
    found = Found(" ".join(text.partition("\n\n")[0].split()), text, {}, dict(offer.properties), {}, dict(offer.left_out))
    own = dict(instance_members(obj))
    for name, value in own.items():
        if name not in offer.properties:
            _sort_instance_member(found, name, value)
    for name, value in offer.attributes.items():
        if name not in own:
            held = dict(sub_objects(name, value))
            found.children.update(held)
            if not held and name not in offer.methods:
                found.left_out[name] = _CONSTANT
    for name, method in offer.methods.items():
        found.methods.setdefault(name, method)
    return found


def _sort_instance_member(found: Found, name: str, value: object) -> None:
    """Put one member of the instance where it belongs; an odd one must not cost the others."""
    try:
        if name.startswith("_"):
            found.left_out[name] = PRIVATE
            return
        if is_a(value, type):
            found.left_out[name] = "a class kept by the object"
            return
        held = dict(sub_objects(name, value))
        found.children.update(held)
        if (more := too_many(value)) and held:
            found.left_out[f"{name}[…]"] = more
        if callable(value):
            called, given = what_is_called(value)
            reading = read_callable(name, called, bound=given)
            found.methods[name] = replace(reading, method=replace(reading.method, defined_by="the object itself"))
        elif not held:
            found.left_out[name] = _ATTRIBUTE
    except Exception as error:  # noqa: BLE001 - as said
        found.left_out[name] = f"it cannot be described ({type(error).__name__}: {error})"


def _drop_aliases(found: Found, name: str, known: dict[int, str]) -> None:
    """Keep each sub-object once: what is the object itself, or known under another path, is named instead."""
    for path, child in sorted(found.children.items(), key=lambda pair: not pair[0][1:].isidentifier()):
        other = known.get(id(child))
        if other is None:
            known[id(child)] = f"{name}{path}"
        else:
            del found.children[path]
            found.left_out[path.lstrip(".")] = f"the same object as {other}"


def _connection(found: Found) -> Connection:
    given = found.connection

    def first(names: tuple[str, ...]) -> str:
        return next((name for name in names if name in found.methods or name in found.properties), "")

    return Connection(
        given.connect or first(_CONNECT),
        given.close or first(_CLOSE),
        given.is_connected or first(_CONNECTED),
    )


def _instrument(obj: object, name: str, found: Found, adapter: str) -> Instrument:
    return Instrument(
        name,
        type_path(type(obj)),
        found.summary,
        found.doc,
        tuple(one.method for one in found.methods.values()),
        tuple(one.property for one in found.properties.values()),
        tuple(Child(path, type_path(type(child))) for path, child in found.children.items()),
        found.connection,
        tuple(LeftOut(each, reason) for each, reason in found.left_out.items()),
        adapter,
    )
