"""What an input step asks for goes into Python and back."""

from __future__ import annotations

import builtins

import pytest

from ivoryos_jupyter.codegen import parse, render
from ivoryos_jupyter.errors import WorkflowError
from ivoryos_jupyter.schema import DeckSchema
from ivoryos_jupyter.workflow import Input, Workflow

DECK = DeckSchema("lab")
VOLUME = Input(id="", message="How much?", name="volume", type="float", unit="mL", minimum=0.5, maximum=10.0, default=2.5)


@pytest.mark.parametrize(
    "step",
    [
        VOLUME,
        Input(id="", message="Which?", name="vial", type="int", choices=(1, 2), default=1),
        Input(id="", message="Notes?", name="notes", default="none"),
        Input(id="", message="Notes?", name="notes", default=""),
        Input(id="", message="Go on?", name="go", type="bool", default=False),
    ],
)
def test_what_is_asked_comes_back_from_its_python(step):
    source = render(Workflow(name="w", script=(step,)), DECK)
    (again,) = parse(source, DECK).script
    assert (again.type, again.choices, again.unit, again.minimum, again.maximum, again.default) == (
        step.type,
        step.choices,
        step.unit,
        step.minimum,
        step.maximum,
        step.default,
    )


@pytest.mark.parametrize("options", ["minimum='a'", "maximum=True", "unit=3", "default=[1]", "minimum=least", "mininum=1"])
def test_what_cannot_be_meant_is_refused_with_its_line(options):
    with pytest.raises(WorkflowError):
        parse(f"volume = ask('How much?', float, {options})", DECK)


def test_the_generated_script_asks_as_the_run_does(monkeypatch, capsys):
    source = render(Workflow(name="w", script=(VOLUME,)), DECK)
    typed = iter(["much", "0.1", "11", "3"])
    monkeypatch.setattr(builtins, "input", lambda _: next(typed))
    names: dict[str, object] = {"__name__": "generated"}
    exec(compile(source, "generated", "exec"), names)  # noqa: S102 - that is what such a script is for
    assert names["ask"]("How much?", float, unit="mL", minimum=0.5, maximum=10.0, default=2.5) == 3.0
    assert "not within" in capsys.readouterr().out
    monkeypatch.setattr(builtins, "input", lambda _: "")
    assert names["ask"]("How much?", float, default=2.5) == 2.5
