"""How long does a workflow of 1000 steps take to open in the builder, and does the page keep up while one of them is dragged?

In a real JupyterLab with a real kernel and Chromium. The yardsticks are the clock, and the frames of the same page at rest.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench_panel import drawn, laboratory
from yardstick import Figure, in_turns, report

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from builder_page import BuilderPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

OPEN_ROUNDS = 4
DRAG_ROUNDS = 3
OPEN_AIM = 1.0
FRAME_AIM = 1.2
"""50 frames a second, where the page at rest has 60."""
LONG = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump
pump = Pump(time_scale=0)
wf = ivoryos.new_workflow("long")
for number in range(1000):
    wf.script.call("pump.dispense", volume_ml=number / 1000)
wf.save()
"""
COUNT_FRAMES = """() => {
    window.frames = [];
    let last = performance.now();
    const tick = now => {
        window.frames.push(now - last);
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""
MEAN_FRAME = "() => { const all = window.frames; window.frames = []; return all.reduce((sum, one) => sum + one, 0) / all.length; }"
REST_MS = 1000


def at_rest(page: Page) -> float:
    """Return the seconds of a frame while nothing happens."""
    page.evaluate(MEAN_FRAME)
    page.wait_for_timeout(REST_MS)
    return float(page.evaluate(MEAN_FRAME)) / 1e3


def dragging(page: Page, builder: BuilderPage) -> float:
    """Return the seconds of a frame while a step is dragged up and down; it is put back with Escape."""
    steps = builder.root.locator("[data-step]")
    start, end = builder.settled(steps.nth(1)), builder.settled(steps.nth(7))
    page.mouse.move(start["x"] + 40, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 52, start["y"] + 16, steps=3)
    page.evaluate(MEAN_FRAME)
    for _ in range(4):
        page.mouse.move(end["x"] + 40, end["y"] + 20, steps=25)
        page.mouse.move(start["x"] + 50, start["y"] + 20, steps=25)
    taken = float(page.evaluate(MEAN_FRAME)) / 1e3
    page.keyboard.press("Escape")
    page.mouse.up()
    return taken


def figures() -> Iterator[Figure]:
    """Measure."""
    with laboratory() as lab:
        notebook = lab.open(LONG, "ivoryos.builder('long')")
        notebook.run(0, timeout=120)
        opened = min(drawn(notebook, 1, "[data-step]", 1) for _ in range(OPEN_ROUNDS))
        builder = BuilderPage(notebook, cell=1)
        lab.page.evaluate(COUNT_FRAMES)
        frame, rest = in_turns(lambda: dragging(lab.page, builder), lambda: at_rest(lab.page), DRAG_ROUNDS)
    yield Figure("a workflow of 1000 steps opened in the builder", opened, "the clock", 1.0, aim=OPEN_AIM)
    yield Figure("a frame while one of its steps is dragged", frame, "a frame of the page at rest", rest, aim=FRAME_AIM)


if __name__ == "__main__":
    report(figures)
