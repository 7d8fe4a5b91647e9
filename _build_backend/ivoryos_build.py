"""How are wheel, sdist and editable install built?  By jupyter-packaging, with what it leaves out.

jupyter-packaging builds the front end and hands over to setuptools. Added here: the hooks of PEP 660 (without them `pip install -e .`
fails), the prebuilt front end inside the editable wheel (setuptools leaves data files out of it), a clean `build/` (old hashed files
would leak into the next wheel), a rebuild when the sources of the front end are newer than what was built from them, and a plain word,
before anything is downloaded, where that needs a Node.js that is not there.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_packaging import build_api
from jupyter_packaging.build_api import prepare_metadata_for_build_wheel
from setuptools import build_meta

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Settings = Mapping[str, str | list[str]] | None

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

EXTENSION = "ivoryos-jupyter"
FRONT_END = Path("labextension")
BUILT = (Path("ivoryos_jupyter/labextension"), Path("ivoryos_jupyter/widgets/static"))
MARK = BUILT[0] / "package.json"
SOURCES = ("src", "style", "schema", "scripts", "package.json", "yarn.lock", "tsconfig.json")
NO_NODE = """
The front end of ivoryos_jupyter is not built here, and building it needs Node.js 20, which is not on PATH.
Do one of these:
  - install Node.js 20 (https://nodejs.org) and repeat this command, or
  - install a built wheel or source archive: they need no Node.js.
"""


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    """Build a wheel."""
    _prepare()
    return str(build_api.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Build an sdist that carries the built front end."""
    _prepare()
    return str(build_api.build_sdist(sdist_directory, config_settings))


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Return what a wheel needs besides `build-system.requires`."""
    _refuse_without_node()
    return list(build_api.get_requires_for_build_wheel(config_settings))


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """Return what an sdist needs besides `build-system.requires`."""
    _refuse_without_node()
    return list(build_api.get_requires_for_build_sdist(config_settings))


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """Return what an editable build needs besides `build-system.requires`."""
    _refuse_without_node()
    return list(build_meta.get_requires_for_build_editable(config_settings))


def prepare_metadata_for_build_editable(metadata_directory: str, config_settings: Settings = None) -> str:
    """Write the metadata of the editable wheel."""
    return str(build_meta.prepare_metadata_for_build_editable(metadata_directory, config_settings))


def build_editable(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    """Build an editable wheel: Python from the work tree, the front end as it is built now."""
    _prepare()
    # jupyter-packaging names no public function for its build step.
    build_front_end = build_api._get_build_func()  # noqa: SLF001
    if build_front_end is not None:
        build_front_end()
    name = str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))
    _add_data_files(Path(wheel_directory) / name)
    return name


def _refuse_without_node() -> None:
    """Stop if the front end must be built and cannot be; what jupyter-packaging says is hard to find in a log."""
    if (not MARK.exists() or _is_stale()) and shutil.which("node") is None:
        raise SystemExit(NO_NODE)


def _prepare() -> None:
    _refuse_without_node()
    shutil.rmtree("build", ignore_errors=True)
    if _is_stale():
        for folder in BUILT:
            shutil.rmtree(folder, ignore_errors=True)


def _is_stale() -> bool:
    """Tell whether the front end must be built anew; what an sdist carries is never stale."""
    if Path("PKG-INFO").exists() or not MARK.exists():
        return False
    return max(path.stat().st_mtime for path in _source_files()) > MARK.stat().st_mtime


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        path = FRONT_END / name
        yield from (path.rglob("*") if path.is_dir() else [path] if path.exists() else [])


def _add_data_files(wheel: Path) -> None:
    """Put the front end into the `.data` folder of `wheel`, listed in its RECORD."""
    distribution = "-".join(wheel.name.split("-")[:2])
    record = f"{distribution}.dist-info/RECORD"
    with zipfile.ZipFile(wheel) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    listed = contents.pop(record).decode()
    target = f"{distribution}.data/data/share/jupyter/labextensions/{EXTENSION}"
    added = {f"{target}/{path.relative_to(BUILT[0]).as_posix()}": path.read_bytes() for path in _files(BUILT[0])}
    added[f"{target}/install.json"] = Path("install.json").read_bytes()
    listed += "".join(f"{name},{_digest(data)},{len(data)}\n" for name, data in added.items())
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**contents, **added, record: listed.encode()}.items():
            archive.writestr(name, data)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
