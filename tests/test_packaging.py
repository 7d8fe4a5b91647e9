"""Does what is built hold everything, and install where node is absent?"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILT = (Path("ivoryos_jupyter/labextension"), Path("ivoryos_jupyter/widgets/static"))
SHARED = "share/jupyter/labextensions/ivoryos-jupyter"
BACKEND = "import ivoryos_build, sys; print(getattr(ivoryos_build, sys.argv[1])(sys.argv[2]))"


def run(command, folder, **environment):
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def without_node(folder):
    """A PATH on which neither node nor a package manager of node is found."""
    path = folder / "bin"
    path.mkdir(exist_ok=True)
    return str(path)


def build(hook, tree, out, **environment):
    """Call a hook of the build backend, as pip does; return what it made."""
    out.mkdir(parents=True, exist_ok=True)
    printed = run([sys.executable, "-c", BACKEND, hook, out], tree, PYTHONPATH=str(tree / "_build_backend"), **environment)
    return out / printed.splitlines()[-1]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the work tree with the front end as it is built."""
    tree = tmp_path_factory.mktemp("tree")
    listed = run(["git", "ls-files", "-co", "--exclude-standard"], ROOT).splitlines()
    built = [path.relative_to(ROOT) for folder in BUILT for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert built, "Build the front end first: make build"
    for name in [*listed, *built]:
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    for path in (tree / BUILT[0]).rglob("*"):
        path.touch()
    return tree


@pytest.fixture(scope="module")
def wheel(tree, tmp_path_factory):
    return build("build_wheel", tree, tmp_path_factory.mktemp("wheel"), PATH=without_node(tree))


def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def data_folder(wheel):
    return "-".join(wheel.name.split("-")[:2]) + ".data/data/"


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def extension(tree):
    return {f"{SHARED}/{name}" for name in files(tree / BUILT[0])} | {f"{SHARED}/install.json"}


def test_one_wheel_holds_package_alias_widgets_and_labextension(tree, wheel):
    inside = names(wheel)
    assert {"ivoryos.py", "ivoryos_jupyter/py.typed", "ivoryos_jupyter/widgets/static/control.js"} <= inside
    assert {data_folder(wheel) + name for name in extension(tree)} <= inside


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(tree, wheel):
    inside = {name for name in names(wheel) if not re.match(r"ivoryos_jupyter-[^/]*/", name)}
    package = {f"ivoryos_jupyter/{name}" for name in files(tree / "ivoryos_jupyter") if not name.startswith("labextension/")}
    assert inside == package | {"ivoryos.py"}


def test_an_sdist_installs_where_node_is_absent(tree, tmp_path, wheel):
    sdist = build("build_sdist", tree, tmp_path / "sdist")
    run([sys.executable, "-m", "tarfile", "--extract", sdist, tmp_path], tmp_path)  # `extractall` wants a filter, or knows none
    unpacked = tmp_path / sdist.name.removesuffix(".tar.gz")
    from_sdist = build("build_wheel", unpacked, tmp_path / "wheel", PATH=without_node(tmp_path))
    assert names(from_sdist) == names(wheel)


def test_files_left_over_from_an_earlier_build_do_not_leak_into_the_wheel(tree, tmp_path, wheel):
    left_over = tree / "build/lib/ivoryos_jupyter/widgets/static/old.js"
    left_over.parent.mkdir(parents=True)
    left_over.touch()
    again = build("build_wheel", tree, tmp_path, PATH=without_node(tmp_path))
    assert names(again) == names(wheel)


def test_an_editable_wheel_brings_the_labextension_and_lists_it_in_its_record(tree, tmp_path):
    wheel = build("build_editable", tree, tmp_path, PATH=without_node(tmp_path))
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        record = next(name for name in inside if name.endswith("RECORD"))
        listed = {row[0] for row in csv.reader(io.StringIO(archive.read(record).decode()))}
    assert {data_folder(wheel) + name for name in extension(tree)} <= inside
    assert listed == inside


def test_an_editable_install_imports_from_the_tree_and_jupyterlab_finds_the_extension(tree, tmp_path):
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], tmp_path).strip()
    # What the build and the package need is borrowed from the environment of the tests.
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    run([python, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--editable", tree], tmp_path)
    where = "import ivoryos, ivoryos_jupyter; print(ivoryos.__name__, ivoryos_jupyter.__file__)"
    assert run([python, "-c", where], tmp_path).split() == ["ivoryos_jupyter", str(tree / "ivoryos_jupyter/__init__.py")]
    assert {f"{SHARED}/{name}" for name in files(home / SHARED)} == extension(tree)


def test_changed_sources_make_what_was_built_stale_but_never_in_an_sdist(tmp_path):
    def is_stale():
        command = [sys.executable, "-c", "import ivoryos_build; print(ivoryos_build._is_stale())"]
        return run(command, copy, PYTHONPATH=str(ROOT / "_build_backend")).strip() == "True"

    copy = tmp_path / "copy"
    (copy / "labextension/src").mkdir(parents=True)
    (copy / BUILT[0]).mkdir(parents=True)
    source, mark = copy / "labextension/src/index.ts", copy / BUILT[0] / "package.json"
    source.touch()
    mark.touch()
    os.utime(source, (1, 1))
    assert not is_stale()
    os.utime(mark, (0, 0))
    assert is_stale()
    (copy / "PKG-INFO").touch()
    assert not is_stale()


@pytest.mark.parametrize(
    "hook", ["get_requires_for_build_wheel", "get_requires_for_build_sdist", "get_requires_for_build_editable", "build_wheel"]
)
def test_where_node_is_absent_a_tree_that_is_not_built_is_refused_in_plain_words_and_left_as_it_is(tmp_path, hook):
    stale = tmp_path / BUILT[0] / "package.json"
    stale.parent.mkdir(parents=True)
    stale.touch()
    os.utime(stale, (0, 0))
    (tmp_path / "labextension/src").mkdir(parents=True)
    (tmp_path / "labextension/src/index.ts").touch()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "_build_backend"), "PATH": without_node(tmp_path)}
    command = [sys.executable, "-c", f"import ivoryos_build; ivoryos_build.{hook}(None)"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert "install Node.js 20" in done.stderr
    assert "Traceback" not in done.stderr
    assert stale.exists()


def test_python_and_front_end_bear_the_same_version():
    package = json.loads((ROOT / "labextension/package.json").read_text(encoding="utf-8"))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    module = (ROOT / "ivoryos_jupyter/version.py").read_text(encoding="utf-8")
    assert f'\nversion = "{package["version"]}"\n' in project
    assert f'__version__ = "{package["version"]}"' in module


def test_the_lock_file_names_no_registry():
    assert "http://" not in (ROOT / "labextension/yarn.lock").read_text(encoding="utf-8")
    assert "https://" not in (ROOT / "labextension/yarn.lock").read_text(encoding="utf-8")
