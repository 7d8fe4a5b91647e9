"""What does the step form show?  Everything about one step, ready to be drawn; twin of ``labextension/src/builder/form-model.ts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.schema import SETTER, describe
from ivoryos_jupyter.widgets._forms import field_json
from ivoryos_jupyter.widgets._given import form_of
from ivoryos_jupyter.widgets.builders._rows import PlainRow, conditions, plain_rows
from ivoryos_jupyter.widgets.builders._slots import Callers, parameters_of_step
from ivoryos_jupyter.widgets.builders._step_text import call_text, title_of
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    CallBlock,
    CallWorkflow,
    Comment,
    Constant,
    DeckIndex,
    Expression,
    GetProperty,
    SetProperty,
    SetVariable,
    Variable,
    WaitFor,
    interface,
    names_in_scope,
    names_made,
    slots,
    values_of,
    visit_of,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema import DeckSchema, Limits, Live, Method, Parameter
    from ivoryos_jupyter.widgets._shapes import FieldJson, Given
    from ivoryos_jupyter.workflow import Step, Value, Workflow


class ValueRow(TypedDict):
    """One value of a step."""

    field: FieldJson
    choice: str
    choices: list[str]
    given: Given | None
    text: str
    consolidate: bool | None


class NameRow(TypedDict):
    """A name that exists at this point."""

    name: str
    type: str
    at_run: bool
    made_by: str


class Outputs(TypedDict):
    """The names of the results."""

    names: list[str]
    labels: list[str]
    hint: str


class LimitPlace(TypedDict):
    """Whose limits the values of a step have."""

    target: str
    member: str
    operation: str


class StepForm(TypedDict):
    """All about one step."""

    step: str
    title: str
    summary: str
    doc: str
    note: str
    values: list[ValueRow]
    rows: list[PlainRow]
    conditions: list[str]
    names: list[NameRow]
    outputs: Outputs | None
    options: dict[str, bool]
    limits: LimitPlace | None
    """None where no limit can be set."""
    usual: str
    call: str


def step_form(
    workflow: Workflow,
    step_id: str,
    schema: DeckSchema,
    limits: Limits,
    candidates: Callable[[Live], list[str]],
    usual: Callable[[Step], str],
) -> StepForm:
    """Return the form of one step."""
    visit = visit_of(workflow, step_id)
    step, index = visit.step, DeckIndex(schema)
    method, one = index.method(step), index.property(step)
    described = method or one
    return {
        "step": step_id,
        "title": title_of(step),
        "summary": described.summary if described else "",
        "doc": described.doc if described else "",
        "note": _missing_note(step, index) or (described.note if described else ""),
        "values": _value_rows(workflow, step, visit.place.phase, schema, limits, candidates),
        "rows": plain_rows(step, schema),
        "conditions": conditions(step),
        "names": names_at(workflow, step_id, schema),
        "outputs": _outputs(workflow, step, method, schema),
        "options": {
            "timeout": not slots(step) and not isinstance(step, Comment | SetVariable | CallWorkflow),
            "batch": isinstance(step, Callers),
            "on_error": not isinstance(step, Comment),
        },
        "limits": _limit_place(step, index),
        "usual": usual(step),
        "call": call_text(step, one),
    }


def _missing_note(step: Step, index: DeckIndex) -> str:
    if not isinstance(step, Action | GetProperty | SetProperty) or not index.known:
        return ""
    if step.instrument not in index.instruments:
        return f"There is no instrument {step.instrument!r} in this notebook; the step is kept as it is."
    return ""


def _value_rows(
    workflow: Workflow, step: Step, phase: str, schema: DeckSchema, limits: Limits, candidates: Callable[[Live], list[str]]
) -> list[ValueRow]:
    parameters = parameters_of_step(workflow, step, schema)
    values = dict(values_of(step))
    target, method = _limited(step)
    given = form_of(parameters, {name: value.value for name, value in values.items() if isinstance(value, Constant)})
    gathered = getattr(step, "consolidate", None)
    rows: list[ValueRow] = []
    for one in parameters:
        value = values.get(one.name)
        unset = isinstance(value, Constant) and value.value is None and not isinstance(step, Callers)
        rows.append(
            {
                "field": field_json(one, candidates, limits.of(target, method, one.name)),
                "choice": _choice(one, value),
                "choices": _choices(one, value, phase),
                "given": None if unset else given.get(one.name),
                "text": _text(value),
                "consolidate": None if gathered is None else one.name in gathered,
            }
        )
    return rows


def _limit_place(step: Step, index: DeckIndex) -> LimitPlace | None:
    """Return where a limit of this step's values belongs; None for what is not on the deck, or is no call of it."""
    if index.method(step) is None and index.property(step) is None:
        return None
    if isinstance(step, Action):
        return {"target": step.instrument, "member": step.method, "operation": "call"}
    if isinstance(step, SetProperty):
        return {"target": step.instrument, "member": step.property, "operation": "set"}
    return {"target": "blocks", "member": step.block, "operation": "call"} if isinstance(step, CallBlock) else None


