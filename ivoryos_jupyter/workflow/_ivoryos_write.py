"""How does IvoryOS 1.7 say a workflow, and what can it not say?  A tree becomes flat rows with markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import SETTER, LiveReference, plain_to_json
from ivoryos_jupyter.workflow import _model as model
from ivoryos_jupyter.workflow._interface import interface_in
from ivoryos_jupyter.workflow._ivoryos_types import return_format, type_name, uuid_of
from ivoryos_jupyter.workflow._lookup import DeckIndex
from ivoryos_jupyter.workflow._sentence import sentence
from ivoryos_jupyter.workflow._tree import phase_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ivoryos_jupyter.schema import DeckSchema, Plain

    Row = dict[str, object]

_ROUNDS = model.While(id="", condition="").most


def to_ivoryos(workflow: model.Workflow, schema: DeckSchema | None = None) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return `workflow` as a document of IvoryOS 1.7, and in words what that document cannot say.

    A step that IvoryOS does not have stands there as a comment, and what lies in it is disabled, so that the rows keep
    their numbers and nothing runs that should not.
    """
    writer = _Writer(workflow, DeckIndex(schema))
    rows = {phase: writer.rows(phase_of(workflow, phase)) for phase in model.PHASES}
    for listed in rows.values():
        for number, row in enumerate(listed, 1):
            row["id"] = number
    document: dict[str, object] = {
        "name": workflow.name,
        "deck": workflow.deck,
        "status": "finalized" if workflow.finalized else "editing",
        "script_dict": rows,
        "editing_type": "script",
        "author": workflow.author,
        "python_script": None,
        "description": workflow.description,
        "registered": workflow.registered,
        "return_values": [one.name for one in interface_in(workflow, writer.deck).outputs],
        "uuid": workflow.uuid,
    }
    return document, tuple(dict.fromkeys(writer.notes))


class _Writer:
    """Writes the lists of one workflow; what cannot be said is noted."""

    def __init__(self, workflow: model.Workflow, deck: DeckIndex, prefix: str = "") -> None:
        self.workflow = workflow
        self.deck = deck
        self.prefix = prefix
        self.notes: list[str] = []
        face = interface_in(workflow, deck)
        self.types: dict[str, object] = {one.name: type_name(one.kind) for one in face.inputs}

    def note(self, step: model.Step, what: str) -> None:
        """Keep in words what is lost of `step`."""
        self.notes.append(f"{self.prefix}{sentence(step)}: {what}")

    def rows(self, steps: Iterable[model.Step]) -> list[Row]:
        """Return the rows of `steps`."""
        return [row for step in steps for row in self._step(step)]

    def _step(self, step: model.Step) -> list[Row]:
        rows = _WRITERS[type(step)](self, step)
        if step.disabled:
            rows[0]["disabled"] = True
        if step.once_per_batch:
            rows[0]["batch_action"] = True
        for what, given in (
            ("its note", step.note),
            ("its time-out", step.timeout_s and not isinstance(step, model.WaitFor)),
            ("what to do on an error", step.on_error != model.OnError()),
        ):
            if given:
                self.note(step, f"{what} is left out")
        return rows

    def value(self, step: model.Step, value: model.Value) -> object:
        """Return a value as IvoryOS keeps it."""
        if isinstance(value, model.AtRun | model.Variable):
            return f"#{value.name}"
        if isinstance(value, model.Expression):
            self.note(step, f"the formula {value.text} cannot stand in an argument")
            return None
        if _has_reference(value.value):
            self.note(step, "a reference to a live object cannot be given")
        if isinstance(value.value, str) and value.value.startswith("#"):
            self.note(step, f"the text {value.value} would be taken for a name")
        return plain_to_json(value.value)

    def arguments(self, step: model.Step, given: Mapping[str, model.Value]) -> tuple[Row, Row]:
        """Return arguments and their types."""
        values = {name: self.value(step, value) for name, value in given.items()}
        types: Row = {}
        for name, value in given.items():
            parameter = self.deck.parameter(step, name)
            types[name] = type_name(parameter.kind) if parameter else self._type_of(value)
        return values, types

    def _type_of(self, value: model.Value) -> object:
        if isinstance(value, model.Constant):
            return type(value.value).__name__ if isinstance(value.value, bool | int | float | str | list | dict) else ""
        return self.types.get(value.name, "") if isinstance(value, model.AtRun) else ""

    def flow(self, step: model.Step, instrument: str, action: str, statement: object, kind: str) -> Row:
        """Return a row that holds one statement."""
        return {
            "instrument": instrument,
            "action": action,
            "args": {"statement": statement},
            "return": "",
            "uuid": uuid_of(step),
            "arg_types": {"statement": kind},
        }


