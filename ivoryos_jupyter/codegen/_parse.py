"""Which workflow does a piece of Python mean?  Read by its syntax; nothing of it is run."""

from __future__ import annotations

import ast
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._module import function_name
from ivoryos_jupyter.codegen._parse_body import Body
from ivoryos_jupyter.codegen._parse_calls import Callee, Calls
from ivoryos_jupyter.codegen._parse_function import Declared, Shape, roots_in, shape_of
from ivoryos_jupyter.codegen._parse_names import Names, assigned, report_signature
from ivoryos_jupyter.codegen._parse_run import RunFunction, is_run, roles_by_name
from ivoryos_jupyter.codegen._parse_source import Refused, Source
from ivoryos_jupyter.codegen._parse_types import declared_types
from ivoryos_jupyter.codegen._parse_values import Values
from ivoryos_jupyter.errors import WorkflowError
from ivoryos_jupyter.workflow import PHASES, DeckIndex, Workflow, interface, names_made, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.codegen._parse_names import Function
    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Step

_SAYS_NAME = "The workflow "
"""So begins the first line of a generated file whose workflow has no description."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read."""

    workflow: Workflow
    lines: Mapping[str, int]
    """Step id -> the line it stands on."""


def parse(source: str, schema: DeckSchema | None = None, *, name: str | None = None) -> Workflow:
    """Return the workflow that `source` means; nothing of it is run, and nothing of it is lost silently.

    It reads what `render` writes, and what one would write by hand in the same way: functions for the phases (``dose_prep``,
    ``dose``, ``dose_cleanup``, or ``prep``, ``script``, ``cleanup``), or only the statements of the script. Parameters that
    are no instruments are run-time parameters. The ids of the steps depend on their order only. Comments above a step,
    behind it, and at the end of a block become notes; others are not kept.

    Parameters
    ----------
    source
        Python.
    schema
        The deck; with it, names and arguments are checked and converted.
    name
        Name of the workflow; that of its function when None.

    Raises
    ------
    WorkflowError
        With each line that has no form in a workflow, and why.
    """
    return parse_lines(source, schema, name=name).workflow


def parse_lines(source: str, schema: DeckSchema | None = None, *, name: str | None = None, first_line: int = 1) -> Parsed:
    """Return the workflow that `source` means, as `parse` does, and where its steps stand; the first line is `first_line`."""
    reading = _File(Source(source, first_line), schema)
    workflow = reading.workflow(name)
    if reading.source.problems:
        count = len(reading.source.problems)
        raise WorkflowError(reading.source.problems, f"{count} place{'s' * (count > 1)} in this Python cannot be read as a workflow.")
    return Parsed(workflow, reading.lines)


