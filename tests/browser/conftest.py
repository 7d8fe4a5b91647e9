"""How do tests drive a real JupyterLab in a real browser?  One private server a session, a fresh notebook and page a test.

A test asks for `lab` and opens notebooks with it::

    def test_something(lab):
        notebook = lab.open("import ivoryos", "%load_ext ivoryos")
        notebook.run(0)
        assert notebook.text(0) == ""
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import nbformat
import pytest
from jupyter_core.paths import jupyter_path
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results/screens"
VIEWPORT = {"width": 1366, "height": 768}
STARTED_WITHIN_S = 240.0
STARTS = 3
PATIENCE_MS = 60_000
"""How long a test waits for what it needs: a machine that does other things too is slow, not wrong."""
expect.set_options(timeout=PATIENCE_MS)
ONE_TEST_WITHIN_S = 360
ORPHAN_ENDS_AFTER_S = 3600  # longer than all tests together: a server waits for its next test without being used

SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


def pytest_collection_modifyitems(items):
    """A test in a browser, and the first start of its server, have more time than others."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(ONE_TEST_WITHIN_S))


def is_root() -> bool:
    return hasattr(os, "getuid") and os.getuid() == 0


def find_chromium() -> str | None:
    """`$CHROMIUM`, then PATH; None means the one Playwright brings."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    arguments = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if is_root() else [])]
    path = find_chromium()
    return {**browser_type_launch_args, "args": arguments, **({"executable_path": path} if path else {})}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": VIEWPORT}


@pytest.fixture(scope="session")
def shared_context(browser, browser_context_args):
    """One profile for all pages: what JupyterLab consists of is fetched and compiled once."""
    context = browser.new_context(**browser_context_args)
    context.set_default_timeout(PATIENCE_MS)
    context.set_default_navigation_timeout(2 * PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(shared_context):
    """A fresh page; what it kept is forgotten."""
    page = shared_context.new_page()
    yield page
    for one in shared_context.pages:
        one.close()
    shared_context.clear_cookies()
    shared_context.clear_permissions()


@dataclass(frozen=True)
class Server:
    """A running Jupyter server of our own."""

    url: str
    folder: Path
    settings: Path

    def request(self, path: str, method: str = "GET") -> object:
        request = urllib.request.Request(self.url + path, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_MS / 1000) as response:
            body = response.read()
        return json.loads(body) if body else None

    def end(self, path: str) -> None:
        """Delete what may end by itself at the same moment."""
        try:
            self.request(path, "DELETE")
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                    raise

    def kernels(self) -> list[str]:
        return [kernel["id"] for kernel in self.request("api/kernels")]

    def shut_kernels_down(self) -> None:
        for session in self.request("api/sessions"):
            self.end(f"api/sessions/{session['id']}")
        for kernel in self.kernels():
            self.end(f"api/kernels/{kernel}")

    def forget_settings(self) -> None:
        """A test that chose another theme leaves it to nobody."""
        shutil.rmtree(self.settings, ignore_errors=True)
        _write_settings(self.settings)


def _environment(folder: Path) -> dict[str, str]:
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    for name in own.values():
        (folder / name).mkdir()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IVORYOS"))}
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {**inherited, **{variable: str(folder / name) for variable, name in own.items()}, "PYTHONPATH": path}


def older_kernels() -> list[str]:
    """The versions of ipykernel that `make test` installs beside the one in use."""
    return sorted(folder.name for folder in Path(sys.prefix, "kernels").glob("*"))


def _write_kernels(folder: Path) -> None:
    """Make each older ipykernel a kernel of its own name."""
    for version in older_kernels():
        path = folder / "data/kernels" / f"ipykernel-{version}" / "kernel.json"
        path.parent.mkdir(parents=True)
        spec = {
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": f"ipykernel {version}",
            "language": "python",
            "env": {"PYTHONPATH": os.pathsep.join([str(Path(sys.prefix, "kernels", version)), str(ROOT)])},
        }
        path.write_text(json.dumps(spec), encoding="utf-8")


def _write_settings(folder: Path) -> None:
    for plugin, settings in SETTINGS.items():
        path = folder / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")


def _url_once_started(process: subprocess.Popen, folder: Path) -> str | None:
    """The server writes its address into its runtime folder; wait until it answers there. None when it ended instead."""
    deadline = time.monotonic() + STARTED_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        for info in (folder / "runtime").glob("jpserver-*.json"):
            try:
                url = json.loads(info.read_text(encoding="utf-8"))["url"]
                urllib.request.urlopen(url + "api", timeout=5).close()
            except (OSError, ValueError):
                continue
            return url
        time.sleep(0.05)
    return None


def _start(command: list[str], environment: dict[str, str], folder: Path) -> tuple[subprocess.Popen, str]:
    """Start it, once more when somebody else took its port between its choice and its use."""
    log = folder / "server.log"
    for _attempt in range(STARTS):
        with log.open("ab") as output:
            process = subprocess.Popen(command, cwd=folder / "work", env=environment, stdout=output, stderr=subprocess.STDOUT)
        url = _url_once_started(process, folder)
        if url is not None:
            return process, url
        _end(process)
    pytest.fail(f"The Jupyter server did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def serve(folder: Path, app: str, *options: str):
    """Start a server in `folder`; yields it, and ends it with all its kernels."""
    environment = _environment(folder)
    _write_settings(folder / "settings")
    _write_kernels(folder)
    work = folder / "work"
    work.mkdir()
    command = [
        *(sys.executable, "-m", "jupyter", app, "--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
        *("--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True"),
        f"--ServerApp.root_dir={work}",
        f"--ServerApp.shutdown_no_activity_timeout={ORPHAN_ENDS_AFTER_S}",
        f"--MappingKernelManager.cull_idle_timeout={ORPHAN_ENDS_AFTER_S}",
        *(["--allow-root"] if is_root() else []),
        *options,
    ]
    process, url = _start(command, environment, folder)
    try:
        server = Server(url, work, folder / "settings")
        yield server
        server.shut_kernels_down()
    finally:
        _end(process)


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory):
    """One JupyterLab for all tests."""
    yield from serve(tmp_path_factory.mktemp("lab"), "lab", "--LabApp.expose_app_in_browser=True")


class Notebook:
    """An open notebook in a page."""

    CURRENT = "window.jupyterapp?.shell?.currentWidget"

    def __init__(self, page, path: str) -> None:
        self.page = page
        self.path = path

    def wait_idle(self) -> None:
        self.page.wait_for_function(
            f"() => {self.CURRENT}?.sessionContext?.session?.kernel?.status === 'idle' && {self.CURRENT}.context.isReady"
        )

    def start(self, index: int) -> None:
        """Run a cell without waiting for its end."""
        self.page.evaluate(
            f"""index => {{
                const panel = {self.CURRENT};
                panel.content.activeCellIndex = index;
                panel.content.activeCell.model.clearExecution();  // what it said before does not count as its end
                window.jupyterapp.commands.execute('notebook:run-cell');
            }}""",
            index,
        )

    def wait(self, index: int, timeout: float = PATIENCE_MS / 1000) -> None:
        """Wait until a cell has ended."""
        self.page.wait_for_function(
            f"""index => {{
                const model = {self.CURRENT}.content.widgets[index].model;
                return model.executionState === 'idle' && model.executionCount !== null;
            }}""",
            arg=index,
            timeout=timeout * 1000,
        )

    def run(self, index: int, timeout: float = PATIENCE_MS / 1000) -> None:
        """Run a cell to its end; its error fails the test."""
        self.start(index)
        self.wait(index, timeout)
        errors = [output for output in self.outputs(index) if output["output_type"] == "error"]
        assert not errors, "\n".join(errors[0]["traceback"])

    def wait_running(self, index: int) -> None:
        """Wait until the kernel works on a cell."""
        self.page.wait_for_function(
            f"""index => {self.CURRENT}.content.widgets[index].model.executionState === 'running'
                && {self.CURRENT}.sessionContext.session.kernel.status === 'busy'""",
            arg=index,
        )

    def is_running(self, index: int) -> bool:
        return self.page.evaluate(f"index => {self.CURRENT}.content.widgets[index].model.executionState === 'running'", index)

    def outputs(self, index: int) -> list[dict]:
        return self.page.evaluate(f"index => {self.CURRENT}.content.widgets[index].model.sharedModel.toJSON().outputs", index)

    def text(self, index: int) -> str:
        """What a cell printed, and its result as text."""
        parts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in self.outputs(index)]
        return "".join("".join(part) if isinstance(part, list) else part for part in parts)

    def cell(self, index: int):
        """The cell in the page, to look for widgets inside it."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(index)

    def restart_kernel(self) -> None:
        self.page.evaluate(f"() => {self.CURRENT}.sessionContext.restartKernel()")
        self.wait_idle()

    def reload(self, *, idle: bool = True) -> None:
        """Reload the page; with `idle` false the kernel may be busy."""
        self.page.reload()
        kernel = f"{self.CURRENT}?.sessionContext?.session?.kernel"
        self.page.wait_for_function(f"() => {kernel}?.connectionStatus === 'connected'")
        if idle:
            self.wait_idle()
            if self._widgets() == "missed":
                self.reload()

    def _widgets(self) -> str:
        """Wait for the widgets; ipywidgets misses those whose kernel is late, and then a person reloads once more."""
        return self.page.wait_for_function(
            f"""() => {{
                const {{ content, node }} = {self.CURRENT};
                const outputs = content.widgets.flatMap(cell => cell.model.sharedModel.toJSON().outputs ?? []);
                const wanted = outputs.filter(one => 'application/vnd.jupyter.widget-view+json' in (one.data ?? {{}})).length;
                const shown = node.querySelectorAll('.jp-OutputArea-output :is(.ivo, .ivb)').length;
                return node.textContent.includes('Error displaying widget') ? 'missed' : shown >= wanted && 'shown';
            }}"""
        ).json_value()

    def save(self) -> None:
        self.page.evaluate(f"() => {self.CURRENT}.context.save()")