def _has_reference(plain: Plain) -> bool:
    if isinstance(plain, list):
        return any(map(_has_reference, plain))
    if isinstance(plain, dict):
        return any(map(_has_reference, plain.values()))
    return isinstance(plain, LiveReference)


def _returned(outputs: tuple[str, ...]) -> object:
    return list(outputs) if len(outputs) > 1 else outputs[0] if outputs else ""


def _device_row(writer: _Writer, step: model.Step, instrument: str, action: str, given: Mapping[str, model.Value]) -> Row:
    values, types = writer.arguments(step, given)
    method = writer.deck.method(step)
    parameters = writer.deck.parameters(step)
    return {
        "instrument": instrument,
        "action": action,
        "args": values,
        "return": _returned(getattr(step, "outputs", ())),
        "arg_types": types,
        "coroutine": bool(method and method.coroutine),
        "batch_action": False,
        "consolidate_batch_args": list(getattr(step, "consolidate", ())),
        "arg_order": [one.name for one in parameters] if parameters is not None else list(values),
        "return_format": return_format(method),
        "uuid": uuid_of(step),
    }


def _action(writer: _Writer, step: model.Action) -> list[Row]:
    return [_device_row(writer, step, f"deck.{step.instrument}", step.method, step.arguments)]


def _block(writer: _Writer, step: model.CallBlock) -> list[Row]:
    block = writer.deck.blocks.get(step.block)
    return [_device_row(writer, step, f"blocks.{block.category if block else 'blocks'}", step.block, step.arguments)]


def _get(writer: _Writer, step: model.GetProperty) -> list[Row]:
    return [_device_row(writer, step, f"deck.{step.instrument}", step.property, {})]


def _set(writer: _Writer, step: model.SetProperty) -> list[Row]:
    return [_device_row(writer, step, f"deck.{step.instrument}", f"{step.property}{SETTER}", {"value": step.value})]


def _nested(writer: _Writer, step: model.CallWorkflow) -> list[Row]:
    callee = writer.workflow.nested.get(step.version)
    if callee is None:
        writer.note(step, "the pinned version is not there")
        return _instead(writer, step)
    if any(inside != outside for inside, outside in step.outputs.items()):
        writer.note(step, "its outputs keep the names they have inside")
    inner = _Writer(callee, writer.deck, f"in {callee.name}: ")
    rows = inner.rows(callee.script)
    for number, row in enumerate(rows, 1):
        row["id"] = number
    writer.notes += inner.notes
    values, _ = writer.arguments(step, step.arguments)
    types = {name: inner.types.get(name, "") for name in step.arguments}
    return [
        {
            "instrument": "workflows",
            "action": step.workflow or "untitled",
            "args": values,
            "return": "",
            "batch_action": False,
            "consolidate_batch_args": [],
            "arg_types": types,
            "workflow": rows,
            "uuid": uuid_of(step),
        }
    ]


def _end(step: model.Step, kind: str, action: str) -> Row:
    return {"instrument": kind, "action": action, "args": {}, "return": "", "uuid": uuid_of(step)}


def _if(writer: _Writer, step: model.If) -> list[Row]:
    """Write an elif as an if within the else."""
    rows: list[Row] = []
    ends: list[Row] = []
    if not step.branches:
        return _missing(writer, step)
    for number, branch in enumerate(step.branches):
        row = {**writer.flow(step, "if", "if", branch.condition, ""), "uuid": uuid_of(step) + number}
        mark = {"instrument": "if", "args": {}, "return": "", "uuid": row["uuid"]}
        rows += [row, *writer.rows(branch.body), {**mark, "action": "else"}]
        ends.append({**mark, "action": "endif"})
    return [*rows, *writer.rows(step.otherwise), *reversed(ends)]


