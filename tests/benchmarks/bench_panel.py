"""How long does the panel of a deck of 50 instruments with 20 methods of 4 parameters take to appear in Chromium?

From running the cell that shows it until all its instruments are on the screen, in a real JupyterLab with a real kernel. The
yardstick is the plainest thing that shows as much: one HTML table of the same 1000 methods with their signatures, shown by a cell of the
same notebook, in turns.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from yardstick import Figure, in_turns, report

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from conftest import VIEWPORT, Lab, find_chromium, is_root, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Notebook

ROUNDS = 6
AIM = 1.0
DECK = """
%load_ext ivoryos_jupyter
import inspect
import ivoryos_jupyter as ivoryos
from IPython.display import HTML
from ivoryos_jupyter.testing import make_big_deck
globals().update(make_big_deck())
"""
TABLE = """
cells = [
    f"<tr data-method><td>{name}</td><td>{method}</td><td>{inspect.signature(getattr(obj, method))}</td></tr>"
    for name, obj in make_big_deck().items() for method in dir(type(obj)) if not method.startswith("_")
]
HTML("<table>" + "".join(cells) + "</table>")
"""
PANEL = "ivoryos.control()"
TIMED = """async ([index, selector, count]) => {
    const panel = window.jupyterapp.shell.currentWidget;
    panel.content.widgets[index].model.clearExecution();
    while (document.querySelector(selector)) {
        await new Promise(requestAnimationFrame);
    }
    const start = performance.now();
    panel.content.activeCellIndex = index;
    window.jupyterapp.commands.execute('notebook:run-cell');
    while (document.querySelectorAll(selector).length < count) {
        await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


@contextmanager
def laboratory() -> Iterator[Lab]:
    """Open a page of a JupyterLab of our own."""
    options = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if is_root() else [])]
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        contextmanager(serve)(Path(folder), "lab", "--LabApp.expose_app_in_browser=True") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(args=options, executable_path=find_chromium())
        try:
            yield Lab(browser.new_page(viewport=VIEWPORT), server, "bench")
        finally:
            browser.close()


def drawn(notebook: Notebook, index: int, selector: str, count: int) -> float:
    """Return the seconds from running a cell until so many elements are drawn."""
    return float(notebook.page.evaluate(TIMED, [index, selector, count])) / 1e3


def figures() -> Iterator[Figure]:
    """Measure."""
    with laboratory() as lab:
        notebook = lab.open(DECK, TABLE, PANEL)
        notebook.run(0, timeout=120)
        ours, bare = in_turns(
            lambda: drawn(notebook, 2, "[data-instrument]", 50), lambda: drawn(notebook, 1, "[data-method]", 1000), ROUNDS
        )
    yield Figure("the panel of a deck of 50 x 20 x 4 drawn in Chromium", ours, "an HTML table of the 1000 methods", bare)
    yield Figure("the same, against one second", ours, "the clock", 1.0, aim=AIM)


if __name__ == "__main__":
    report(figures)
