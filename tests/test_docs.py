"""Does the documentation tell the truth?  Its Python is run, page by page, and printed output is compared."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import dataclasses
import doctest
import inspect
import io
import re
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import get_args

import pandas as pd
import pytest

import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.records._tables import Base
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer, Stirrer
from ivoryos_jupyter.workflow import AnyStep, Step

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Example:
    """A block of Python, and what it prints where the page says so."""

    code: str
    line: int
    output: str | None = None


def examples(document: Path) -> list[Example]:
    """Return the examples of a page; a text block directly below one is its output."""
    text, found, end = document.read_text(encoding="utf-8"), [], -1
    for fence in FENCE.finditer(text):
        language, content = fence.groups()
        if language == "python":
            found.append(Example(content, text.count("\n", 0, fence.start()) + 2))
            end = fence.end()
        elif found and not text[end : fence.start()].strip():
            found[-1].output = content
    return found


OTHERS_WARN = pytest.mark.filterwarnings("ignore")
PAGES = [
    pytest.param(one, id=one.relative_to(DOCS).as_posix(), marks=OTHERS_WARN if one.stem == "driver-libraries" else ())
    for one in sorted(DOCS.rglob("*.md"))
    if "_build" not in one.parts and examples(one)
]


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A folder of its own, simulated instruments that take no time, and a session on them."""
    monkeypatch.chdir(tmp_path)
    for name in ("IVORYOS_DATA", "IVORYOS_DB_URI", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    names = {
        "__name__": "__docs__",
        "ivoryos": ivoryos,
        "pump": Pump("COM3", time_scale=0),
        "reactor": Reactor("COM4", time_scale=0),
        "spectrometer": Spectrometer(time_scale=0),
        "stirrer": Stirrer(time_scale=0),
    }
    ivoryos.start(names, tmp_path, operator="Ada")
    with pd.option_context("display.width", 120, "display.max_columns", 20):
        yield names
    ivoryos.stop()


@pytest.mark.parametrize("document", PAGES)
def test_the_python_of_a_page_runs_and_prints_what_the_page_says(document, lab):
    for example in examples(document):
        printed = asyncio.run(run(example, document, lab))
        if example.output is not None:
            same = doctest.OutputChecker().check_output(example.output, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            assert same, f"{document}:{example.line} printed\n{printed}\nbut the page says\n{example.output}"


async def run(example: Example, document: Path, names: dict[str, object]) -> str:
    """Run an example as a notebook cell runs, `await` included, and return what it prints; the last value is printed, too."""
    tree = ast.parse("\n" * (example.line - 1) + example.code, str(document))
    if isinstance(tree.body[-1], ast.Expr):
        last = tree.body[-1]
        last.value = ast.Call(ast.Name("_show", ast.Load()), [last.value], [])
        ast.fix_missing_locations(tree)
    code = compile(tree, str(document), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    screen = io.StringIO()
    names["_show"] = lambda value: None if value is None else screen.write(f"{value!r}\n")
    with contextlib.redirect_stdout(screen):
        result = FunctionType(code, names)()
        if inspect.iscoroutine(result):
            await result
    return screen.getvalue()


def test_the_reference_names_every_public_name():
    text = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    named = set(re.findall(r"autofunction:: (\w+)|autoclass:: [\w.]+\.(\w+)|`ivoryos\.(\w+)`", text))
    known = {name for names in named for name in names}
    assert set(ivoryos.__all__) - known <= {"load_ipython_extension", "unload_ipython_extension"}


def test_the_reference_names_every_table_and_column():
    text = (DOCS / "reference" / "database.md").read_text(encoding="utf-8")
    sections = {part.partition("\n")[0]: part for part in text.split("\n## ")[1:]}
    found = {name: re.findall(r"^\| `(\w+)`", part, re.MULTILINE) for name, part in sections.items()}
    assert found == {name: [column.name for column in table.columns] for name, table in Base.metadata.tables.items()}


def test_the_reference_names_every_kind_of_step_and_its_keys():
    text = (DOCS / "reference" / "workflow-json.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text.partition("## Kinds of steps")[2], re.MULTILINE))
    common = {one.name for one in dataclasses.fields(Step)}
    for step in get_args(AnyStep):
        own = {one.name for one in dataclasses.fields(step)} - common
        assert own <= set(re.findall(r"`(\w+)`", rows[step.tag])), step.tag
