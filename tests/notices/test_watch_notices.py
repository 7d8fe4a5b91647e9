"""A watched value that leaves its band is told to whoever wants to know."""

from __future__ import annotations

from ivoryos_jupyter.notebook import watch


def test_an_excursion_is_told_once_with_what_was_seen_and_done(lab, inbox, until):
    lab.tell.add(inbox.put, on=("watch",), name="lamp")
    lab.session.refresh()
    mine = watch(lab.session, "pump.flow_rate", every_s=0.05, between=(None, 0.001))
    (notice,) = inbox.wait(1)
    until(lambda: mine.readings > 2)
    mine.stop()
    assert notice.kind == "watch"
    assert notice.title.startswith("pump.flow_rate: ")
    assert "is above 0.001" in notice.title
    assert "Done: nothing but to tell" in notice.text
    assert (notice.operator, notice.notebook) == ("ada", "night.ipynb")
    assert len(inbox.arrived) == 1
