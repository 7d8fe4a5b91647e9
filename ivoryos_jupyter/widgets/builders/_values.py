"""How does what was put into a step's form become its value?  The edits that need to know the deck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.widgets._given import read_form
from ivoryos_jupyter.widgets.builders._edits import Edited
from ivoryos_jupyter.widgets.builders._slots import parameters_of_step, value_from, with_outputs, with_value
from ivoryos_jupyter.workflow import Action, CallBlock, CallWorkflow, Constant, find, interface, replace_step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Step, Value, Workflow

    Params = Mapping[str, object]
    Intent = Callable[[Workflow, Params, DeckSchema], Edited]


def edited_value(workflow: Workflow, params: Params, schema: DeckSchema) -> Edited | None:
    """Do the edit when it is one of those that need the deck, else return None."""
    intent = _INTENTS.get(str(params.get("intent", "")))
    return intent(workflow, params, schema) if intent else None


def _value(workflow: Workflow, params: Params, schema: DeckSchema) -> Edited:
    step, name = find(workflow, str(params.get("id", ""))), str(params.get("field", ""))
    value = _read(workflow, step, name, params, schema)
    changed = replace_step(workflow, with_value(step, name, value))
    return Edited(changed, f"Change {name}", (), f"{step.id}:{name}:{params.get('choice')}")


def _read(workflow: Workflow, step: Step, name: str, params: Params, schema: DeckSchema) -> Value | None:
    choice = str(params.get("choice", ""))
    if choice == "default":
        return None
    if choice != Constant.tag:
        try:
            return value_from(choice, str(params.get("text", "")))
        except WorkflowError as error:
            raise WorkflowError([replace(one, field=name) for one in error.problems]) from None
    given = params.get("given")
    if given is None:
        return None
    parameters = [one for one in parameters_of_step(workflow, step, schema) if one.name == name]
    if not parameters:
        raise WorkflowError([Problem(name, "the step takes no argument of this name", name)])
    read = read_form(parameters, {name: given})
    if read.problems:
        raise WorkflowError(read.problems)
    return Constant(read.arguments[name])


def _outputs(workflow: Workflow, params: Params, schema: DeckSchema) -> Edited:
    step, names = find(workflow, str(params.get("id", ""))), params.get("names")
    if not isinstance(names, list):
        raise WorkflowError([Problem("outputs", "must be a list of names", str(names))])
    inside: tuple[str, ...] = ()
    if isinstance(step, CallWorkflow):
        callee = workflow.nested.get(step.version)
        inside = tuple(one.name for one in interface(callee, schema).outputs) if callee else tuple(step.outputs)
    changed = replace_step(workflow, with_outputs(step, [str(name).strip() for name in names], inside))
    return Edited(changed, "Name results", (), f"{step.id}:outputs")


def _consolidate(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    step, name = find(workflow, str(params.get("id", ""))), str(params.get("field", ""))
    if not isinstance(step, Action | CallBlock):
        raise WorkflowError([Problem(name, f"a {step.tag} step gathers nothing", name)])
    others = tuple(one for one in step.consolidate if one != name)
    gathered = (*others, name) if params.get("on") else others
    return Edited(replace_step(workflow, replace(step, consolidate=gathered)), f"Gather {name}")


_INTENTS: Mapping[str, Intent] = {"value": _value, "outputs": _outputs, "consolidate": _consolidate}
