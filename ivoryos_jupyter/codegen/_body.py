"""How are the steps of one phase written as statements?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._calls import call_source, impossible, value_source
from ivoryos_jupyter.codegen._expressions import formula
from ivoryos_jupyter.codegen._texts import filled, printable
from ivoryos_jupyter.workflow import (
    READING,
    Action,
    CallBlock,
    CallWorkflow,
    Comment,
    Constant,
    ForEach,
    GetProperty,
    If,
    Input,
    Pause,
    Repeat,
    SetProperty,
    SetVariable,
    Wait,
    WaitFor,
    WaitUntil,
    While,
    sentence,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ivoryos_jupyter.codegen._functions import Nested
    from ivoryos_jupyter.codegen._module import Module
    from ivoryos_jupyter.workflow import DeckIndex, Scope, Step

INDENT = "    "
Lines = list[str]


def indented(lines: Iterable[str]) -> Lines:
    """Return `lines` one level further in; a body in which nothing is done gets a ``pass``."""
    given = list(lines)
    if all(line.lstrip().startswith("#") for line in given):
        given.append("pass")
    return [f"{INDENT}{line}" if line else "" for line in given]


class Body:
    """Writes the steps of one function."""

    def __init__(
        self,
        module: Module,
        deck: DeckIndex,
        before: Mapping[str, Scope],
        inputs: Iterable[str],
        nested: Mapping[str, Nested],
        *,
        is_async: bool,
    ) -> None:
        """Know the names at each step in `before`, and the functions of nested workflows by version."""
        self.module = module
        self.deck = deck
        self.before = before
        self.inputs = frozenset(inputs)
        self.nested = nested
        self.is_async = is_async

    def lines(self, steps: Iterable[Step]) -> Lines:
        """Return the statements for `steps`."""
        return [line for step in steps for line in self._step(step)]

    def _step(self, step: Step) -> Lines:
        note = [f"# {printable(line)}" for line in step.note.splitlines()]
        if step.disabled:
            return [*note, f"# disabled: {printable(sentence(step))}"]
        lines = _WRITERS[type(step)](self, step)
        if step.on_error.action != "continue":
            return [*note, *lines]
        if isinstance(step, If | While | Repeat | ForEach | CallWorkflow):
            raise impossible(step, "a block that is skipped when its condition fails has no form in Python; give its steps the policy")
        error = self.module.fresh("error")
        skipped = f'print(f"skipped after an error: {{{error}}}")'
        return [*note, "try:", *indented(lines), f"except Exception as {error}:", *indented([skipped])]

    def call(self, step: Step, source: str, *, awaited: bool) -> str:
        """Return the source of a call with the step's retries."""
        policy = step.on_error
        if policy.action != "retry" or policy.retries < 1:
            return f"await {source}" if awaited else source
        helper = self.module.helper("retried_async" if awaited else "retried")
        called = f"{helper}(lambda: {source}, times={policy.retries}, delay_s={policy.delay_s!r})"
        return f"await {called}" if awaited else called

    def known(self, step: Step) -> frozenset[str]:
        """Return the names that certainly have a value before `step`."""
        return self.inputs | frozenset(self.before[step.id].sure)

    def sleep(self, seconds: str) -> str:
        """Return the statement that waits."""
        if self.is_async:
            return f"await {self.module.imported('asyncio')}.sleep({seconds})"
        return f"{self.module.imported('time')}.sleep({seconds})"


def _assigned(outputs: tuple[str, ...], source: str) -> Lines:
    """Return the statement that gives the results their names."""
    if not any(outputs):
        return [source]
    return [f"{', '.join(name or '_' for name in outputs)} = {source}"]


def _action(body: Body, step: Action | CallBlock) -> Lines:
    method = body.deck.method(step)
    source = call_source(step, method.parameters if method else None, body.module)
    return _assigned(step.outputs, body.call(step, source, awaited=bool(method and method.coroutine)))


def _get(body: Body, step: GetProperty) -> Lines:
    found = body.deck.property(step)
    source = found.reading(step.instrument) if found else f"{step.instrument}.{step.property}"
    return _assigned(step.outputs, body.call(step, source, awaited=bool(found and found.access == "awaited")))


def _set(body: Body, step: SetProperty) -> Lines:
    source = value_source(step.value, body.deck.parameter(step, "value"), body.module)
    found = body.deck.property(step)
    if found and found.access != "attribute":
        return [body.call(step, found.setting(step.instrument, source), awaited=found.access == "awaited")]
    if step.on_error.action == "retry" and step.on_error.retries > 0:
        return [body.call(step, f'setattr({step.instrument}, "{step.property}", {source})', awaited=False)]
    return [f"{step.instrument}.{step.property} = {source}"]


