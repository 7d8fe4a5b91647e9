"""Which steps are the statements of a function?"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._parse_names import without_await
from ivoryos_jupyter.codegen._parse_source import Refused
from ivoryos_jupyter.workflow import Branch, Expression, ForEach, If, OnError, Repeat, SetVariable, Step, While, slots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ivoryos_jupyter.codegen._parse_calls import Calls

_MOST = 1000
"""Rounds that a plain ``while`` may have."""
_NO_FORM = "has no form in a workflow"
_WHY_NOT: Mapping[type[ast.stmt], str] = {
    ast.Break: "a loop of a workflow cannot be left from within; put it into the condition of a while",
    ast.Continue: "a round of a loop cannot be cut short; put the rest into an if",
    ast.Return: "a workflow gives its results back at its end only; take this return out, or move it to the last line",
    ast.With: f"with {_NO_FORM}; call what opens and what closes as steps, closing in cleanup",
    ast.AsyncWith: f"async with {_NO_FORM}; call what opens and what closes as steps, closing in cleanup",
    ast.AsyncFor: f"async for {_NO_FORM}; write for … in a list",
    ast.Raise: f"raise {_NO_FORM}; a step that fails ends the run or asks a person",
    ast.Assert: f"assert {_NO_FORM}; use if, and input() to ask a person",
    ast.Delete: f"del {_NO_FORM}; leave the name as it is",
    ast.Global: f"global {_NO_FORM}; what prep saves is known in script and cleanup anyway",
    ast.Nonlocal: f"nonlocal {_NO_FORM}",
    ast.FunctionDef: "a function within a function has no form in a workflow; move it out, beside this one",
    ast.AsyncFunctionDef: "a function within a function has no form in a workflow; move it out, beside this one",
    ast.ClassDef: "a class has no form in a workflow; define it in another cell",
}
_ELSE = "the else of a loop has no form in a workflow; put an if after the loop"


class Body:
    """Reads the statements of one function."""

    def __init__(self, calls: Calls, next_id: Callable[[ast.stmt], str]) -> None:
        """Read calls with `calls`; each step gets its id from `next_id`."""
        self.calls = calls
        self.values = calls.values
        self.source = calls.values.source
        self._next_id = next_id

    def steps(self, body: Sequence[ast.stmt]) -> tuple[Step, ...]:
        """Return the steps of a block; what cannot be expressed is reported, and the rest is read."""
        found: list[Step] = []
        for group in self._groups(body):
            step = self._read(group)
            if step is not None:
                found.append(step)
        if body and found:
            found[-1] = _noted(found[-1], self.source.notes_after(body[-1]))
        return tuple(found)

    def _read(self, group: list[ast.stmt]) -> Step | None:
        if isinstance(group[0], ast.Pass):
            return None
        notes = self.source.notes_for(group)
        identity = self._next_id(group[-1])
        try:
            step = self._step(group)
        except Refused as refused:
            self.source.report(refused.node if hasattr(refused.node, "lineno") else group[0], refused.why)
            return None
        if step is None:
            return None
        note = "\n".join([*notes, *([step.note] if step.note else [])])
        return replace(step, id=identity, note=note)

    def _groups(self, body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
        """Yield the statements; together those that are one step."""
        rest = list(body)
        while rest:
            size = self._size(rest)
            yield rest[:size]
            del rest[:size]

    def _size(self, rest: list[ast.stmt]) -> int:
        name = _single_name(rest[0])
        if not name:
            return 1
        if len(rest) > 1 and isinstance(rest[1], ast.While) and self._most(rest[1], name) is not None:
            return 2
        if isinstance(rest[0], ast.Assign) and self.calls.function_of(rest[0].value) is not None:
            size = 1
            while size < len(rest) and read_from(name, rest[size]) is not None:
                size += 1
            return size
        return 1

    def _step(self, group: list[ast.stmt]) -> Step | None:
        match group:
            case [ast.Assign() as first, ast.While() as loop]:
                return self._while(loop, _single_name(first))
            case [ast.Assign() as first, _, *_]:
                return self._nested(first, group[1:])
        reader = _READERS.get(type(group[0]))
        if reader is None:
            raise Refused(group[0], _WHY_NOT.get(type(group[0]), f"this {_NO_FORM}"))
        return reader(self, group[0])

    def _nested(self, first: ast.Assign, reads: list[ast.stmt]) -> Step:
        found = [read_from(_single_name(first), one) for one in reads]
        call = without_await(first.value)
        assert isinstance(call, ast.Call)  # noqa: S101 - it was told by this
        outputs = {inside: self._spelled(outside) for inside, outside in filter(None, found)}
        return self.calls.nested(call, outputs)

    def _spelled(self, node: ast.expr) -> str:
        if not isinstance(node, ast.Name):
            raise Refused(node, "a result gets a plain name")
        return self.source.written(node)

    def _most(self, loop: ast.While, name: str) -> int | None:
        """Return the most rounds of a loop that is counted in `name`."""
        match loop.body[0]:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call(args=[ast.Name(id=given)], keywords=[one]) as call):
                counted = self.calls.names.helper(call) == "counted" and name == target == given and one.arg == "most"
                plain = one.value.value if isinstance(one.value, ast.Constant) else None
                return plain if counted and isinstance(plain, int) else None
        return None

    def _while(self, loop: ast.While, counter: str = "") -> Step:
        most = self._most(loop, counter) if counter else None
        self._no_else(loop)
        condition = self.values.formula(loop.test)
        if most is None:
            return While(id="", condition=condition, body=self.steps(loop.body), most=_MOST)
        return While(id="", condition=condition, body=self.steps(loop.body[1:]), most=most)

    def _no_else(self, loop: ast.While | ast.For) -> None:
        if loop.orelse:
            raise Refused(loop.orelse[0], _ELSE)

    def _for(self, loop: ast.For) -> Step:
        self._no_else(loop)
        item = self._spelled(loop.target)
        match loop.iter:
            case ast.Call(func=ast.Name(id="range"), args=[times], keywords=[]) if item == "_":
                return Repeat(id="", times=self.values.value(times), body=self.steps(loop.body))
        return ForEach(id="", item=item, items=self.values.value(loop.iter), body=self.steps(loop.body))

    def _if(self, node: ast.If) -> Step:
        branches: list[Branch] = []
        rest: list[ast.stmt] = [node]
        while len(rest) == 1 and isinstance(rest[0], ast.If) and rest[0].col_offset == node.col_offset:
            one = rest[0]
            try:
                condition = self.values.formula(one.test)
            except Refused as refused:
                self.source.report(refused.node, refused.why)
                condition = "False"
            branches.append(Branch(condition, self.steps(one.body)))
            rest = one.orelse
        return If(id="", branches=tuple(branches), otherwise=self.steps(rest))

    def _try(self, node: ast.Try) -> Step:
        groups = list(self._groups(node.body))
        if node.finalbody or node.orelse or len(node.handlers) != 1 or not _goes_on(node.handlers[0]):
            raise Refused(node, "of try, only this has a form: one step, and except Exception: pass, which goes on without it")
        if len(groups) != 1:
            raise Refused(
                node, "one step only may stand in a try: after an error the others would still be done; give each a try of its own"
            )
        notes = self.source.notes_for(groups[0])
        step = self._step(groups[0])
        if step is None or slots(step) or step.tag == "workflow" or step.on_error != OnError():
            raise Refused(node, "what a try goes on without is one plain step: no block, no workflow, and nothing that is tried again")
        return _noted(replace(step, on_error=OnError("continue")), notes)

    def _expression(self, node: ast.Expr) -> Step:
        return self.calls.step(node.value, ())

    def _assign(self, node: ast.Assign) -> Step:
        if len(node.targets) > 1:
            raise Refused(node, "one name for each result; write a line for each")
        target = node.targets[0]
        if isinstance(target, ast.Attribute):
            return self.calls.set(target, node.value)
        if isinstance(target, ast.Tuple) and len(target.elts) > 1:
            return self.calls.step(node.value, tuple(self._output(one) for one in target.elts))
        name = self._output(target)
        return self.calls.step(node.value, (name,) if name else ())

    def _output(self, target: ast.expr) -> str:
        if not isinstance(target, ast.Name):
            raise Refused(target, "results get plain names, one for each item: a450, a600 = spectrometer.measure()")
        if target.id in self.values.roots:
            raise Refused(target, f"{target.id} is the name of an instrument; choose another for the result")
        name = self.source.written(target)
        return "" if name == "_" else name

    def _augmented(self, node: ast.AugAssign) -> Step:
        if not isinstance(node.target, ast.Name):
            raise Refused(node, "read the property first, and set it to a formula: t = reactor.temperature; reactor.temperature = t + 5")
        name = self._output(node.target)
        mark = "#" if node.target.id in self.values.inputs else ""
        operator = _OPERATORS.get(type(node.op))
        if operator is None:
            raise Refused(node, "may use += -= *= /= //= %= **= and no other operators")
        return SetVariable(id="", name=name, value=Expression(f"{mark}{name} {operator} ({self.values.formula(node.value)})"))

    def _annotated(self, node: ast.AnnAssign) -> Step:
        raise Refused(node, "a variable has the type of its value; leave the type out, or declare run-time parameters at the very top")

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if any(one.name == "*" for one in node.names):
            raise Refused(node, "import names one by one: nobody can see here which names * brings")
        self.calls.names.add_import(node)


_OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
_READERS: Mapping[type[ast.stmt], Callable[..., Step | None]] = {
    ast.Expr: Body._expression,  # noqa: SLF001 - the table of this class
    ast.Assign: Body._assign,  # noqa: SLF001
    ast.AugAssign: Body._augmented,  # noqa: SLF001
    ast.AnnAssign: Body._annotated,  # noqa: SLF001
    ast.If: Body._if,  # noqa: SLF001
    ast.While: Body._while,  # noqa: SLF001
    ast.For: Body._for,  # noqa: SLF001
    ast.Try: Body._try,  # noqa: SLF001
    ast.Import: Body._import,  # noqa: SLF001
    ast.ImportFrom: Body._import,  # noqa: SLF001
}


def _noted(step: Step, more: list[str]) -> Step:
    return replace(step, note="\n".join([*([step.note] if step.note else []), *more])) if more else step


def _single_name(node: ast.stmt) -> str:
    """Return the name that an assignment gives a value, when it is just one."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def read_from(store: str, node: ast.stmt) -> tuple[str, ast.expr] | None:
    """Return ``("left", x)`` for ``x = store["left"]``, also where ``if "left" in store:`` stands before it."""
    match node:
        case ast.Assign(targets=[target], value=ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str() as key))):
            return (key, target) if name == store else None
        case ast.If(
            test=ast.Compare(left=ast.Constant(value=wanted), ops=[ast.In()], comparators=[ast.Name(id=name)]), body=[one], orelse=[]
        ):
            found = read_from(store, one)
            return found if name == store and found and found[0] == wanted else None
    return None


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes every error and does nothing but say so."""
    if not isinstance(handler.type, ast.Name) or handler.type.id != "Exception" or len(handler.body) != 1:
        return False
    match handler.body[0]:
        case ast.Pass():
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[ast.JoinedStr(values=[ast.Constant(value=text), _])], keywords=[])):
            return text == "skipped after an error: "
    return False
