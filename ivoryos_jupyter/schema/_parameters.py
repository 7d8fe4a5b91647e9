"""Do the given arguments fit the parameters?  Every problem at once; what is omitted stays omitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema._convert import read
from ivoryos_jupyter.schema._describe import describe
from ivoryos_jupyter.schema._kinds import DictOf, Kind, ListOf, Text
from ivoryos_jupyter.schema._literals import Typed
from ivoryos_jupyter.schema._names import did_you_mean
from ivoryos_jupyter.schema._reading import Blank, Reading
from ivoryos_jupyter.schema._unions import admits_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.schema._kinds import Parameter, Plain


def convert_arguments(
    parameters: Sequence[Parameter],
    given: Mapping[str, object],
    *,
    text: bool,
    blank: Blank = "missing",
    live: bool = False,
) -> dict[str, Plain]:
    """Return the plain value of each given argument, in the order of the parameters.

    Parameters
    ----------
    parameters
        What is asked for. The kind of ``*args`` and ``**kwargs`` is that of one item; given are a list and a dict.
    given
        Arguments by name; an argument that is not among them is left to the driver.
    text
        Whether a `str` is text as typed, from a form or a cell; otherwise it is a value. Anything else is always a value.
    blank
        What typed blank text says: ``missing`` that the argument is omitted, or None; ``text`` the empty text where the
        parameter admits any text.
    live
        Whether an object without plain value passes as it is where the kind admits one.

    Raises
    ------
    ConversionError
        With all that is missing, unknown or wrong.
    """
    known = {parameter.name: parameter for parameter in parameters}
    problems: list[Problem] = []
    if not given.keys() <= known.keys():
        given, problems = _gathered(known, given)
    values: dict[str, Plain] = {}
    for name, parameter in known.items():
        if name not in given or (text and _says_nothing(parameter, given[name], blank)):
            problems += _missing(parameter)
            continue
        reading = Reading(read, name, parameter.unit, blank if text else "text", live)
        try:
            values[name] = read(kind_as_given(parameter), _as_typed(given[name]) if text else given[name], reading)
        except ConversionError as error:
            problems += error.problems
    if problems:
        raise ConversionError(problems)
    return values


def kind_as_given(parameter: Parameter) -> Kind:
    """Return the kind of what is given for `parameter`: a list for ``*args``, a mapping for ``**kwargs``."""
    if parameter.passing == "var_positional":
        return ListOf(parameter.kind)
    if parameter.passing == "var_keyword":
        return DictOf(Text(), parameter.kind)
    return parameter.kind


def _gathered(known: Mapping[str, Parameter], given: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """Return the arguments with names the parameters know; the others, for there are some, in ``**kwargs`` or as problems."""
    extra = {name: value for name, value in given.items() if name not in known}
    rest = {name: value for name, value in given.items() if name in known}
    catch_all = next((one.name for one in known.values() if one.passing == "var_keyword"), "")
    if not catch_all:
        problems = [Problem(name, f"there is no parameter of this name{did_you_mean(name, known)}") for name in extra]
        return rest, problems
    within = rest.get(catch_all)
    if within is not None and not isinstance(within, dict):
        return rest, [Problem(name, f"give it within {catch_all}") for name in extra]
    return {**rest, catch_all: {**(within or {}), **extra}}, []


def _says_nothing(parameter: Parameter, value: object, blank: Blank) -> bool:
    """Whether a typed blank means that the argument was not given."""
    if not isinstance(value, str) or value.strip():
        return False
    if admits_text(parameter.kind) and (value or blank == "text"):
        return False
    return not parameter.required or isinstance(parameter.kind, Text)


def _missing(parameter: Parameter) -> list[Problem]:
    return [Problem(parameter.name, f"{describe(parameter.kind)} is needed")] if parameter.required else []


def _as_typed(value: object) -> object:
    return Typed(value) if isinstance(value, str) else value
