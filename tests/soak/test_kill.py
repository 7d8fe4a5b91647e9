"""Kill -9 at places chosen by a seed, in, around and between commits and calls; ``make soak`` takes many more of them."""

import pytest

SEED = 20261122
POINTS = 30
ON_POSTGRES = 6


@pytest.mark.parametrize("number", range(1, POINTS + 1))
def test_after_a_kill_nothing_is_lost_and_nothing_done_that_the_records_do_not_know_of(harness, whole, number):
    harness.try_point(harness.points(whole, SEED, POINTS)[number - 1], whole)


@pytest.mark.parametrize("number", range(1, ON_POSTGRES + 1))
def test_after_a_kill_on_postgresql_likewise(harness, whole, postgres, number):
    harness.try_point(harness.points(whole, SEED + 1, ON_POSTGRES)[number - 1], whole, postgres.database(f"kill{number}"))