def _while(writer: _Writer, step: model.While) -> list[Row]:
    if step.most != _ROUNDS:
        writer.note(step, f"that it runs at most {step.most} times is left out")
    return [writer.flow(step, "while", "while", step.condition, ""), *writer.rows(step.body), _end(step, "while", "endwhile")]


def _repeat(writer: _Writer, step: model.Repeat) -> list[Row]:
    row = writer.flow(step, "repeat", "repeat", writer.value(step, step.times), "int")
    return [row, *writer.rows(step.body), _end(step, "repeat", "endrepeat")]


def _for_each(writer: _Writer, step: model.ForEach) -> list[Row]:
    writer.note(step, "IvoryOS has no loop over a list; its steps are there, disabled")
    body = [{**row, "disabled": True} for row in writer.rows(step.body)]
    end = writer.flow(step, "comment", "comment", f"end of: {sentence(step)}", "str")
    return [*_instead(writer, step), *body, {**end, "uuid": uuid_of(step) + 1}]


def _wait(writer: _Writer, step: model.Wait) -> list[Row]:
    if step.keep_counting:
        writer.note(step, "that it goes on while paused is left out")
    return [writer.flow(step, "wait", "wait", writer.value(step, step.seconds), "float")]


def _missing(writer: _Writer, step: model.Step) -> list[Row]:
    writer.note(step, "IvoryOS has no such step")
    return _instead(writer, step)


def _instead(writer: _Writer, step: model.Step) -> list[Row]:
    """Return a comment that stands for what cannot be said."""
    return [writer.flow(step, "comment", "comment", f"only in ivoryos_jupyter: {sentence(step)}".replace("#", "＃"), "str")]


def _comment(writer: _Writer, step: model.Comment) -> list[Row]:
    return [writer.flow(step, "comment", "comment", step.text, "str")]


def _pause(writer: _Writer, step: model.Pause) -> list[Row]:
    return [writer.flow(step, "pause", "pause", step.message, "str")]


def _input(writer: _Writer, step: model.Input) -> list[Row]:
    if step.choices:
        writer.note(step, "the choices are left out")
    if (step.unit, step.minimum, step.maximum, step.default) != ("", None, None, None):
        writer.note(step, "unit, bounds and default of the answer are left out")
    return [{**writer.flow(step, "input", step.name, step.message, step.type), "return": step.name}]


def _variable(writer: _Writer, step: model.SetVariable) -> list[Row]:
    if isinstance(step.value, model.Expression):
        text = step.value.text
        whole = text.startswith("int(") and text.endswith(")") and text.count("(") == 1
        return [writer.flow(step, "math_variable", step.name, text[4:-1] if whole else text, "int" if whole else "float")]
    plain = step.value.value if isinstance(step.value, model.Constant) else None
    if isinstance(plain, list | dict) or (isinstance(step.value, model.Constant) and plain is None):
        writer.note(step, "IvoryOS keeps only numbers, texts and True or False in a variable")
    kind = type(plain).__name__ if isinstance(plain, bool | int | float | str) else "str"
    return [writer.flow(step, "variable", step.name, writer.value(step, step.value), kind)]


_WRITERS: Mapping[type[model.Step], Callable[..., list[Row]]] = {
    model.Action: _action,
    model.CallBlock: _block,
    model.GetProperty: _get,
    model.SetProperty: _set,
    model.CallWorkflow: _nested,
    model.If: _if,
    model.While: _while,
    model.Repeat: _repeat,
    model.ForEach: _for_each,
    model.Wait: _wait,
    model.WaitUntil: _missing,
    model.WaitFor: _missing,
    model.Comment: _comment,
    model.Pause: _pause,
    model.Input: _input,
    model.SetVariable: _variable,
}