class _File:
    """One source."""

    def __init__(self, source: Source, schema: DeckSchema | None) -> None:
        self.source = source
        self.schema = schema
        self.deck = DeckIndex(schema)
        self.names = Names()
        self.lines: dict[str, int] = {}
        self.names.roots |= {path.partition(".")[0].partition("[")[0] for path in self.deck.instruments} | set(self.deck.blocks)
        self._nested: dict[str, Callee] = {}
        self._open: list[str] = []
        self._pins: dict[str, Workflow] = {}
        self.doc = ast.get_docstring(source.tree) or ""
        self.statements = self._sorted_out()

    def _sorted_out(self) -> list[ast.stmt]:
        """Take imports, helpers and functions in; return the statements that are left."""
        left: list[ast.stmt] = []
        body = self.source.tree.body[1:] if self.doc else self.source.tree.body
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom) and all(one.name != "*" for one in node.names):
                self.names.add_import(node)
            elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                left.append(node)
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if node.name in self.names.functions:
                    self.source.report(node, f"{node.name} is defined twice; give one of them another name")
                self.names.add_function(node)
        self.names.settle()
        return left

    def workflow(self, name: str | None) -> Workflow:
        """Read everything."""
        roles = self._roles(name)
        title = name or self._title(roles)
        phases: dict[str, tuple[Step, ...]] = {}
        declared: Mapping[str, Declared] = {}
        docs = [self.doc]
        for phase in PHASES:
            if phase in roles:
                shape, steps = self._phase(self.names.functions[roles[phase]], phase)
                docs.append(shape.doc)
                phases[phase] = steps
                if phase == "script":
                    declared = shape.declared
        if self.statements:
            declared, phases["script"] = self._statements()
        description = "\n".join(one for one in docs if one and one != f"{_SAYS_NAME}{title}.")
        found = Workflow(
            name=title,
            deck=self.schema.name if self.schema else "",
            description=description,
            prep=phases.get("prep", ()),
            script=phases.get("script", ()),
            cleanup=phases.get("cleanup", ()),
            nested=self._pins,
        )
        return replace(found, parameters=declared_types(found, declared, self.schema, self.names, self.source))

    def _title(self, roles: Mapping[str, str]) -> str:
        """Return the name that the file says the workflow has, else that of its functions."""
        bases = [name.removesuffix(f"_{phase}") for phase, name in roles.items() if name != phase]
        base = next((roles[one] for one in roles if one == "script" != roles[one]), bases[0] if bases else "workflow")
        said = self.doc.removeprefix(_SAYS_NAME).removesuffix(".")
        return said if self.doc.startswith(_SAYS_NAME) and (not bases or function_name(said) == base) else base

    def _roles(self, name: str | None) -> dict[str, str]:
        """Return phase -> name of its function; know what `run` says of the instruments."""
        run = self.names.functions.get("run")
        if run is None or not is_run(run, {key: one for key, one in self.names.functions.items() if key != "run"}):
            return roles_by_name(self.names.functions, name or "", self.source, has_script=bool(self.statements))
        del self.names.functions["run"]
        found = RunFunction(run, self.names.functions, self.source)
        self.names.roots |= set(found.instruments)
        for statement in self.statements:
            self.source.report(statement, "stands outside of the functions, and would be lost; put it into one of them")
        self.statements = []
        return found.roles

    def _statements(self) -> tuple[dict[str, Declared], tuple[Step, ...]]:
        """Read the script of a source that has it without a function."""
        declared: dict[str, Declared] = {}
        body: list[ast.stmt] = []
        for node in self.statements:
            if isinstance(node, ast.AnnAssign) and node.value is None and isinstance(node.target, ast.Name):
                optional = any(isinstance(one, ast.Constant) and one.value is None for one in ast.walk(node.annotation))
                declared[node.target.id] = Declared(node, self.source.written(node.target), node.annotation, optional)
            else:
                body.append(node)
        local = {*declared, *(one.id for one in assigned(body) if one.id not in self.names.roots)}
        roots = roots_in(body, self.names, local, known_deck=self.deck.known)
        return declared, self._steps(Shape(body, declared=declared, roots=roots), "script")

    def _phase(self, function: Function, phase: str) -> tuple[Shape, tuple[Step, ...]]:
        report_signature(function, self.source)
        shape = shape_of(function, self.names, self.source, known_deck=self.deck.known)
        if phase != "script":
            for one in shape.declared.values():
                why = f"{phase} gets no run-time parameters, and nothing on the deck is called {one.name}; script gets them"
                self.source.report(one.node, why)
        steps = self._steps(shape, phase)
        self._check_return(shape, steps if phase == "script" else ())
        return shape, steps

    def _steps(self, shape: Shape, phase: str) -> tuple[Step, ...]:
        values = Values(self.source, self.names, self.deck, {key: one.name for key, one in shape.declared.items()}, shape.roots)
        values.spelled |= {one.id: self.source.written(one) for one in assigned(shape.body)}
        count = 0

        def next_id(node: ast.stmt) -> str:
            nonlocal count
            count += 1
            identity = f"{phase}-{count}"
            if not self._open:
                self.lines[identity] = self.source.line(node.lineno)
            return identity

        calls = Calls(values, self.nested)
        steps = Body(calls, next_id).steps(shape.body)
        self._pins = calls.callees if self._open else {**self._pins, **calls.callees}
        return steps

    def nested(self, function: Function) -> Callee:
        """Return the workflow of a function that others call."""
        if function.name in self._open:
            raise Refused(function, f"{function.name} calls itself; a workflow cannot be a step of itself")
        if function.name not in self._nested:
            outer = self._pins
            self._open.append(function.name)
            shape, steps = self._phase(function, "script")
            self._open.pop()
            found = Workflow(name=function.name, description=shape.doc, script=steps, nested=self._pins)
            self._pins = outer
            found = replace(found, parameters=declared_types(found, shape.declared, self.schema, self.names, self.source))
            inputs = {one.name: one for one in interface(found, self.schema).inputs}
            self._nested[function.name] = Callee(found, shape.instruments, inputs)
        return self._nested[function.name]

    def _check_return(self, shape: Shape, steps: tuple[Step, ...]) -> None:
        """Report a result that the workflow does not give: it gives every name that its script makes, under this name."""
        if shape.returned is None or shape.returned.value is None:
            return
        given = _returned(shape.returned.value, self.names)
        made = {one for visit in walk(Workflow(name="", script=steps)) for one in names_made(visit.step)}
        made |= {one.name for one in shape.declared.values()} & made
        if given is None:
            self.source.report(shape.returned, 'a script gives back names it made, as they are: return {"left": left}')
        for name in given or ():
            if name not in made:
                self.source.report(shape.returned, f"{name} is made by no step here; give it back only where one makes it")


def _returned(node: ast.expr, names: Names) -> list[str] | None:
    """Return the names that are given back: in a dict under their own names, by the helper, or alone."""
    if isinstance(node, ast.Constant) and node.value is None:
        return []
    if names.helper(node) == "made" and isinstance(node, ast.Call):
        return [str(one.value) for one in node.args[1:] if isinstance(one, ast.Constant)]
    if names.helper(node) == "made_as" and isinstance(node, ast.Call) and isinstance(node.args[1], ast.Dict):
        return [str(one.value) for one in node.args[1].keys if isinstance(one, ast.Constant)]
    if isinstance(node, ast.Dict):
        pairs = [(key.value if isinstance(key, ast.Constant) else None, value) for key, value in zip(node.keys, node.values, strict=True)]
        same = [str(key) for key, value in pairs if isinstance(value, ast.Name) and _same(str(key), value.id)]
        return same if len(same) == len(pairs) else None
    items = node.elts if isinstance(node, ast.Tuple) else [node]
    found = [one.id for one in items if isinstance(one, ast.Name)]
    return found if len(found) == len(items) else None


def _same(key: str, name: str) -> bool:
    return unicodedata.normalize("NFKC", key) == name
