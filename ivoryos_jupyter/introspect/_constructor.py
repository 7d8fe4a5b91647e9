"""How is an instrument made from its class?  Its constructor, described like a method."""

from __future__ import annotations

import inspect
from dataclasses import replace

from ivoryos_jupyter.introspect._deck import Member
from ivoryos_jupyter.introspect._docstrings import read_doc
from ivoryos_jupyter.introspect._signatures import read_callable


def constructor(cls: type, name: str = "") -> Member:
    """Describe what making an object of `cls` takes; nothing is made here.

    Parameters
    ----------
    cls
        The class.
    name
        The name the object will have.
    """
    maker = inspect.getattr_static(cls, "__init__")
    plain = maker is object.__init__ or not callable(maker)
    reading = read_callable("__init__", cls if plain else maker, bound=not plain, owner=cls)
    doc = read_doc(cls.__doc__)
    parameters = tuple(
        replace(one, help=doc.of(one.name).help) if not one.help and doc.of(one.name).help else one for one in reading.method.parameters
    )
    method = replace(reading.method, parameters=parameters, summary=doc.summary, doc=doc.text, coroutine=False)
    return Member(name, "__init__", "call", method, method, cls, is_coroutine=False, owner=None, types=reading.types)
