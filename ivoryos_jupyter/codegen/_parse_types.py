"""Which types of run-time parameters must a workflow declare, because nothing else says them?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import Anything, Boolean, EnumChoice, Integer, Nullable, Number, Text
from ivoryos_jupyter.workflow import AtRun, SetVariable, Workflow, interface

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.codegen._parse_function import Declared
    from ivoryos_jupyter.codegen._parse_names import Names
    from ivoryos_jupyter.codegen._parse_source import Source
    from ivoryos_jupyter.schema import DeckSchema, Kind, Parameter

_SIMPLE: Mapping[type[Kind], str] = {Number: "float", Integer: "int", Text: "str", Boolean: "bool"}


def declared_types(
    workflow: Workflow, declared: Mapping[str, Declared], schema: DeckSchema | None, names: Names, source: Source
) -> dict[str, str]:
    """Return the annotations that say more than the steps do; report what the source declares and no step uses."""
    inferred = {one.name: one for one in interface(workflow, schema).inputs}
    wanted: dict[str, str] = {}
    for one in declared.values():
        found = inferred.get(one.name)
        if found is None:
            source.report(one.node, f"no step uses the run-time parameter {one.name}; take it out (a message alone does not count)")
            continue
        said = _said(one, names)
        if said and said != _text_of(found):
            wanted[one.name] = said
        why = _wrong(one, found, said)
        if why:
            source.report(one.node, why)
    return wanted


def _said(one: Declared, names: Names) -> str:
    """Return the annotation; a class by its last name."""
    if one.annotation is None:
        return ""
    dotted = names.dotted(one.annotation)
    return dotted.rpartition(".")[2] if dotted else _by_last_names(one.annotation, names)


def _by_last_names(annotation: ast.expr, names: Names) -> str:
    if isinstance(annotation, ast.BinOp) and names.dotted(annotation.left):
        return f"{names.dotted(annotation.left).rpartition('.')[2]} | {ast.unparse(annotation.right)}"
    return ast.unparse(annotation)


def _text_of(parameter: Parameter) -> str:
    """Return the annotation that a generated function gives this parameter."""
    nullable = isinstance(parameter.kind, Nullable)
    kind = parameter.kind.kind if isinstance(parameter.kind, Nullable) else parameter.kind
    name = kind.type_name.rpartition(":")[2].rpartition(".")[2] if isinstance(kind, EnumChoice) else _SIMPLE.get(type(kind), "")
    return f"{name} | None" if name and nullable else name


def _wrong(one: Declared, inferred: Parameter, said: str) -> str:
    """Return what cannot be said of a run-time parameter, if something."""
    kind = inferred.kind if not said or said == _text_of(inferred) else kind_said(said)
    if isinstance(kind, Anything) and kind.note and said:
        return f"{said} is no type that a run-time parameter can declare; write float, int, str, bool, a list of them, or Literal[…]"
    if one.optional and not isinstance(kind, Nullable):
        return f"may be left out, and its type does not say so; write {one.name}: {said or 'float'} | None"
    return ""


def kind_said(annotation: str) -> Kind:
    """Return the kind of a run-time parameter that is declared with `annotation`."""
    probe = Workflow(name="", script=(SetVariable(id="1", name="y", value=AtRun("x")),), parameters={"x": annotation})
    return interface(probe).inputs[0].kind
