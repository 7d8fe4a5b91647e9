"""Nothing grows while it works; ``make soak`` looks over 100,000 steps and 1,000 runs."""

import importlib.util
import sys
from pathlib import Path

import pytest

STEPS, RUNS = 5000, 100
BLOCKS_A_STEP, BLOCKS_A_RUN = 0.1, 10.0

pytestmark = pytest.mark.timeout(1800)  # it counts, and never fails by being slow: a busy disk takes what it takes


@pytest.fixture(scope="module")
def flatness():
    """Work, and looks at what is in use."""
    path = Path(__file__).with_name("flatness.py")
    spec = importlib.util.spec_from_file_location("flatness", path)
    module = sys.modules["flatness"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_threads_handles_and_memory_are_flat_over_many_steps(flatness, tmp_path):
    growth = flatness.over_steps(tmp_path, STEPS)
    assert (growth.threads, growth.handles) == (0, 0), growth
    assert growth.blocks_each < BLOCKS_A_STEP, growth


def test_threads_handles_and_memory_are_flat_over_many_runs(flatness, tmp_path):
    growth = flatness.over_runs(tmp_path, RUNS)
    assert (growth.threads, growth.handles) == (0, 0), growth
    assert growth.blocks_each < BLOCKS_A_RUN, growth
