"""How is one call written in Python?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._expressions import formula
from ivoryos_jupyter.codegen._literals import literal
from ivoryos_jupyter.errors import ConversionError, Problem, WorkflowError
from ivoryos_jupyter.schema import Anything, EnumChoice, Nullable, Parameter, from_value, kind_as_given
from ivoryos_jupyter.workflow import Action, AtRun, CallBlock, Constant, Expression, Variable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.codegen._module import Module
    from ivoryos_jupyter.schema import Kind
    from ivoryos_jupyter.workflow import Step, Value


def value_source(value: Value, parameter: Parameter | None, module: Module) -> str:
    """Return the source of an argument, converted for the parameter that takes it."""
    kind = kind_as_given(parameter) if parameter else Anything()
    match value:
        case Constant(plain):
            field = parameter.name if parameter else "value"
            return literal(from_value(kind, plain, field=field, unit=parameter.unit if parameter else ""), kind, module)
        case AtRun(name) | Variable(name):
            return _converted(name, kind, module)
        case Expression(text):
            return _converted(formula(text, module), kind, module)


def _converted(source: str, kind: Kind, module: Module) -> str:
    inner = kind.kind if isinstance(kind, Nullable) else kind
    if isinstance(inner, EnumChoice):
        return f"{module.helper('members' if inner.combines else 'member')}({module.class_named(inner.type_name)}, {source})"
    return source


def call_source(step: Action | CallBlock, parameters: Sequence[Parameter] | None, module: Module) -> str:
    """Return the source of a method's or a block's call, each argument passed as its signature asks."""
    target = f"{step.instrument}.{step.method}" if isinstance(step, Action) else step.block
    known = {one.name: one for one in parameters or ()}
    try:
        sources = {name: _argument(step, name, value, known.get(name), module) for name, value in step.arguments.items()}
        ordered = dict.fromkeys(name for name in (*known, *step.arguments) if name in sources)
        parts = _parts(step, known, {name: sources[name] for name in ordered})
    except ConversionError as error:
        raise impossible(step, "; ".join(map(str, error.problems))) from error
    return f"{target}({', '.join(parts)})"


def _argument(step: Action | CallBlock, name: str, value: Value, parameter: Parameter | None, module: Module) -> str:
    """Return the source of one argument; what a batch gathers is a list of one sample's value."""
    if name in step.consolidate and step.once_per_batch:
        return f"[{value_source(value, None, module)}]"
    return value_source(value, parameter, module)


def _parts(step: Action | CallBlock, known: dict[str, Parameter], sources: dict[str, str]) -> list[str]:
    """Return the arguments in the order of the signature; `sources` has those that are given."""
    spread = next((name for name in sources if name in known and known[name].passing == "var_positional" and sources[name] != "[]"), "")
    by_position = [one for one in known.values() if one.passing == "positional" or (one.passing == "either" and spread)]
    given = [one.name for one in by_position if one.name in sources]
    left_out = [one.name for one in by_position if one.name not in sources]
    last = spread or (given[-1] if given else "")
    before = [name for name in left_out if spread or (last and list(known).index(name) < list(known).index(last))]
    if before:
        raise ConversionError([Problem(before[0], f"a value is needed, because {last} is passed by position")])
    positional = [sources[name] for name in given]
    if spread:
        constant = isinstance(step.arguments[spread], Constant)
        positional.append(sources[spread][1:-1] if constant else f"*({sources[spread]})")
    keywords: list[str] = []
    for name, source in sources.items():
        passing = known[name].passing if name in known else "keyword"
        if passing == "var_keyword":
            keywords.append(f"**({source})")
        elif name not in given and passing != "var_positional":
            keywords.append(f"{name}={source}")
    return [*positional, *keywords]


def impossible(step: Step, why: str) -> WorkflowError:
    """Return the error for a step that cannot be written in Python."""
    return WorkflowError([Problem(step.id, why, step.tag)], "This step cannot be written in Python.")