def _limited(step: Step) -> tuple[str, str]:
    """Return target and method, as limits call them."""
    if isinstance(step, Action):
        return step.instrument, step.method
    if isinstance(step, SetProperty):
        return step.instrument, step.property + SETTER
    return ("blocks", step.block) if isinstance(step, CallBlock) else ("", "")


def _choice(parameter: Parameter, value: Value | None) -> str:
    if value is not None:
        return value.tag
    return "value" if parameter.required else "default"


def _choices(parameter: Parameter, value: Value | None, phase: str) -> list[str]:
    """Return the visible choices; a run-time parameter belongs to the script, which is repeated for each row."""
    at_run = [AtRun.tag] if phase == "script" or isinstance(value, AtRun) else []
    default = [] if parameter.required else ["default"]
    return [*default, Constant.tag, *at_run, Variable.tag, Expression.tag]


def _text(value: Value | None) -> str:
    match value:
        case AtRun(name) | Variable(name):
            return name
        case Expression(text):
            return text
    return ""


def names_at(workflow: Workflow, step_id: str, schema: DeckSchema) -> list[NameRow]:
    """Return the names that may be used in a step: run-time parameters, then what earlier steps made."""
    phase = visit_of(workflow, step_id).place.phase
    scope = names_in_scope(workflow, schema)[step_id]
    makers = {name: title_of(visit.step) for visit in walk(workflow) for name in names_made(visit.step)}
    inputs = interface(workflow, schema).inputs if phase == "script" else ()
    at_run: list[NameRow] = [{"name": one.name, "type": describe(one.kind), "at_run": True, "made_by": "at run"} for one in inputs]
    sure: list[NameRow] = [
        {"name": name, "type": describe(kind), "at_run": False, "made_by": makers.get(name, "")} for name, kind in scope.sure.items()
    ]
    maybe: list[NameRow] = [
        {"name": name, "type": f"{describe(kind)}, if it was made", "at_run": False, "made_by": makers.get(name, "")}
        for name, kind in scope.maybe.items()
    ]
    return at_run + sure + maybe


def _outputs(workflow: Workflow, step: Step, method: Method | None, schema: DeckSchema) -> Outputs | None:
    if isinstance(step, CallWorkflow):
        return _callee_outputs(workflow, step, schema)
    if not isinstance(step, Action | CallBlock | GetProperty | WaitFor):
        return None
    names = list(step.outputs)
    if method is None:
        return {"names": names or [""], "labels": [""] * max(1, len(names)), "hint": "name the value"}
    returns = method.returns
    if returns.nothing:
        return {"names": names or [""], "labels": [""] * max(1, len(names)), "hint": "no result (None)"}
    labels = [describe(kind) for kind in returns.items] if len(returns.items) > 1 else [describe(returns.kind)]
    if len(names) == 1 and len(labels) > 1:
        labels = ["all of it", *labels[1:]]
    names += [""] * (len(labels) - len(names))
    hint = f"a name, in {returns.unit}" if returns.unit else "a name"
    return {"names": names, "labels": labels + [""] * (len(names) - len(labels)), "hint": hint}


def _callee_outputs(workflow: Workflow, step: CallWorkflow, schema: DeckSchema) -> Outputs:
    callee = workflow.nested.get(step.version)
    inside = [one.name for one in interface(callee, schema).outputs] if callee else list(step.outputs)
    return {"names": [step.outputs.get(name, "") for name in inside], "labels": inside, "hint": "a name here"}
