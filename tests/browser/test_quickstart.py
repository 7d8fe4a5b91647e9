"""Does the first notebook do in a browser what it says?"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

QUICKSTART = Path(__file__).parents[2] / "notebooks/quickstart.ipynb"


def index_of(text):
    """Return the number of the cell that holds `text`."""
    cells = nbformat.read(QUICKSTART, as_version=4).cells
    return next(number for number, cell in enumerate(cells) if cell.cell_type == "code" and text in cell.source)


@pytest.fixture
def quickstart(lab):
    lab.folder.mkdir(parents=True)
    shutil.copy(QUICKSTART, lab.folder / "quickstart.ipynb")
    return lab.show(f"{lab.folder.name}/quickstart.ipynb")


def run_until(notebook, last):
    cells = nbformat.read(QUICKSTART, as_version=4).cells
    for number, cell in enumerate(cells[: last + 1]):
        if cell.cell_type == "code":
            notebook.run(number, timeout=60)


def test_a_call_by_clicking_shows_its_result_and_is_in_the_database(quickstart, lab):
    at = index_of("ivoryos.control(pump)")
    run_until(quickstart, at)
    panel = quickstart.cell(at).locator(".ivo")
    dispense = panel.locator("[data-member='pump.dispense']")
    dispense.locator(".ivo-row-button").first.click()
    dispense.locator("[data-field='volume_ml'] input").first.fill("1.25")
    dispense.get_by_role("button", name="Dispense", exact=True).click()
    expect(dispense).to_contain_text("8.75")
    lab.screenshot("quickstart-call")
    with sqlite3.connect(lab.folder / "ivoryos_data" / "ivoryos.db") as database:
        rows = database.execute("SELECT method_name, kwargs, output, run_error FROM single_steps").fetchall()
    database.close()
    assert rows == [("deck.pump.dispense", '{"volume_ml": 1.25}', "8.75", None)]


def test_all_cells_run_and_the_tables_say_what_happened(quickstart, lab):
    last = index_of("print(wf.python)")
    run_until(quickstart, last)
    outputs = quickstart.text(index_of("run.outputs"))
    assert all(sample in outputs for sample in ("A1", "A2", "A3"))
    assert "completed" in quickstart.text(index_of("await run"))
    assert "def dose_and_measure" in quickstart.text(last)
    for name, text in {"deck": "%ivoryos deck", "builder": "wf.edit()", "run": "run = wf.submit", "tables": "history.steps"}.items():
        quickstart.cell(index_of(text)).scroll_into_view_if_needed()
        lab.page.wait_for_function("() => document.readyState === 'complete'")
        lab.screenshot(f"quickstart-{name}")
