"""Do imports only point down, and is importing light?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("IPython", "ipywidgets", "anywidget", "pandas", "numpy", "sqlalchemy", "alembic", "pydantic", "docstring_parser")


def test_the_contracts_of_the_floors_are_kept():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", ["", ".schema", ".journal", ".introspect", ".workflow", ".codegen", ".runner", ".session", ".bridge"])
def test_importing_brings_nothing_heavy(module):
    code = f"import sys, ivoryos_jupyter{module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_importing_needs_no_posix_module():
    hidden = ("fcntl", "pwd", "grp", "termios", "resource")
    code = f"import sys; sys.modules.update(dict.fromkeys({hidden!r})); import ivoryos_jupyter.session, ivoryos_jupyter.bridge"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
