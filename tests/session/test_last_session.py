"""What was guarded and watched before a restart is told, as long as it is neither now."""

from __future__ import annotations

import json

import pytest

import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.notebook import first_line
from ivoryos_jupyter.session import current_session
from ivoryos_jupyter.testing import Pump, Reactor


def ring(_trip):
    """Stand for a person's own function."""


@pytest.fixture
def restart(tmp_path):
    """Begins a session as a kernel does that was restarted: with new objects, and nothing guarded or watched."""

    def begin():
        ivoryos.start({"pump": Pump(time_scale=0), "reactor": Reactor(time_scale=0)}, tmp_path, deck_name="lab", operator="ada")
        return current_session()

    yield begin
    ivoryos.stop()


def told(session):
    return first_line(session).splitlines()[1:]


def test_without_a_last_session_nothing_is_told(restart):
    session = restart()
    assert told(session) == []
    assert repr(ivoryos.guarded) == "Nothing is guarded: calls in cells go straight to the drivers. ivoryos.guard() guards the deck."
    assert "last session" not in repr(ivoryos.watches)


def test_after_a_restart_it_is_told_what_is_not_restored_and_how_to_restore_it(restart):
    restart()
    ivoryos.guard("pump")
    ivoryos.guard("reactor", wait_in_line=True)
    ivoryos.watch("reactor.temperature", every_s=10, between=(15, 80), then="pause")
    session = restart()
    guarded, watched = told(session)
    assert guarded.startswith("Guarded in the last session, and not restored: pump, reactor. Again: ")
    assert guarded.endswith('Again: ivoryos.guard("pump"); ivoryos.guard("reactor", wait_in_line=True)')
    assert watched.startswith("1 watch was on in the last session, and not restored: reactor.temperature. Again: ")
    assert watched.endswith('Again: ivoryos.watch("reactor.temperature", every_s=10, between=(15, 80), then="pause")')
    assert ivoryos.guarded.before == ("pump", "reactor")
    assert "Guarded in the last session, and not since: pump, reactor" in repr(ivoryos.guarded)
    assert "Guarded in the last session" in ivoryos.guarded._repr_html_()
    assert 'ivoryos.watch("reactor.temperature"' in repr(ivoryos.watches)
    assert "ivoryos.watch(&quot;reactor.temperature&quot;" in ivoryos.watches._repr_html_()


def test_what_is_guarded_or_watched_again_is_told_no_longer_and_the_rest_is(restart):
    restart()
    ivoryos.guard("pump", "reactor")
    ivoryos.watch("reactor.temperature", every_s=10, require="reading > 3", then=ring, after_failures=5)
    ivoryos.watch("pump.flow_rate", every_s=0.5, between=(None, 9.5))
    session = restart()
    assert told(session)[1] == (
        "2 watches were on in the last session, and not restored: reactor.temperature, pump.flow_rate. Again: see ivoryos.watches"
    )
    assert [one.line for one in session.last.watched] == [
        'ivoryos.watch("reactor.temperature", every_s=10, require="reading > 3", then=ring, after_failures=5)',
        'ivoryos.watch("pump.flow_rate", every_s=0.5, between=(None, 9.5), then="notify")',
    ]
    ivoryos.guard("pump")
    ivoryos.watch("pump.flow_rate", every_s=1)
    session.refresh()
    assert ivoryos.guarded.before == ("reactor",)
    assert [one.target for one in session.last.watched] == ["reactor.temperature"]
    ivoryos.watches["pump.flow_rate"].stop()
    session = restart()
    assert ivoryos.guarded.before == ("pump", "reactor")
    assert [one.target for one in session.last.watched] == ["reactor.temperature"]


def test_a_session_in_which_nobody_guards_anything_does_not_lose_what_is_to_be_told(restart):
    restart()
    ivoryos.guard("pump")
    restart()
    assert told(restart())[0].startswith("Guarded in the last session, and not restored: pump.")


def test_it_is_forgotten_when_somebody_says_so(restart):
    restart()
    ivoryos.guard("pump")
    ivoryos.watch("reactor.temperature", every_s=10)
    restart()
    ivoryos.unguard()
    ivoryos.watches.stop()
    assert told(current_session()) == []
    assert told(restart()) == []


def test_a_guard_that_is_kept_for_always_is_restored_and_needs_no_words(restart):
    restart()
    ivoryos.guard(always=True)
    session = restart()
    assert told(session) == []
    assert ivoryos.guarded.names == ("pump", "reactor")
    assert ivoryos.guarded.before == ()


@pytest.mark.parametrize("text", ["{", "[]", '{"guarded": [1], "watched": []}', '{"guarded": [], "watched": [{"target": "x"}]}'])
def test_a_file_that_cannot_be_read_is_named_in_the_log_and_tells_nothing(restart, caplog, text):
    session = restart()
    ivoryos.guard("pump")
    session.refresh()
    path = session.folder.pseudo_deck("lab").with_suffix(".last.json")
    assert json.loads(path.read_text(encoding="utf-8"))["guarded"] == [{"name": "pump", "wait_in_line": False}]
    ivoryos.stop()
    path.write_text(text, encoding="utf-8")
    assert told(restart()) == []
    assert "cannot be read" in caplog.text


def test_the_file_is_not_taken_for_a_saved_deck(restart):
    restart()
    ivoryos.guard("pump")
    with pytest.raises(UnknownNameError, match=r"there is: lab\.$"):
        restart().deck.load_deck("other")
