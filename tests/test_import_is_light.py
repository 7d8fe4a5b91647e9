"""Does loading the extension bring anything heavy into the kernel?  In a fresh process, with a shell as a kernel has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("pandas", "sqlalchemy", "alembic", "pydantic", "numpy", "pint", "docstring_parser", "psycopg")

SHELL = f"""
import ipykernel.ipkernel, ipykernel.zmqshell
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()

def say(**found):
    heavy = [name for name in {HEAVY!r} if name in sys.modules]
    print("\\n" + json.dumps(dict(found, heavy=heavy)))
"""

PUMP = """
class Pump:
    def dispense(self, volume_ml: float = 1.0) -> float:
        return volume_ml

shell.user_ns["pump"] = Pump()
"""


def in_a_fresh_process(folder, *lines):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("IVORYOS", "DATABASE_URL"))}
    environment |= {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([SHELL, *lines])], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", ["ivoryos", "ivoryos_jupyter"])
def test_loading_the_extension_brings_nothing_heavy(tmp_path, name):
    found = in_a_fresh_process(tmp_path, f"shell.run_line_magic('load_ext', '{name}')", f"say(loaded='{name}' in sys.modules)")
    assert found == {"loaded": True, "heavy": []}


def test_a_deck_and_a_direct_call_bring_nothing_heavy(tmp_path):
    found = in_a_fresh_process(
        tmp_path,
        PUMP,
        "shell.run_line_magic('load_ext', 'ivoryos')",
        "import ivoryos",
        "say(result=ivoryos.call('pump.dispense', 2.5).result(30))",
    )
    assert found == {"result": 2.5, "heavy": []}
