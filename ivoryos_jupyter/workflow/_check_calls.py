"""Does the deck have what a step calls, and do its constant arguments fit?"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, ProblemsError
from ivoryos_jupyter.schema import SETTER, closest, describe, from_value, kind_as_given, parse_reference, references_in
from ivoryos_jupyter.workflow._findings import Repair
from ivoryos_jupyter.workflow._lookup import fits, is_left_open
from ivoryos_jupyter.workflow._model import (
    Action,
    AtRun,
    CallBlock,
    Constant,
    GetProperty,
    SetProperty,
    Variable,
    WaitFor,
)
from ivoryos_jupyter.workflow._values import values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ivoryos_jupyter.schema import Instrument, Kind, Parameter, Plain
    from ivoryos_jupyter.workflow._findings import Finding
    from ivoryos_jupyter.workflow._here import Here
    from ivoryos_jupyter.workflow._model import Step, Value


def check_call(here: Here) -> Iterator[Finding]:
    """Find what is wrong with the target of a step, its arguments and its outputs."""
    step = here.step
    for field, value in values_of(step):
        yield from _check_references(here, field, value)
    if not here.whole.deck.known or not isinstance(step, Action | CallBlock | GetProperty | SetProperty | WaitFor):
        return
    missing = list(_check_target(here))
    yield from missing
    parameters = here.whole.deck.parameters(step)
    if missing or parameters is None:
        return
    if isinstance(step, WaitFor):
        yield from _check_reading(here, parameters)
        return
    yield from check_arguments(here, parameters, open_ended=any(one.passing == "var_keyword" for one in parameters))
    yield from _check_limits(here, parameters)
    if isinstance(step, Action | CallBlock):
        yield from _check_outputs(here)


def suggestion(field: str, wrong: str, known: Iterable[str]) -> tuple[str, Repair | None]:
    """Return words for the most similar of `known`, and the repair that uses it."""
    near = closest(wrong, known)
    return (f"; did you mean {near}?", Repair(f"use {near}", "set", field, near)) if near else ("", None)


def _check_target(here: Here) -> Iterator[Finding]:
    step, deck = here.step, here.whole.deck
    if isinstance(step, CallBlock):
        if step.block not in deck.blocks:
            words, repair = suggestion("block", step.block, deck.blocks)
            yield here.error("unknown-block", f"there is no building block {step.block}{words}", "block", repair)
        return
    path: str = getattr(step, "instrument", "")
    instrument = deck.instruments.get(path)
    if not path:
        yield here.error("unknown-instrument", "say which instrument is meant, and what of it", "instrument")
    elif instrument is None:
        yield from _unknown_instrument(here, path)
    elif isinstance(step, Action):
        if instrument.method(step.method) is None:
            yield _unknown_member(here, instrument, "method", step.method)
    else:
        yield from _check_property(here, instrument)


def _unknown_instrument(here: Here, path: str) -> Iterator[Finding]:
    instruments = here.whole.deck.instruments
    if any(f"{parent}{child.path}" == path for parent, one in instruments.items() for child in one.children):
        return  # a sub-instrument that nobody has looked into yet
    words, repair = suggestion("instrument", path, instruments)
    member = getattr(here.step, "method", "") or getattr(here.step, "property", "")
    able = [name for name, one in instruments.items() if one.method(member) or one.property(member)]
    if repair is None and len(able) == 1:
        words, repair = f"; {able[0]} has {member}", Repair(f"use {able[0]}", "set", "instrument", able[0])
    there = "" if words else f"; there is {', '.join(sorted(instruments)) or 'none'}"
    yield here.error("unknown-instrument", f"the deck has no instrument {path or '(no name)'}{words}{there}", "instrument", repair)


def _unknown_member(here: Here, instrument: Instrument, what: str, name: str) -> Finding:
    known = [one.name for one in (instrument.methods if what == "method" else instrument.properties)]
    words, repair = suggestion(what, name, known)
    return here.error(f"unknown-{what}", f"{instrument.name} has no {what} {name}{words}", what, repair)


def _check_property(here: Here, instrument: Instrument) -> Iterator[Finding]:
    step = here.step
    name: str = getattr(step, "property", "")
    one = instrument.property(name)
    if one is None:
        if not isinstance(step, WaitFor) or instrument.method(name) is None:
            yield _unknown_member(here, instrument, "property", name)
    elif isinstance(step, SetProperty) and not one.settable:
        yield here.error("not-settable", f"{instrument.name}.{name} can be read but not set", "property")
    elif not isinstance(step, SetProperty) and not one.readable:
        yield here.error("not-readable", f"{instrument.name}.{name} can be set but not read", "property")


def _check_reading(here: Here, parameters: tuple[Parameter, ...]) -> Iterator[Finding]:
    needed = [one.name for one in parameters if one.required]
    if needed:
        yield here.error("missing-argument", f"a reading gives no arguments, and this one needs {', '.join(needed)}", "property")


def check_arguments(here: Here, parameters: tuple[Parameter, ...], *, open_ended: bool) -> Iterator[Finding]:
    """Find unknown, missing and wrong arguments."""
    given = dict(values_of(here.step))
    known = {one.name: one for one in parameters}
    free = [one for one in known if one not in given]
    for name in given:
        if name not in known and not open_ended:
            yield _unknown_argument(here, name, free)
    for name in free:
        if known[name].required:
            message = f"{describe(known[name].kind)} is needed"
            ask = Repair(f"ask for {name} at run", "set_argument", name, AtRun(name)) if here.phase == "script" else None
            yield here.error("missing-argument", message, name, ask)
    for name, value in given.items():
        if name in known:
            yield from _check_value(here, known[name], value)


def _unknown_argument(here: Here, name: str, free: list[str]) -> Finding:
    near = closest(name, free)
    repair = Repair(f"rename it to {near}", "rename_argument", name, near) if near else Repair(f"take {name} out", "remove_argument", name)
    words = f"; did you mean {near}?" if near else ""
    return here.error("unknown-argument", f"there is no parameter {name}{words}", name, repair)


def _check_value(here: Here, parameter: Parameter, value: Value) -> Iterator[Finding]:
    kind = kind_as_given(parameter)
    gathered = parameter.name in getattr(here.step, "consolidate", ()) and here.step.once_per_batch
    if isinstance(here.step, SetProperty) and is_left_open(value, kind):
        name = here.step.property.rpartition(".")[2]
        ask = Repair(f"ask for {name} at run", "set", parameter.name, AtRun(name)) if here.phase == "script" else None
        yield here.error("missing-argument", f"a value is missing; {describe(kind)} is needed", parameter.name, ask)
    elif isinstance(value, Constant):
        try:
            from_value(kind, [value.value] if gathered else value.value, field=parameter.name, unit=parameter.unit)
        except ConversionError as error:
            for problem in error.problems:
                yield here.error("wrong-value", problem.message, problem.field or parameter.name)
    elif isinstance(value, AtRun | Variable) and not gathered:
        given = _kind_of_name(here, value)
        if given is not None and not fits(given, kind):
            message = f"{value.name} is {describe(given)}, and {describe(kind)} is needed"
            yield here.error("wrong-kind", message, parameter.name)


def _kind_of_name(here: Here, value: AtRun | Variable) -> Kind | None:
    if isinstance(value, AtRun):
        return next((one.kind for one in here.whole.interface.inputs if one.name == value.name), None)
    return here.scope.sure.get(value.name)


def _check_limits(here: Here, parameters: tuple[Parameter, ...]) -> Iterator[Finding]:
    step, limits = here.step, here.whole.limits
    if limits is None or not isinstance(step, Action | SetProperty | CallBlock):
        return
    constants = sound_constants(step, parameters)
    wanted = {name for name, _ in values_of(step)}
    relevant = [one for one in parameters if one.name in constants or one.name not in wanted]
    target = "blocks" if isinstance(step, CallBlock) else step.instrument
    member = step.block if isinstance(step, CallBlock) else step.method if isinstance(step, Action) else f"{step.property}{SETTER}"
    for problem in limits.check(target, member, constants, relevant):
        yield here.error("limit", problem.message, problem.field)


def sound_constants(step: Step, parameters: Iterable[Parameter]) -> dict[str, Plain]:
    """Return the constant arguments of `step` that fit their parameters, converted."""
    given = dict(values_of(step))
    found: dict[str, Plain] = {}
    for one in parameters:
        value = given.get(one.name)
        if isinstance(value, Constant):
            with suppress(ConversionError):  # reported where the value is checked
                found[one.name] = from_value(kind_as_given(one), value.value, unit=one.unit)
    return found


def _check_outputs(here: Here) -> Iterator[Finding]:
    step = here.step
    method = here.whole.deck.method(step)
    outputs: tuple[str, ...] = getattr(step, "outputs", ())
    if method is None or not any(outputs):
        return
    if method.returns.nothing:
        yield here.warning("no-result", f"{method.name} gives nothing back; the name would hold None", "outputs")
    items = method.returns.items
    if len(outputs) > 1 and items and len(items) != len(outputs):
        yield here.error("wrong-outputs", f"{method.name} gives {len(items)} values, and there are {len(outputs)} names", "outputs")


def _check_references(here: Here, field: str, value: Value) -> Iterator[Finding]:
    if not isinstance(value, Constant):
        return
    for reference in references_in(value.value):
        try:
            root = parse_reference(reference.text, field=field).name
        except ProblemsError as error:
            yield here.error("bad-reference", error.problems[0].message, field)
            continue
        roots = {path.partition(".")[0].partition("[")[0] for path in here.whole.deck.instruments}
        if here.whole.deck.known and root not in roots:
            near = closest(root, roots)
            words = f"; did you mean {near}?" if near else ""
            yield here.warning("unknown-reference", f"the deck has no {root}, which must exist when the step is reached{words}", field)
