"""What did she mean by an argument in Python?  A value of the workflow, converted for the parameter that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem, WorkflowError
from ivoryos_jupyter.schema import Anything, LiveReference, closest, describe, from_value, kind_as_given
from ivoryos_jupyter.workflow._model import AtRun, Constant, Expression, Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.schema import Parameter
    from ivoryos_jupyter.workflow._model import Value

    NameOf = Callable[[object], str]


def at_run(name: str) -> AtRun:
    """Return the run-time parameter `name`: a column of the table."""
    return AtRun(name.removeprefix("#"))


def formula(text: str) -> Expression:
    """Return a formula over names, for example ``formula("#volume * 2")``."""
    return Expression(text)


def live(text: str) -> LiveReference:
    """Return a reference to a live object, for example ``live('plate["A1"]')``."""
    return LiveReference(text)


def to_value(given: object, parameter: Parameter | None, name_of: NameOf, problems: list[Problem], field: str) -> Value:
    """Return `given` as a value of the workflow; what does not fit `parameter` is added to `problems`."""
    if isinstance(given, AtRun | Variable | Expression | Constant):
        return given
    kind = kind_as_given(parameter) if parameter else Anything()
    try:
        return Constant(from_value(kind, _with_references(given, name_of), field=field, unit=parameter.unit if parameter else ""))
    except ConversionError as error:
        problems += error.problems
        return Constant(None)


def _with_references(given: object, name_of: NameOf) -> object:
    """Replace instruments of the deck by references to them, also within lists and dicts."""
    if given is None or isinstance(given, bool | int | float | str | LiveReference):
        return given
    if isinstance(given, list | tuple):
        return type(given)(_with_references(item, name_of) for item in given) if type(given) in {list, tuple} else given
    if type(given) is dict:
        return {key: _with_references(item, name_of) for key, item in given.items()}
    name = name_of(given)
    return LiveReference(name) if name else given


def bind_arguments(
    args: Sequence[object], named: Mapping[str, object], parameters: Sequence[Parameter] | None, problems: list[Problem]
) -> dict[str, object]:
    """Return `args` and `named` by parameter name; what cannot be bound is added to `problems`."""
    if parameters is None:
        if args:
            problems.append(Problem("arguments", "give them by name: the deck does not know this method's parameters"))
        return dict(named)
    found = _bind_positional(args, parameters, problems)
    gathering = next((one.name for one in parameters if one.passing == "var_keyword"), "")
    known = {one.name for one in parameters}
    for name, given in named.items():
        if name in found:
            problems.append(Problem(name, "is given twice, by position and by name"))
        elif name not in known and gathering:
            extra = found.setdefault(gathering, {})
            assert isinstance(extra, dict)  # noqa: S101 - only this loop and the line above put something there
            extra[name] = given
        elif name not in known:
            near = closest(name, known - set(found) - set(named))
            problems.append(Problem(name, "there is no parameter of this name" + (f"; did you mean {near}?" if near else "")))
        else:
            found[name] = given
    _report_missing(found, parameters, problems)
    return {one.name: found[one.name] for one in parameters if one.name in found}


def _bind_positional(args: Sequence[object], parameters: Sequence[Parameter], problems: list[Problem]) -> dict[str, object]:
    places = [one for one in parameters if one.passing in {"positional", "either"}]
    found: dict[str, object] = {one.name: given for one, given in zip(places, args, strict=False)}
    rest = list(args[len(places) :])
    if rest:
        rest_name = next((one.name for one in parameters if one.passing == "var_positional"), "")
        if rest_name:
            found[rest_name] = rest
        else:
            problems.append(Problem("arguments", f"{len(args)} are given by position, and there are {len(places)} places"))
    return found


def _report_missing(found: Mapping[str, object], parameters: Sequence[Parameter], problems: list[Problem]) -> None:
    complained = {problem.field for problem in problems}
    missing = [one for one in parameters if one.required and one.name not in found and one.name not in complained]
    problems += [
        Problem(one.name, f"{describe(one.kind)} is needed; for a column of the table give at_run({one.name!r})") for one in missing
    ]


def convert_all(
    given: Mapping[str, object], parameters: Sequence[Parameter] | None, name_of: NameOf, problems: list[Problem]
) -> dict[str, Value]:
    """Return bound arguments as values of the workflow."""
    known = {one.name: one for one in parameters or ()}
    return {name: to_value(one, known.get(name), name_of, problems, name) for name, one in given.items()}


def target_of(target: object, name_of: NameOf) -> tuple[str, str]:
    """Return the instrument's path and the member of ``"pump.dispense"`` or ``pump.dispense``; a block has no path."""
    if isinstance(target, str):
        path, _, member = target.rpartition(".")
        return path.strip(), member.strip()
    member = getattr(target, "__name__", "")
    owner = getattr(target, "__self__", None)
    path = name_of(owner) if owner is not None else ""
    if not member or (owner is not None and not path):
        message = 'is no method of an instrument of this deck; write it as text, for example "pump.dispense"'
        raise WorkflowError([Problem("target", message, repr(target)[:100])])
    return path, member


def names_of(save: object) -> tuple[str, ...]:
    """Return the names of ``save="left"`` and of ``save=("a450", "a600")``."""
    if isinstance(save, str):
        return (save,) if save else ()
    return tuple(str(name) for name in save) if isinstance(save, list | tuple) else ()


def raise_all(problems: Sequence[Problem], headline: str) -> None:
    """Raise `WorkflowError` when there are problems."""
    if problems:
        raise WorkflowError(problems, headline)
