"""Does a real kernel, with its bridge to JupyterLab, stay light when the extension is loaded?"""

from __future__ import annotations

HEAVY = ("pandas", "sqlalchemy", "alembic", "pydantic", "numpy", "pint", "docstring_parser", "psycopg")


def test_a_kernel_stays_light_when_the_extension_is_loaded(shared_kernel):
    shared_kernel.run("import sys; before = set(sys.modules)")
    shared_kernel.run("%load_ext ivoryos")
    shared_kernel.run("class Pump:\n    def dispense(self, volume_ml: float = 1.0) -> float:\n        return volume_ml\n\npump = Pump()")
    assert shared_kernel.run(f"[name for name in {HEAVY!r} if name in sys.modules and name not in before]") == "[]"
    assert shared_kernel.run("'ivoryos_jupyter.bridge._control' in sys.modules") == "True"
