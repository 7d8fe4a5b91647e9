"""Two kernels that ask for the last of a budget in the same instant: one gets it, the other is refused."""

from __future__ import annotations

import itertools

import pytest

from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.rules import RulesFile
from ivoryos_jupyter.schema import Budget, Source

TRIES = 30
_databases = itertools.count()


@pytest.fixture(params=["sqlite", "postgres"])
def two(request, tmp_path, another_kernel):
    """Two kernels in processes of their own, with 5 mL for both."""
    budget = Budget((Source("doser", "dose", "volume_ml"),), 5, since="refilled", unit="mL")
    RulesFile(DataFolder(tmp_path / "data").rules).add_budget(budget)
    uri = request.getfixturevalue("postgres").database(f"race{next(_databases)}") if request.param == "postgres" else ""
    return [another_kernel(tmp_path, port, uri) for port in ("COM3", "COM4")]


def test_the_last_of_a_budget_is_one_kernels(two):
    for number in range(TRIES):
        two[number % 2].ask("reset")
        for kernel in two:
            kernel.say("dose", 5.0)
        said = sorted(kernel.hear() for kernel in two)
        assert said[0].startswith("BudgetError: doser.dose was not called"), said
        assert "5 mL are used, 0 mL left" in said[0]
        assert said[1] == "done"


def test_the_last_of_a_budget_is_one_kernels_run(two):
    for number in range(TRIES // 3):
        two[number % 2].ask("reset")
        for at, kernel in enumerate(two):
            kernel.say("run", f"run-{number}-{at}", 5.0)
        assert sorted(kernel.hear() for kernel in two) == ["done", "skipped"]
