"""How is a workflow written as a Python file that runs by itself on the same deck?"""

from __future__ import annotations

import keyword
import unicodedata
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._body import Body, indented
from ivoryos_jupyter.codegen._functions import Nested, enabled, instruments_of, names_used, needs_loop
from ivoryos_jupyter.codegen._module import Module, function_name
from ivoryos_jupyter.codegen._texts import printable
from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.schema import Boolean, EnumChoice, Integer, Nullable, Number, Text
from ivoryos_jupyter.workflow import (
    PHASES,
    CallWorkflow,
    DeckIndex,
    ForEach,
    as_step,
    interface,
    names_at_end,
    names_in_scope,
    names_made,
    phase_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.schema import DeckSchema, Kind, Parameter
    from ivoryos_jupyter.workflow import Scope, Workflow

Lines = list[str]
_NEEDED = frozenset({"Exception", "input", "list", "locals", "print", "range", "set", "setattr"})
"""Functions of Python that the file itself calls."""
_ANNOTATIONS: Mapping[type[Kind], str] = {Number: "float", Integer: "int", Text: "str", Boolean: "bool"}


def render(workflow: Workflow, schema: DeckSchema | None = None) -> str:
    """Return Python source that does what `workflow` does.

    One function for each phase takes the instruments as parameters; ``run`` does prep once, script for each row (or so
    many times), and cleanup whatever happens. Samples are worked on one at a time. Time-outs of steps are the runner's.

    Raises
    ------
    WorkflowError
        When a step cannot be written in Python: a name that is none there, an instrument and a result of the same name.
    """
    return _File(workflow, schema).source()


class _File:
    """One generated file."""

    def __init__(self, workflow: Workflow, schema: DeckSchema | None) -> None:
        self.workflow = workflow
        self.schema = schema
        self.deck = DeckIndex(schema)
        self.nested: dict[str, Nested] = {}
        self.functions: Lines = []
        self.module = Module({"run", *self._taken(workflow, {})})
        self.saved, self.rows, self.row, self.results, self.repeat = map(self.module.fresh, ("saved", "rows", "row", "results", "repeat"))

    def _taken(self, workflow: Workflow, done: dict[str, None]) -> set[str]:
        """Return every name that belongs to the person, in nested workflows too; refuse those that Python cannot use."""
        steps = [step for phase in PHASES for step in enabled(phase_of(workflow, phase))]
        roots = set(instruments_of(steps, {}))
        inputs = {one.name for one in interface(workflow, self.schema).inputs}
        made = {name for step in steps for name in names_made(step)}
        wrong = [Problem(name, "is no name in Python; choose another", name) for name in (inputs | made) if not _usable(name)]
        both = roots & (inputs | made)
        wrong += [Problem(name, "is the name of an instrument and of a value; rename one of them", name) for name in both]
        if wrong:
            raise WorkflowError(wrong, f"The workflow {workflow.name!r} cannot be written in Python.")
        taken = roots | inputs | made
        for step in steps:
            if isinstance(step, CallWorkflow) and step.version in workflow.nested and step.version not in done:
                done[step.version] = None
                taken |= self._taken(workflow.nested[step.version], done)
        return taken

    def source(self) -> str:
        """Return the whole file."""
        name = self.module.fresh(function_name(self.workflow.name))
        names = {"prep": f"{name}_prep", "script": name, "cleanup": f"{name}_cleanup"}
        self._add_nested(self.workflow)
        used = {phase: instruments_of(phase_of(self.workflow, phase), self.nested) for phase in PHASES}
        written = [phase for phase in PHASES if any(enabled(phase_of(self.workflow, phase)))]
        for phase in written:
            self._add_phase(phase, names[phase], used[phase])
        runner = self._run(names, used, written)
        title = self.workflow.description.strip() or f"The workflow {self.workflow.name}"
        head = [f'"""{_one_line(title)}."""', "", *self.module.head()]
        return "\n".join([*head, *self.module.helpers(), *self.functions, *runner]).rstrip() + "\n"

    def _add_nested(self, workflow: Workflow) -> None:
        """Write the functions of nested workflows, the innermost first."""
        for step in enabled(one for phase in PHASES for one in phase_of(workflow, phase)):
            if not isinstance(step, CallWorkflow) or step.version in self.nested or step.version not in workflow.nested:
                continue
            callee = as_step(workflow.nested[step.version])
            self._add_nested(callee)
            face = interface(callee, self.schema)
            end = names_at_end(callee, self.schema)["script"]
            is_async = needs_loop(callee.script, self.deck, self.nested)
            found = Nested(
                self.module.fresh(function_name(callee.name)),
                instruments_of(callee.script, self.nested),
                face.inputs,
                frozenset(end.sure),
                is_async,
            )
            body = self._body(callee, face.inputs, is_async=is_async)
            lines = [*body.lines(callee.script), *self._given_back(callee, end)]
            self._function(found.name, [*found.instruments, *self._parameters(face.inputs)], callee.description, lines, is_async=is_async)
            self.nested[step.version] = found

    def _body(self, workflow: Workflow, inputs: Iterable[Parameter], *, is_async: bool) -> Body:
        before = names_in_scope(workflow, self.schema)
        return Body(self.module, self.deck, before, [one.name for one in inputs], self.nested, is_async=is_async)

    def _saved_names(self, *phases: str) -> tuple[str, ...]:
        """Return the names of prep that `phases` use."""
        end = names_at_end(self.workflow, self.schema)["prep"]
        steps = [step for phase in phases for step in enabled(phase_of(self.workflow, phase))]
        used = names_used(steps) | {name for step in steps for name in names_made(step)}
        return tuple(name for name in (*end.sure, *end.maybe) if name in used)

    def _passed(self, phase: str) -> list[str]:
        """Return what a phase's function gets besides instruments and run-time parameters."""
        later = ("script", "cleanup") if phase == "prep" else (phase,)
        return [self.saved] if self._saved_names(*later) else []

    def _add_phase(self, phase: str, name: str, instruments: tuple[str, ...]) -> None:
        steps = phase_of(self.workflow, phase)
        is_async = needs_loop(steps, self.deck, self.nested)
        inputs = interface(self.workflow, self.schema).inputs if phase == "script" else ()
        body = self._body(self.workflow, inputs, is_async=is_async)
        lines = body.lines(steps)
        if phase == "prep":
            lines = self._saving(lines)
        else:
            sure = names_at_end(self.workflow, self.schema)["prep"].sure if phase == "script" else {}
            lines = [*(line for one in self._saved_names(phase) for line in self._from_saved(one, certain=one in sure)), *lines]
        if phase == "script":
            lines += self._given_back(self.workflow, names_at_end(self.workflow, self.schema)["script"])
        self._function(name, [*instruments, *self._passed(phase), *self._parameters(inputs)], "", lines, is_async=is_async)

    def _saving(self, lines: Lines) -> Lines:
        """Return the statements of prep, which keep what later phases use even when one of them fails."""
        saved = self._saved_names("script", "cleanup")
        if not saved:
            return lines
        return ["try:", *indented(lines), "finally:", *indented([f"{self.saved}.update({self._made(saved)})"])]

    def _from_saved(self, name: str, *, certain: bool) -> Lines:
        taken = f'{name} = {self.saved}["{name}"]'
        return [taken] if certain else [f'if "{name}" in {self.saved}:', *indented([taken])]

    def _made(self, names: Iterable[str]) -> str:
        spelled = {name: unicodedata.normalize("NFKC", name) for name in names}  # as Python does when it reads a name
        if all(name == python for name, python in spelled.items()):
            quoted = ", ".join(f'"{name}"' for name in spelled)
            return f"{self.module.helper('made')}(locals(), {quoted})"
        pairs = ", ".join(f'"{name}": "{python}"' for name, python in spelled.items())
        return f"{self.module.helper('made_as')}(locals(), {{{pairs}}})"

    def _given_back(self, workflow: Workflow, end: Scope) -> Lines:
        """Return the statement that gives back what the script made."""
        steps = [step for step in enabled(workflow.script) if not isinstance(step, ForEach)]
        names = list(dict.fromkeys(name for step in steps for name in names_made(step)))
        if not names:
            return ["return {}"]
        if all(name in end.sure for name in names):
            pairs = ", ".join(f'"{name}": {name}' for name in names)
            return [f"return {{{pairs}}}"]
        return [f"return {self._made(names)}"]

    def _parameters(self, inputs: Iterable[Parameter]) -> Lines:
        """Return the run-time parameters of a function, with types where they are simple."""
        return [self._parameter(one) for one in inputs]

    def _parameter(self, one: Parameter) -> str:
        kind = one.kind.kind if isinstance(one.kind, Nullable) else one.kind
        name = self.module.class_named(kind.type_name) if isinstance(kind, EnumChoice) else _ANNOTATIONS.get(type(kind), "")
        if not name:
            return f"{one.name}=None" if isinstance(one.kind, Nullable) else one.name
        return f"{one.name}: {name} | None = None" if isinstance(one.kind, Nullable) else f"{one.name}: {name}"

    def _function(self, name: str, parameters: list[str], text: str, lines: Lines, *, is_async: bool) -> None:
        ordered = sorted(parameters, key=lambda one: one.endswith(("=None", "= None")))
        head = f"{'async def' if is_async else 'def'} {name}({', '.join(ordered)}):"
        doc = [f'"""{_one_line(text)}"""'] if text.strip() else []
        self.functions += ["", "", head, *indented([*doc, *lines])]

    def _run(self, names: Mapping[str, str], used: Mapping[str, tuple[str, ...]], written: list[str]) -> Lines:
        """Return the function that does all phases."""
        loops = {phase: needs_loop(phase_of(self.workflow, phase), self.deck, self.nested) for phase in PHASES}
        inputs = interface(self.workflow, self.schema).inputs
        instruments = list(dict.fromkeys(name for phase in PHASES for name in used[phase]))
        given = {phase: [*used[phase], *self._passed(phase)] for phase in PHASES}
        call = {phase: f"{'await ' if loops[phase] else ''}{names[phase]}({', '.join(given[phase])}" for phase in PHASES}
        inner: Lines = [f"{self.results} = []"]
        if "prep" in written:
            inner.append(f"{call['prep']})")
        if "script" in written:
            comma = ", " if given["script"] else ""
            each = f"{call['script']}{comma}**{self.row})" if inputs else f"{call['script']})"
            head = f"for {self.row} in {self.rows}:" if inputs else f"for _ in range({self.repeat}):"
            inner += [head, *indented([f"{self.results}.append({each})"])]
        inner.append(f"return {self.results}")
        lines = ["try:", *indented(inner), "finally:", *indented([f"{call['cleanup']})"])] if "cleanup" in written else inner
        lines = [f"{self.saved} = {{}}", *lines] if self._passed("prep") else lines
        doc = f'"""Do prep once, script for {"each row" if inputs else "so many times"}, and cleanup whatever happens."""'
        parameters = ", ".join([*instruments, self.rows if inputs else f"{self.repeat}=1"])
        head = f"{'async def' if any(loops.values()) else 'def'} run({parameters}):"
        return ["", "", head, *indented([doc, *lines])]


def _usable(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and name not in _NEEDED


def _one_line(text: str) -> str:
    line = printable(" ".join(text.split())).replace("\\", "\\\\").replace('"""', "'''")
    return line.removesuffix(".") if not line.endswith('"') else f"{line} "