class Lab:
    """A browser page with JupyterLab, and what to do with it."""

    ADDRESS = "lab/tree/{}?reset"
    BLOCK = "import pathlib, time\nwhile not pathlib.Path('unblocked').exists(): time.sleep(0.05)"
    """A cell that ends when the test calls `unblock`."""

    def __init__(self, page, server: Server, name: str) -> None:
        self.page = page
        self.server = server
        self._name = name
        self._count = 0

    @property
    def folder(self) -> Path:
        """Where this test's notebooks are."""
        return self.server.folder / self._name

    def open(self, *cells: str, name: str | None = None, reset: bool = True, kernel: str = "python3") -> Notebook:
        """Write a notebook with these cells and open it, with an idle kernel; without `reset` beside what is open."""
        self._count += 1
        path = f"{self._name}/{name or f'notebook{self._count}'}.ipynb"
        file = self.server.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        document = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        document.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
        nbformat.write(document, file)
        return self.show(path, reset=reset)

    def show(self, path: str, *, reset: bool = True) -> Notebook:
        """Open a notebook that is already in the server's folder."""
        notebook = Notebook(self.page, path)
        if reset:
            self.page.goto(self.server.url + self.ADDRESS.format(path))
        else:
            self.activate(notebook)
        notebook.wait_idle()
        return notebook

    def activate(self, notebook: Notebook) -> None:
        """Bring a notebook to the front."""
        self.page.evaluate("path => void window.jupyterapp.commands.execute('docmanager:open', {path})", notebook.path)
        self.page.wait_for_function(f"path => {Notebook.CURRENT}?.context?.path === path", arg=notebook.path)

    def unblock(self) -> None:
        """Let the cell `BLOCK` end."""
        (self.folder / "unblocked").touch()

    def screenshot(self, name: str) -> Path:
        """Keep a picture of the page among the test results."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path


class Notebook7(Lab):
    """A browser page with Notebook 7."""

    ADDRESS = "notebooks/{}"


def in_page(kind, page, server: Server, request):
    """A fresh page; a test that fails leaves a picture, and its kernels end with it."""
    failed_before = request.session.testsfailed
    server.forget_settings()
    name = request.node.name.replace("[", "-").replace("]", "").replace(" ", "-")
    name += f"-{request.node.execution_count}" if getattr(request.node, "execution_count", 1) > 1 else ""  # a rerun has records of its own
    lab = kind(page, server, name)
    yield lab
    try:
        if request.session.testsfailed > failed_before:
            lab.screenshot(f"failed-{name}")
        if page.url.startswith(server.url):
            page.evaluate("() => localStorage.clear()")
        page.goto("about:blank")
    finally:
        server.shut_kernels_down()


@pytest.fixture
def lab(page, jupyter_server, request):
    """JupyterLab in a fresh page."""
    yield from in_page(Lab, page, jupyter_server, request)


@pytest.fixture(scope="session")
def notebook_server(tmp_path_factory):
    """One Notebook 7 for all tests."""
    yield from serve(tmp_path_factory.mktemp("notebook"), "notebook", "--JupyterNotebookApp.expose_app_in_browser=True")


@pytest.fixture
def notebook7(page, notebook_server, request):
    """Notebook 7 in a fresh page."""
    yield from in_page(Notebook7, page, notebook_server, request)


@pytest.fixture(scope="session")
def bare_server(tmp_path_factory):
    """JupyterLab with the widgets' extensions and without ours."""
    extensions = tmp_path_factory.mktemp("extensions")
    for folder in map(Path, jupyter_path("labextensions")):
        for name in ("anywidget", "@jupyter-widgets"):
            if (folder / name).is_dir() and not (extensions / name).exists():
                shutil.copytree(folder / name, extensions / name)
    own = tmp_path_factory.mktemp("bare")
    yield from serve(own, "lab", "--LabApp.expose_app_in_browser=True", f"--LabApp.labextensions_path={extensions}")


@pytest.fixture
def bare(page, bare_server, request):
    """A page without our extension."""
    yield from in_page(Lab, page, bare_server, request)
