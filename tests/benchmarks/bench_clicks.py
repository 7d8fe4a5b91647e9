"""How long does a click on Pause or Resume take to be acknowledged by the runner, in a real JupyterLab, while a cell blocks?

From the click in Chromium to the runner's snapshot that says it is obeyed, and to the arrival of that snapshot in the page, with two
notebooks open: from the sidebar, from the buttons in the notebook, and from the sidebar after a reload of the page in mid-cell; for the
kernel in use and for two older ones. The yardstick is the same click while the kernel is idle. The way back can take 40 ms more than the
way there: Jupyter's server leaves the kernel's short messages to the operating system to be gathered.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from yardstick import Figure, report

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from conftest import VIEWPORT, Lab, find_chromium, is_root, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

CLICKS = 60
KERNELS = ("python3", "ipykernel-7.2.0", "ipykernel-6.31.0")
SETUP = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump
pump = Pump(capacity_ml=1000)
wf = ivoryos.new_workflow("rest")
wf.script.wait(3600)
run = wf.submit(name="night")
run
"""
BLOCKING = {
    "time.sleep": "import time; time.sleep(600)",
    "a tight loop": "import time\nend = time.monotonic() + 600\nwhile time.monotonic() < end: pass",
}
LISTEN = """() => {
    const seen = window.seen = {click: 0, asked: null, took: []};
    const text = data => (typeof data === 'string' ? data : new TextDecoder().decode(data));
    document.addEventListener('click', event => { seen.click = event.timeStamp; seen.asked = null; }, true);
    const Plain = window.WebSocket;
    window.WebSocket = class extends Plain {
        constructor(...given) {
            super(...given);
            this.addEventListener('message', event => {
                if (seen.asked && !(event.data instanceof Blob) && text(event.data).includes(seen.asked)) {
                    const said = text(event.data);
                    const at = /"at_us": ?(\\d+)/.exec(said);
                    if (said.includes('"ivoryos_reply"') && at) {
                        seen.took.push([Number(at[1]) / 1000 - performance.timeOrigin - seen.click, performance.now() - seen.click]);
                        seen.asked = null;
                    }
                }
            });
        }
        send(data) {
            const said = text(data);
            if (said.includes('ivoryos_request') && /run\\.(pause|resume)/.test(said)) {
                seen.asked = /"msg_id": ?"([^"]+)"/.exec(said)[1];
            }
            super.send(data);
        }
    };
}"""


@contextmanager
def page_of(server: object) -> Iterator[Page]:
    """Open a page whose clicks and acknowledgements are timed."""
    arguments = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if is_root() else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(args=arguments, executable_path=find_chromium())
        page = browser.new_page(viewport=VIEWPORT)
        page.add_init_script(f"({LISTEN})()")
        yield page
        page.goto("about:blank")
        browser.close()


def clicks(page: Page, buttons: Locator) -> tuple[list[float], list[float]]:
    """Click Pause and Resume in turns and return the seconds until each was obeyed, and until the page knew, in order of size."""
    page.evaluate("() => { window.seen.took = []; }")
    for number in range(CLICKS):
        buttons.get_by_role("button", name="Resume" if number % 2 else "Pause").click()
        page.wait_for_function("count => window.seen.took.length > count", arg=number)
    took = page.evaluate("() => window.seen.took")
    return sorted(obeyed / 1000 for obeyed, _ in took), sorted(known / 1000 for _, known in took)


def of_kernel(lab: Lab, kernel: str) -> Iterator[tuple[str, tuple[list[float], list[float]]]]:
    """Yield the times of each place and situation on one kernel."""
    page = lab.page
    lab.open("%load_ext ivoryos_jupyter", name=f"other-{kernel}").run(0)
    notebook = lab.open(SETUP, *BLOCKING.values(), name=f"first-{kernel}", reset=False, kernel=kernel)
    notebook.run(0)
    notebook.save()
    page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    sidebar, view = page.locator(".ivo-sb"), notebook.cell(0).locator(".ivo")
    yield "idle, sidebar", clicks(page, sidebar)
    yield "idle, notebook", clicks(page, view)
    for cell, name in enumerate(BLOCKING, 1):
        notebook.start(cell)
        notebook.wait_running(cell)
        yield f"{name}, sidebar", clicks(page, sidebar)
        yield f"{name}, notebook", clicks(page, view)
        notebook.save()
        notebook.reload(idle=False)
        page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
        yield f"{name}, sidebar after a reload", clicks(page, sidebar)
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
        notebook.wait_idle()
        view.get_by_role("button", name="Pause").wait_for()  # widgets are restored when the kernel is free
    lab.server.shut_kernels_down()


def figures() -> Iterator[Figure]:
    """Measure; the click that is slower than 95 of 100 counts."""
    with tempfile.TemporaryDirectory() as folder:
        for server in serve(Path(folder), "lab", "--LabApp.expose_app_in_browser=True"):
            with page_of(server) as page:
                lab = Lab(page, server, "bench")
                for kernel in KERNELS:
                    yield from _lines(kernel, dict(of_kernel(lab, kernel)))


def _lines(kernel: str, taken: dict[str, tuple[list[float], list[float]]]) -> Iterator[Figure]:
    for name, times in taken.items():
        idle = taken["idle, notebook" if name.endswith("notebook") else "idle, sidebar"]
        for part, at in (("median", CLICKS // 2), ("95 %", int(0.95 * CLICKS))):
            for end, mine, theirs in zip(("obeyed", "known in the page"), times, idle, strict=True):
                if not name.startswith("idle"):
                    yield Figure(f"{kernel}, {name}: click to {end}, {part}", mine[at], "the same, idle", theirs[at])


if __name__ == "__main__":
    report(figures)
