"""What a kernel that was killed leaves to be told: what was guarded, and what was watched."""

from __future__ import annotations

SETUP = """
%load_ext ivoryos
import ivoryos
from ivoryos_jupyter.testing import Pump, Reactor
pump, reactor = Pump(), Reactor()
"""


def test_after_a_kill_loading_says_what_was_guarded_and_watched_and_the_lines_restore_it(new_kernel, tmp_path):
    with new_kernel(tmp_path) as first:
        assert "last session" not in first.run(SETUP)
        first.run("ivoryos.guard('pump', 'reactor')")
        first.run("ivoryos.watch('reactor.temperature', every_s=5, between=(0, 90), then='make safe')")
        first.kill()
    guard = 'ivoryos.guard("pump", "reactor")'
    watch = 'ivoryos.watch("reactor.temperature", every_s=5, between=(0, 90), then="make safe")'
    with new_kernel(tmp_path) as second:
        said = second.run(SETUP)
        assert f"Guarded in the last session, and not restored: pump, reactor. Again: {guard}" in said
        assert f"1 watch was on in the last session, and not restored: reactor.temperature. Again: {watch}" in said
        second.run(f"{guard}\n{watch}")
        assert "last session" not in second.run("print(ivoryos.guarded, ivoryos.watches)")
        assert "last session" not in second.run("%reload_ext ivoryos")
