"""The whole table of conversion, on each route on which a value reaches a driver without a screen."""

from __future__ import annotations

import csv
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest

from ivoryos_jupyter.errors import ProblemsError
from ivoryos_jupyter.notebook import WorkflowHandle
from ivoryos_jupyter.runner import Call
from ivoryos_jupyter.schema import LiveReference
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.testing._conversion_table import CONVERSION_TABLE, same
from ivoryos_jupyter.testing._conversion_types import NOTHING, Rack, Stage, taker_of
from ivoryos_jupyter.workflow import at_run


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    names = {"plate": Rack(), "tips": Rack(), "stage": Stage()}
    session = Session(Surroundings(tmp_path_factory.mktemp("bench"), names=lambda: names))
    for name in ("plate", "tips", "stage"):
        session.deck.include(name)
    session.bench = names
    yield session
    session.close()


def by_python(session, text, _folder):
    session.call("taker.take", (), {"value": text}).result(30)


def by_property(session, text, _folder):
    session.pipeline.submit(Call("taker", "level", "set", {"value": text}, text=True)).result(30)


def by_argument(session, text, _folder):
    wf = WorkflowHandle(session, "argument")
    wf.script.call("taker.take", value=text)
    finished(wf.submit(again=True))


def by_cell(session, text, _folder):
    finished(over_table(session).submit([{"value": text}], again=True))


def by_csv(session, text, folder):
    path = folder / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["vial", "value"], ["007", text]])
    finished(over_table(session).submit(path, sample="vial", again=True))


def over_table(session):
    wf = WorkflowHandle(session, "cell")
    wf.script.call("taker.take", value=at_run("value"))
    return wf


def finished(run):
    status = run.wait(30)
    assert status.error is None, status.error


ROUTES = {"python": by_python, "property": by_property, "argument": by_argument, "table cell": by_cell, "CSV cell": by_csv}
"""The panel's route is tested with the panel."""


@pytest.mark.parametrize("row", CONVERSION_TABLE, ids=lambda row: row.name)
@pytest.mark.parametrize("route", ROUTES)
def test_the_conversion_table_holds(bench, tmp_path, route, row):
    taker = bench.bench["taker"] = taker_of(row.annotation)
    bench.refresh()
    if row.error:
        with pytest.raises(ProblemsError) as caught:
            ROUTES[route](bench, row.text, tmp_path)
        assert row.error in str(caught.value)
        assert taker.received is NOTHING
    else:
        ROUTES[route](bench, row.text, tmp_path)
        assert same(taker.received, wanted(bench, route, row))


def wanted(session, route, row):
    """Return what the driver must have got: references followed; a text of Python is itself where a text is admitted."""
    value_given = route in {"python", "argument", "table cell"}
    if value_given and admits_text(row.annotation) and not isinstance(row.expected, LiveReference):
        return row.text
    return followed(session, row.expected)


def admits_text(annotation):
    return annotation is Any or (get_origin(annotation) in {Union, UnionType} and str in get_args(annotation))


def followed(session, expected):
    if isinstance(expected, list):
        return [followed(session, item) for item in expected]
    text = getattr(expected, "text", None)
    return expected if text is None else session.deck.resolve(text)
