"""What does a call receive?  Plain values become live arguments, passed as the signature asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.introspect._asked import UNKNOWN
from ivoryos_jupyter.introspect._live_values import live_value
from ivoryos_jupyter.introspect._place import Place
from ivoryos_jupyter.schema import all_or_errors, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.schema import Method, Parameter


def live_arguments(
    method: Method, types: Mapping[str, object], plain: Mapping[str, object], follow: Callable[[str], object]
) -> tuple[tuple[object, ...], dict[str, object]]:
    """Return the positional and the keyword arguments of a call.

    Parameters
    ----------
    method
        The description of what is called.
    types
        The live annotation of each parameter, resolved; a parameter whose annotation could not be resolved is absent, and
        its plain value is passed as it is where no other class is known.
    plain
        Plain values by parameter, ``*args`` as a list and ``**kwargs`` as a dict; what is omitted is left to the driver.
        A value that is a live object already is passed when it fits.
    follow
        Finds the object that the text of a live reference stands for.

    Raises
    ------
    ConversionError
        With everything that does not fit, and everything that is missing or unknown.
    """
    _check_names(method, plain)
    given = [one for one in method.parameters if one.name in plain]
    made = all_or_errors(_part(one, types.get(one.name, UNKNOWN), plain[one.name], follow) for one in given)
    values = {one.name: value for one, value in zip(given, made, strict=True)}
    positional = _positional(method, values)
    keywords: dict[str, object] = {}
    for one in method.parameters:
        if one.name in values and one.passing == "var_keyword":
            keywords |= cast("dict[str, object]", values[one.name])
        elif one.name in values and one.passing in {"either", "keyword"} and one.name not in positional:
            keywords[one.name] = values[one.name]
    first = [value for one in method.parameters if one.name in positional for value in _spread(one, values[one.name])]
    return tuple(first), keywords


def _check_names(method: Method, plain: Mapping[str, object]) -> None:
    known = [one.name for one in method.parameters]
    problems = [Problem(name, f"there is no parameter of this name{did_you_mean(name, known)}") for name in plain if name not in known]
    for one in method.parameters:
        if one.name not in plain and one.required:
            problems.append(Problem(one.name, "a value is needed"))
        if one.passing == "var_keyword" and isinstance(extra := plain.get(one.name), dict):
            problems += _doubles(method, one, extra)
    if problems:
        raise ConversionError(problems)


def _doubles(method: Method, catch_all: Parameter, extra: Mapping[str, object]) -> list[Problem]:
    taken = {one.name for one in method.parameters if one.passing in {"either", "keyword"}}
    return [
        Problem(f"{catch_all.name}[{name!r}]", f"{name} is a parameter of its own; give it there") for name in sorted(taken & extra.keys())
    ]


def _part(parameter: Parameter, annotation: object, value: object, follow: Callable[[str], object]) -> Callable[[], object]:
    place = Place(parameter.name, follow)
    if parameter.passing == "var_positional":
        return lambda: _each(parameter, annotation, value, place)
    if parameter.passing == "var_keyword":
        return lambda: _each_named(parameter, annotation, value, place)
    return lambda: live_value(parameter.kind, annotation, value, place)


def _each(parameter: Parameter, annotation: object, value: object, place: Place) -> object:
    if not isinstance(value, (list, tuple)):
        raise place.error("a list is needed, one item for each argument")
    return all_or_errors(_item(parameter, annotation, item, place.at(at)) for at, item in enumerate(value))


def _each_named(parameter: Parameter, annotation: object, value: object, place: Place) -> object:
    if not isinstance(value, dict):
        raise place.error("a mapping is needed, one name for each argument")
    items = all_or_errors(_item(parameter, annotation, item, place.at(name)) for name, item in value.items())
    return dict(zip(value, items, strict=True))


def _item(parameter: Parameter, annotation: object, value: object, place: Place) -> Callable[[], object]:
    return lambda: live_value(parameter.kind, annotation, value, place)


def _positional(method: Method, values: Mapping[str, object]) -> list[str]:
    """Return the names of the arguments that are passed by position, which none before them may leave out."""
    last = next((one for one in method.parameters if one.passing == "var_positional" and values.get(one.name)), None)
    names: list[str] = []
    left_out: list[str] = []
    for one in method.parameters:
        by_position = one.passing == "positional" or (one.passing == "either" and last is not None) or one is last
        if by_position and one.name not in values:
            left_out.append(one.name)
        elif by_position:
            if left_out:
                raise ConversionError([Problem(name, f"a value is needed, because {one.name} is given") for name in left_out])
            names.append(one.name)
    return names


def _spread(parameter: Parameter, value: object) -> list[object]:
    return cast("list[object]", value) if parameter.passing == "var_positional" else [value]
