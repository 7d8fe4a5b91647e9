"""Which step is a call, a reading or a setting in the source?"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from ivoryos_jupyter.codegen._parse_names import SLEEPS, parameters_of, without_await
from ivoryos_jupyter.codegen._parse_options import (
    answer_options,
    as_node,
    is_none,
    keywords,
    kind_asked,
    lambda_body,
    near,
    number,
    only,
    plain_text,
)
from ivoryos_jupyter.codegen._parse_signals import reading_in, signal_in
from ivoryos_jupyter.codegen._parse_source import Refused
from ivoryos_jupyter.errors import Problem, UnknownNameError
from ivoryos_jupyter.workflow import (
    READING,
    Action,
    CallBlock,
    CallWorkflow,
    Constant,
    GetProperty,
    Input,
    OnError,
    Pause,
    SetProperty,
    SetVariable,
    Step,
    Wait,
    WaitFor,
    WaitUntil,
    bind_arguments,
    content_hash,
)
from ivoryos_jupyter.workflow import Comment as Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.codegen._parse_names import Function
    from ivoryos_jupyter.codegen._parse_values import Values
    from ivoryos_jupyter.schema import Parameter
    from ivoryos_jupyter.workflow import Value, Workflow


_ANSWERS = ("float", "int", "str", "bool")
Answer = Literal["float", "int", "str", "bool"]


@dataclass(frozen=True, slots=True)
class Callee:
    """The function of another workflow."""

    workflow: Workflow
    instruments: frozenset[str]
    """Parameters that are of the notebook."""
    inputs: Mapping[str, Parameter]
    """Run-time parameters, as they were written."""


class Calls:
    """Reads what a statement calls, in one function."""

    def __init__(self, values: Values, nested: Callable[[Function], Callee]) -> None:
        """Read values with `values`; `nested` reads another workflow's function."""
        self.values = values
        self.names = values.names
        self._nested = nested
        self.callees: dict[str, Workflow] = {}

    def step(self, node: ast.expr, outputs: tuple[str, ...]) -> Step:
        """Return the step for an expression whose result gets the names `outputs`; an empty one keeps nothing."""
        node = without_await(node)
        if isinstance(node, ast.Call):
            named = [one.arg for one in node.keywords if one.arg is not None]
            if len(set(named)) < len(named):
                raise Refused(node, f"{next(one for one in named if named.count(one) > 1)} is given twice")
            found = self._helped(node, outputs) or self._signal(node, outputs) or self._called(node, outputs)
            if found is not None:
                return found
        if isinstance(node, ast.Attribute) and self.values.of_notebook(node) and self._is_reading(node, outputs):
            return self._get(node, outputs)
        call = self._item_of(node)
        if call is not None and len(outputs) == 1:
            return self.nested(call[0], {call[1]: outputs[0]})
        if len(outputs) == 1 and outputs[0]:
            return SetVariable(id="", name=outputs[0], value=self.values.value(node))
        if outputs:
            raise Refused(node, "only the result of a call can be taken apart; give each name a line of its own")
        raise Refused(node, "has no effect, or calls something that is neither on the deck nor a function of this source")

    def _is_reading(self, node: ast.Attribute, outputs: tuple[str, ...]) -> bool:
        deck = self.values.deck
        path = ast.unparse(node)
        return not (outputs and deck.known and path in deck.instruments)

    def _item_of(self, node: ast.expr) -> tuple[ast.Call, str] | None:
        """Return call and name of ``inner(…)["left"]``."""
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            call = without_await(node.value)
            if isinstance(call, ast.Call) and self.function_of(call) is not None:
                return call, node.slice.value
        return None

    def function_of(self, node: ast.expr) -> Function | None:
        """Return the function of the source that `node` calls."""
        node = without_await(node)
        return self.names.functions.get(node.func.id) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None

    def _helped(self, node: ast.Call, outputs: tuple[str, ...]) -> Step | None:
        """Return the step for a call of a function of Python, of ours, or of a generated file."""
        helper = self.names.helper(node)
        if helper in {"retried", "retried_async"}:
            return self._retried(node, outputs)
        if helper in {"wait_for", "wait_for_async"}:
            return self._wait_for(node, outputs)
        dotted = self.names.dotted(node.func)
        if self.values.of_notebook(node.func):
            return None
        asked = self._asked(node, helper, dotted, outputs)
        if asked is not None:
            return asked
        alone: dict[str, Callable[[ast.Call], Step]] = {"print": self._print, "setattr": self._setattr}
        alone |= dict.fromkeys(SLEEPS, self._wait)
        found = self._wait_until if helper == "wait_until" else alone.get(dotted)
        if found is not None and outputs:
            raise Refused(node, f"{dotted} gives nothing back; take the name away")
        return found(node) if found else None

    def _print(self, node: ast.Call) -> Step:
        if node.keywords:
            raise Refused(node, "print takes no options here")
        return Shown(id="", text=self.values.message(node.args))

    def _wait(self, node: ast.Call) -> Step:
        return Wait(id="", seconds=self.values.value(only(node, "the seconds")))

    def _wait_until(self, node: ast.Call) -> Step:
        return WaitUntil(id="", time=plain_text(only(node, "a time of day such as 17:30")))

    def _setattr(self, node: ast.Call) -> Step:
        if len(node.args) != len(("object", "name", "value")) or node.keywords:
            raise Refused(node, "setattr takes an instrument, the name of a property and a value")
        return self.set(ast.Attribute(node.args[0], plain_text(node.args[1]), ast.Store()), node.args[2])

    def _asked(self, node: ast.Call, helper: str, dotted: str, outputs: tuple[str, ...]) -> Step | None:
        """Return the step that asks a person: ``input(…)``, ``float(input(…))``, ``ask(…, float, choices=[…])``."""
        kind, inner = "str", node
        if dotted in _ANSWERS and len(node.args) == 1 and isinstance(node.args[0], ast.Call):
            kind, inner = dotted, node.args[0]
        options: dict[str, object] = {}
        if helper == "ask":
            kind, options = kind_asked(node), answer_options(node)
        elif self.names.dotted(inner.func) != "input" or inner.keywords:
            return None
        message = self.values.message(inner.args[:1])
        if not outputs:
            return Pause(id="", message=message)
        if len(outputs) > 1 or kind not in _ANSWERS or (kind == "bool" and helper != "ask"):
            raise Refused(node, "one answer is asked for: name = float(input(…)), with float, int or str; or ask(…, bool)")
        return Input(id="", message=message, name=outputs[0], type=cast("Answer", kind), **options)  # type: ignore[arg-type] # constants

    def _retried(self, node: ast.Call, outputs: tuple[str, ...]) -> Step:
        given = keywords(node, {"times", "delay_s"})
        call = lambda_body(only(ast.copy_location(ast.Call(node.func, node.args, []), node), "a lambda"), [])
        step = self.step(call, outputs)
        policy = OnError("retry", int(number(given.get("times"), node)), float(number(given.get("delay_s"), node)))
        return replace(step, on_error=policy)

    def _wait_for(self, node: ast.Call, outputs: tuple[str, ...]) -> Step:
        given = keywords(node, {"hold_s", "every_s", "timeout_s"})
        if len(node.args) != len(("read", "holds")):
            raise Refused(node, "wait_for takes two lambdas: what is read, and the condition over reading")
        read = reading_in(without_await(lambda_body(node.args[0], [])), self.values.deck)
        if not isinstance(read, ast.Attribute) or not self.values.of_notebook(read):
            raise Refused(node, "wait_for reads a property, or a method without arguments, of an instrument")
        condition = self.values.formula(lambda_body(node.args[1], [READING]))
        plain = {name: number(value, node) for name, value in given.items() if not is_none(value)}
        step = WaitFor(
            id="",
            instrument=self._path(read.value),
            property=read.attr,
            condition=condition,
            hold_s=plain.get("hold_s", 0.0),
            every_s=plain.get("every_s", 1.0),
            timeout_s=plain.get("timeout_s"),
            outputs=outputs,
        )
        self._require(step, read)
        return step

    def _called(self, node: ast.Call, outputs: tuple[str, ...]) -> Step | None:
        if isinstance(node.func, ast.Attribute) and self.values.of_notebook(node.func):
            step: Action | CallBlock = Action(id="", instrument=self._path(node.func.value), method=node.func.attr, outputs=outputs)
        elif self.function_of(node) is not None:
            return self.nested(node, {}) if not outputs else self._bare_result(node)
        elif isinstance(node.func, ast.Name) and node.func.id in self.values.roots:
            step = CallBlock(id="", block=node.func.id, outputs=outputs)
        else:
            return None
        return replace(step, arguments=self._arguments(node, self._require(step, node.func)))

    def _signal(self, node: ast.Call, outputs: tuple[str, ...]) -> Step | None:
        """Return the step for ``dac.ch1.get()`` and ``dac.ch1.set(1)``."""
        target, value = signal_in(node, self.values.deck) or (None, None)
        if target is None or (value is not None and outputs):
            return None
        return self._get(target, outputs) if value is None else self.set(target, value)

    def _bare_result(self, node: ast.Call) -> Step:
        called = ast.unparse(node.func)
        raise Refused(node, f'a workflow gives back its results by name; write {called}(…)["name"]')

    def _path(self, node: ast.expr) -> str:
        return self.values.source.segment(node)

    def _require(self, step: Step, node: ast.expr) -> tuple[Parameter, ...] | None:
        try:
            return self.values.deck.require(step, ast.unparse(node))
        except UnknownNameError as error:
            raise Refused(node, str(error).replace("?.", "?")) from None

    def _get(self, node: ast.Attribute, outputs: tuple[str, ...]) -> Step:
        step = GetProperty(id="", instrument=self._path(node.value), property=node.attr, outputs=outputs)
        self._require(step, node)
        return step

    def set(self, target: ast.Attribute, value: ast.expr) -> Step:
        """Return the step for ``reactor.temperature = 25``."""
        if not self.values.of_notebook(target):
            raise Refused(value, "only properties of instruments can be set")
        path = self._path(target.value)
        step = SetProperty(id="", instrument=path, property=target.attr, value=Constant(None))
        self._require(step, target)
        return replace(step, value=self.values.value(value, self.values.deck.parameter(step, "value")))

    def _arguments(self, node: ast.Call, parameters: Sequence[Parameter] | None) -> Mapping[str, Value]:
        """Return the arguments by name; raise `Refused` with everything that is wrong with them."""
        args, named = self._spread(node, parameters)
        problems: list[Problem] = []
        bound = bind_arguments(args, named, parameters, problems)
        known = {one.name: one for one in parameters or ()}
        found: dict[str, Value] = {}
        for name, given in bound.items():
            try:
                found[name] = self.values.value(as_node(given), known.get(name))
            except Refused as refused:  # noqa: PERF203 - all problems at once
                problems.append(Problem("" if refused.why.startswith(f"{name}: ") else name, refused.why))
        if problems:
            raise Refused(node, "; ".join(map(str, problems)))
        return found

    def _spread(self, node: ast.Call, parameters: Sequence[Parameter] | None) -> tuple[list[object], dict[str, object]]:
        """Return what is passed by position and by name; ``*values`` and ``**values`` go to the parameters that gather."""
        args: list[object] = [one for one in node.args if not isinstance(one, ast.Starred)]
        named: dict[str, object] = {one.arg: one.value for one in node.keywords if one.arg is not None}
        gathering = {one.passing: one.name for one in parameters or ()}
        stars = [("var_positional", one.value) for one in node.args if isinstance(one, ast.Starred)]
        stars += [("var_keyword", one.value) for one in node.keywords if one.arg is None]
        known = {one.name for one in parameters or ()}
        places = sum(one.passing in {"positional", "either"} for one in parameters or ())
        for passing, value in stars:
            alone = len(args) <= places if passing == "var_positional" else known.issuperset(named)
            name = gathering.get(passing, "")  # type: ignore[call-overload] # the two literals above
            if not name or not alone or name in named:
                raise Refused(node, "* and ** stand only for all that a method gathers; write the arguments one by one")
            named[name] = value
        return args, named

    def nested(self, node: ast.Call, outputs: Mapping[str, str]) -> Step:
        """Return the step that runs the function of another workflow."""
        function = self.function_of(node)
        assert function is not None  # noqa: S101 - the callers have looked
        callee = self._nested(function)
        places = [one.arg for one in parameters_of(function)]
        given: dict[str, ast.expr] = dict(zip(places, node.args, strict=False))
        given |= {one.arg: one.value for one in node.keywords if one.arg is not None}
        spread = any(one.arg is None for one in node.keywords) or any(isinstance(one, ast.Starred) for one in node.args)
        if spread or len(node.args) > len(places):
            raise Refused(node, f"{function.name} takes {', '.join(places) or 'nothing'}; write the arguments one by one")
        arguments: dict[str, Value] = {}
        spelled = {one.arg: self.values.source.written(one) for one in parameters_of(function)}
        for name, value in given.items():
            if name not in spelled:
                raise Refused(node, f"{function.name} has no parameter {name}; it has {', '.join(places) or 'none'}{near(name, places)}")
            if name not in callee.instruments:
                arguments[spelled[name]] = self.values.value(value, callee.inputs.get(spelled[name]))
            elif not isinstance(value, ast.Name) or value.id != name:
                raise Refused(node, f"a nested workflow works on the instruments it names: give {name}, not {ast.unparse(value)}")
        version = content_hash(callee.workflow)
        self.callees[version] = callee.workflow
        return CallWorkflow(id="", workflow=callee.workflow.name, version=version, arguments=arguments, outputs=dict(outputs))
