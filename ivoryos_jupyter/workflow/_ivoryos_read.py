"""What does a workflow of IvoryOS 1.7 mean?  Flat rows with markers become a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.schema import SETTER
from ivoryos_jupyter.workflow import _model as model
from ivoryos_jupyter.workflow._ivoryos_values import annotation_of, math_value, value_of, variable_value
from ivoryos_jupyter.workflow._json import content_hash
from ivoryos_jupyter.workflow._lookup import ANSWERS, DeckIndex
from ivoryos_jupyter.workflow._tree import walk
from ivoryos_jupyter.workflow._values import names_made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ivoryos_jupyter.schema import DeckSchema

    Row = Mapping[str, object]

BLOCKS = {"if": "endif", "repeat": "endrepeat", "while": "endwhile"}
"""Marker that opens a block -> marker that closes it."""
DEEPEST = 60


def from_ivoryos(document: Mapping[str, object], schema: DeckSchema | None = None) -> model.Workflow:
    """Return the workflow that a document of IvoryOS 1.7 describes.

    Parameters
    ----------
    document
        What Export writes, or a row of the table ``script`` with its JSON columns read. Missing keys are tolerated.
    schema
        The deck; with it, reading a property is told from calling a method.

    Raises
    ------
    WorkflowError
        With every row that makes no sense: markers that do not pair, or rows that are no steps.
    """
    rows = document.get("script_dict")
    lists = rows if isinstance(rows, dict) else {}
    reader = _Reader(DeckIndex(schema), _names_in(lists))
    phases = {phase: reader.read(lists.get(phase) or [], phase) for phase in model.PHASES}
    if reader.problems:
        raise WorkflowError(reader.problems, f"The workflow {document.get('name')!r} cannot be read.")
    return model.Workflow(
        name=_text(document.get("name")) or "untitled",
        deck=_text(document.get("deck")),
        parameters=reader.parameters,
        description=_text(document.get("description")),
        author=_text(document.get("author")),
        finalized=document.get("status") == "finalized",
        registered=bool(document.get("registered")),
        uuid=cast("str | None", document.get("uuid") or None),
        nested=reader.nested,
        **phases,
    )


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _names_in(lists: Mapping[str, object]) -> frozenset[str]:
    """Return every name that a row makes, those of embedded workflows too."""
    found: set[str] = set()
    for rows in lists.values():
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                found.update(_returned(row))
                if row.get("instrument") in {"variable", "math_variable", "input"}:
                    found.add(_text(row.get("action")))
                found |= _names_in({"": row.get("workflow")})
    return frozenset(found - {""})


def _returned(row: Row) -> tuple[str, ...]:
    given = row.get("return")
    if isinstance(given, list):
        names = tuple(_text(name) for name in given)
        return names if any(names) else ()
    return (given,) if isinstance(given, str) and given else ()


@dataclass
class _Open:
    """A block whose end has not come yet."""

    row: Row
    place: str
    parts: list[list[model.Step]] = field(default_factory=lambda: [[]])

    @property
    def kind(self) -> str:
        return str(self.row.get("action"))


class _Reader:
    """Reads the lists of one workflow; problems are collected."""

    def __init__(self, deck: DeckIndex, made: frozenset[str], depth: int = 0) -> None:
        self.deck = deck
        self.made = made
        self.depth = depth
        self.problems: list[Problem] = []
        self.parameters: dict[str, str] = {}
        self.nested: dict[str, model.Workflow] = {}
        self._ids: set[str] = set()

    def read(self, rows: object, phase: str) -> tuple[model.Step, ...]:
        """Return the steps of one list."""
        top: list[model.Step] = []
        blocks: list[_Open] = []
        for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
            place = f"{phase}, row {number}"
            if not isinstance(row, dict):
                self._report(place, "is no step", row)
            elif row.get("action") in BLOCKS and row.get("instrument") == row.get("action"):
                blocks.append(_Open(row, place))
            elif row.get("instrument") in BLOCKS:
                self._mark(row, place, blocks, top)
            else:
                self._append(self._step(row, place), blocks, top)
        for block in blocks:
            self._report(block.place, f"this {block.kind} is never closed", block.kind)
        return tuple(top)

    def _report(self, place: str, message: str, value: object) -> None:
        self.problems.append(Problem(place, message, str(value)[:100]))

    @staticmethod
    def _append(step: model.Step | None, blocks: list[_Open], top: list[model.Step]) -> None:
        if step is not None:
            (blocks[-1].parts[-1] if blocks else top).append(step)

    def _mark(self, row: Row, place: str, blocks: list[_Open], top: list[model.Step]) -> None:
        """Take an ``else`` or the end of a block."""
        action = str(row.get("action"))
        block = blocks[-1] if blocks else None
        if block is None or row.get("instrument") != block.kind or row.get("uuid") != block.row.get("uuid"):
            self._report(place, f"{action} does not belong to the block it stands in; blocks must lie in each other", action)
        elif action == "else" and block.kind == "if" and len(block.parts) == 1:
            block.parts.append([])
        elif action == BLOCKS[block.kind]:
            blocks.pop()
            self._append(self._block(block), blocks, top)
        else:
            self._report(place, f"{action} cannot stand here", action)

    def _common(self, row: Row, place: str) -> dict[str, object]:
        """Return the fields that every step has; a uuid that was used already gives an id with a number."""
        raw = row.get("uuid")
        uuid = raw if isinstance(raw, int) and not isinstance(raw, bool) else None
        base = f"u{uuid}" if uuid is not None else place.replace(", row ", "-")
        step_id, number = base, 1
        while step_id in self._ids:
            number += 1
            step_id = f"{base}-{number}"
        self._ids.add(step_id)
        return {"id": step_id, "uuid": uuid, "disabled": row.get("disabled") is True, "once_per_batch": row.get("batch_action") is True}

    def _block(self, block: _Open) -> model.Step:
        common = cast("dict[str, str]", self._common(block.row, block.place))  # mypy wants one type for all fields
        statement = _statement(block.row)
        body = tuple(block.parts[0])
        if block.kind == "repeat":
            return model.Repeat(times=self._value("", _as_number(statement), block.row, "statement"), body=body, **common)  # type: ignore[arg-type]
        if block.kind == "while":
            return model.While(condition=str(statement), body=body, **common)  # type: ignore[arg-type]
        otherwise = tuple(block.parts[1]) if len(block.parts) > 1 else ()
        return model.If(branches=(model.Branch(str(statement), body),), otherwise=otherwise, **common)  # type: ignore[arg-type]

    def _value(self, name: str, raw: object, row: Row, key: str) -> model.Value:
        """Return the value of an argument, and note the type of a run-time parameter."""
        value = value_of(raw, self.made)
        types = row.get("arg_types")
        declared = annotation_of(types.get(name or key)) if isinstance(types, dict) else ""
        if isinstance(value, model.AtRun) and declared:
            self.parameters.setdefault(value.name, declared)
        return value

    def _step(self, row: Row, place: str) -> model.Step | None:
        instrument, action = row.get("instrument"), row.get("action")
        if not isinstance(instrument, str) or not isinstance(action, str) or not instrument or not action:
            self._report(place, "has no instrument or no action", instrument)
            return None
        common = self._common(row, place)
        make = _KINDS.get(instrument)
        if make is not None:
            return make(self, row, common)
        return self._call(row, instrument, action, common)

    def _call(self, row: Row, instrument: str, action: str, common: dict[str, object]) -> model.Step:
        given = {name: self._value(name, raw, row, name) for name, raw in _arguments(row).items()}
        named = row.get("consolidate_batch_args")
        gathered = tuple(name for name in named if isinstance(name, str)) if isinstance(named, list) else ()
        outputs = _returned(row)
        if instrument.startswith("blocks."):
            return model.CallBlock(block=action, arguments=given, consolidate=gathered, outputs=outputs, **common)  # type: ignore[arg-type]
        path = instrument.removeprefix("deck.")
        if action.endswith(SETTER):
            value = next(iter(given.values()), model.Constant(None))
            return model.SetProperty(instrument=path, property=action.removesuffix(SETTER), value=value, **common)  # type: ignore[arg-type]
        get = model.GetProperty(instrument=path, property=action, outputs=outputs, **common)  # type: ignore[arg-type]
        if self.deck.property(get) is not None:
            return get
        return model.Action(instrument=path, method=action, arguments=given, consolidate=gathered, outputs=outputs, **common)  # type: ignore[arg-type]

    def nested_call(self, row: Row, common: dict[str, object]) -> model.Step:
        """Return the call of an embedded workflow; what it saves goes to the caller under the same names."""
        rows = row.get("workflow")
        inner = _Reader(self.deck, _names_in({"": rows}), self.depth + 1)
        if self.depth >= DEEPEST:
            self._report(str(common["id"]), f"workflows lie in each other more than {DEEPEST} deep", "")
            rows = []
        steps = inner.read(rows, "script")
        self.problems += [Problem(f"{row.get('action')}: {one.field}", one.message, one.value) for one in inner.problems]
        callee = model.Workflow(name=str(row.get("action")), script=steps, parameters=inner.parameters, nested=inner.nested)
        version = content_hash(callee)
        self.nested[version] = callee
        made = dict.fromkeys(
            name for visit in walk(callee, "script") for name in names_made(visit.step) if not isinstance(visit.step, model.ForEach)
        )
        given = {name: self._value(name, raw, row, name) for name, raw in _arguments(row).items()}
        outputs = {name: name for name in made}
        return model.CallWorkflow(workflow=callee.name, version=version, arguments=given, outputs=outputs, **common)  # type: ignore[arg-type]


def _arguments(row: Row) -> dict[str, object]:
    """Return the arguments by name; the old form, a bare value, belongs to the only parameter."""
    args = row.get("args")
    if isinstance(args, dict):
        return {str(name): raw for name, raw in args.items()}
    types = row.get("arg_types")
    names: Iterable[object] = row.get("arg_order") or (types if isinstance(types, dict) else ())  # type: ignore[assignment]
    only = [str(name) for name in names]
    return {only[0]: args} if args not in (None, "") and len(only) == 1 else {}


def _statement(row: Row) -> object:
    args = row.get("args")
    return args.get("statement", "") if isinstance(args, dict) else args


def _statement_type(row: Row) -> str:
    types = row.get("arg_types")
    return _text(types.get("statement")) if isinstance(types, dict) else _text(types)


def _as_number(raw: object) -> object:
    """Return the number that `raw` is, also where it was kept as text."""
    if isinstance(raw, str):
        try:
            return int(raw) if raw.strip().lstrip("+-").isdigit() else float(raw)
        except ValueError:
            return raw
    return raw


def _variable(reader: _Reader, row: Row, common: dict[str, object]) -> model.Step:
    value = variable_value(_statement(row), _statement_type(row), reader.made)
    return model.SetVariable(name=str(row.get("action")), value=value, **common)  # type: ignore[arg-type]


def _math(_reader: _Reader, row: Row, common: dict[str, object]) -> model.Step:
    return model.SetVariable(name=str(row.get("action")), value=math_value(_statement(row), _statement_type(row)), **common)  # type: ignore[arg-type]


def _input(_reader: _Reader, row: Row, common: dict[str, object]) -> model.Step:
    kind = _statement_type(row)
    return model.Input(message=_text(_statement(row)), name=str(row.get("action")), type=kind if kind in ANSWERS else "str", **common)  # type: ignore[arg-type]


def _wait(reader: _Reader, row: Row, common: dict[str, object]) -> model.Step:
    return model.Wait(seconds=value_of(_as_number(_statement(row)), reader.made), **common)  # type: ignore[arg-type]


def _pause(_reader: _Reader, row: Row, common: dict[str, object]) -> model.Step:
    return model.Pause(message=_text(_statement(row)), **common)  # type: ignore[arg-type]


def _comment(_reader: _Reader, row: Row, common: dict[str, object]) -> model.Step:
    return model.Comment(text=_text(_statement(row)), **common)  # type: ignore[arg-type]


_KINDS: Mapping[str, Callable[[_Reader, Row, dict[str, object]], model.Step]] = {
    "variable": _variable,
    "math_variable": _math,
    "input": _input,
    "wait": _wait,
    "pause": _pause,
    "comment": _comment,
    "workflows": _Reader.nested_call,
}
