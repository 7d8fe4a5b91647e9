"""A kernel that is killed at any moment has charged every call it made."""

import random
import subprocess
import sys
import time
from contextlib import closing

import pytest

from ivoryos_jupyter.errors import BudgetError
from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.rules import RulesFile
from ivoryos_jupyter.runner import Call, RuleBook
from ivoryos_jupyter.schema import Budget, Source

BUDGET = Budget((Source("pump", "dose", "volume"),), 60, since="refilled")
KERNEL = """
import sys
from pathlib import Path
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.rules import RulesFile
from ivoryos_jupyter.runner import Call, Pipeline, RuleBook, ThreadExecutor
from ivoryos_jupyter.schema import Limits

folder = Path(sys.argv[1])

class Pump:
    def dose(self, volume: float) -> None:
        with (folder / "doses").open("a") as file:
            file.write(f"{volume}\\n")

class NoLimits:
    limits = Limits()
    def current(self):
        return self.limits

deck = LiveDeck("lab")
deck.update({"pump": Pump()})
pipeline = Pipeline(deck, NoLimits(), open_store(folder / "data", ""), ThreadExecutor(), lambda _: None)
pipeline.gates.rules = RuleBook(RulesFile(folder / "rules.json"), pipeline)
while True:
    pipeline.submit(Call("pump", "dose", "call", {"volume": 1.0})).result(30)
"""


def doses(folder):
    path = folder / "doses"
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_what_a_killed_kernel_dosed_is_charged(make_lab, tmp_path):
    rules = RulesFile(tmp_path / "rules.json")
    rules.add_budget(BUDGET)
    dice = random.Random(7)  # noqa: S311 - places to kill at, nothing secret
    for _ in range(2):
        before = doses(tmp_path)
        with subprocess.Popen([sys.executable, "-c", KERNEL, str(tmp_path)], stderr=subprocess.DEVNULL) as kernel:
            deadline = time.monotonic() + 60
            while doses(tmp_path) < before + dice.randint(2, 6):
                assert time.monotonic() < deadline
                time.sleep(0.001)
            kernel.kill()
    with closing(open_store(tmp_path / "data", "")) as store:
        lab = make_lab(recorder=store)
        book = lab.pipeline.gates.rules = RuleBook(rules, lab.pipeline)
        made, used = doses(tmp_path), book.used(BUDGET)
        assert made <= used <= made + 2  # one call in doubt for each kill
        with pytest.raises(BudgetError, match=f"{used:.0f} are used"):
            lab.pipeline.submit(Call("pump", "dose", "call", {"volume": 61.0 - used}))
        lab.pipeline.close()