def _nested(body: Body, step: CallWorkflow) -> Lines:
    found = body.nested.get(step.version)
    if found is None:
        raise impossible(step, f"the pinned version of {step.workflow} is not there; choose the workflow again")
    kinds = {one.name: one for one in found.inputs}
    given = [f"{name}={value_source(value, kinds.get(name), body.module)}" for name, value in step.arguments.items()]
    call = f"{'await ' if found.is_async else ''}{found.name}({', '.join([*found.instruments, *given])})"
    outputs = list(step.outputs.items())
    if not outputs:
        return [call]
    if len(outputs) == 1 and outputs[0][0] in found.sure:
        result = f"({call})" if found.is_async else call  # an await binds looser than the brackets after it
        return [f'{outputs[0][1]} = {result}["{outputs[0][0]}"]']
    result = body.module.fresh("found")
    lines = [f"{result} = {call}"]
    for inside, outside in outputs:
        taken = f'{outside} = {result}["{inside}"]'
        lines += [taken] if inside in found.sure else [f'if "{inside}" in {result}:', *indented([taken])]
    return lines


def _if(body: Body, step: If) -> Lines:
    lines: Lines = []
    for index, branch in enumerate(step.branches):
        lines += [f"{'elif' if index else 'if'} {formula(branch.condition, body.module)}:", *indented(body.lines(branch.body))]
    if not step.branches:
        return body.lines(step.otherwise)
    return [*lines, "else:", *indented(body.lines(step.otherwise))] if step.otherwise else lines


def _while(body: Body, step: While) -> Lines:
    rounds = body.module.fresh("rounds")
    count = f"{rounds} = {body.module.helper('counted')}({rounds}, most={step.most})"
    return [f"{rounds} = 0", f"while {formula(step.condition, body.module)}:", *indented([count, *body.lines(step.body)])]


def _repeat(body: Body, step: Repeat) -> Lines:
    plain = step.times.value if isinstance(step.times, Constant) else None
    times = str(int(plain)) if isinstance(plain, int | float) and plain == int(plain) else value_source(step.times, None, body.module)
    return [f"for _ in range({times}):", *indented(body.lines(step.body))]


def _for_each(body: Body, step: ForEach) -> Lines:
    return [f"for {step.item} in {value_source(step.items, None, body.module)}:", *indented(body.lines(step.body))]


def _wait(body: Body, step: Wait) -> Lines:
    return [body.sleep(value_source(step.seconds, None, body.module))]


def _wait_until(body: Body, step: WaitUntil) -> Lines:
    return [f'{body.module.helper("wait_until")}("{step.time}")']


def _wait_for(body: Body, step: WaitFor) -> Lines:
    """Write the reading as a lambda; a method is called, and awaited where it is a coroutine."""
    found = body.deck.property(step)
    method = body.deck.method(step) if found is None else None
    read = found.reading(step.instrument) if found else f"{step.instrument}.{step.property}{'()' if method else ''}"
    awaited = method.coroutine if method else bool(found and found.access == "awaited")
    given = {"hold_s": step.hold_s, "every_s": step.every_s, "timeout_s": step.timeout_s}
    options = "".join(f", {name}={value!r}" for name, value in given.items() if value != _DEFAULTS[name])
    helper = body.module.helper("wait_for_async" if awaited else "wait_for")
    source = f"{helper}(lambda: {read}, lambda {READING}: {formula(step.condition, body.module)}{options})"
    return _assigned(step.outputs, body.call(step, source, awaited=awaited))


_DEFAULTS = {"hold_s": 0.0, "every_s": 1.0, "timeout_s": None}


def _comment(body: Body, step: Comment) -> Lines:
    return [f"print({filled(step.text, body.known(step))})"]


def _pause(body: Body, step: Pause) -> Lines:
    return [f"input({filled(step.message, body.known(step))})"]


def _input(body: Body, step: Input) -> Lines:
    message = filled(step.message, body.known(step))
    given = {"choices": list(step.choices), "unit": step.unit, "minimum": step.minimum, "maximum": step.maximum, "default": step.default}
    options = "".join(
        f", {name}={value!r}" for name, value in given.items() if value not in ([], "", None) or (name, value) == ("default", "")
    )
    if step.type == "str" and not options:
        return [f"{step.name} = input({message})"]
    return [f"{step.name} = {body.module.helper('ask')}({message}, {step.type}{options})"]


def _variable(body: Body, step: SetVariable) -> Lines:
    return [f"{step.name} = {value_source(step.value, None, body.module)}"]


_WRITERS: Mapping[type[Step], Callable[..., Lines]] = {
    Action: _action,
    CallBlock: _action,
    GetProperty: _get,
    SetProperty: _set,
    CallWorkflow: _nested,
    If: _if,
    While: _while,
    Repeat: _repeat,
    ForEach: _for_each,
    Wait: _wait,
    WaitUntil: _wait_until,
    WaitFor: _wait_for,
    Comment: _comment,
    Pause: _pause,
    Input: _input,
    SetVariable: _variable,
}
