"""A person may make one call although a rule forbids it, if she says why; the reason is kept with the call."""

from contextlib import closing

import pytest

from ivoryos_jupyter.errors import ConversionError, LimitError, NotTrustedError, SafetyFileError
from ivoryos_jupyter.records import History, open_store
from ivoryos_jupyter.runner import Call, override_reason
from ivoryos_jupyter.schema import Limit, Limits

TIGHT = Limits((Limit("pump", "dose", "volume", maximum=5.0, unit="mL"),))


def overridden(volume: float, reason: str, operator: str = "ada") -> Call:
    return Call("pump", "dose", "call", {"volume": volume}, operator=operator, override=reason)


def test_an_override_makes_one_call_that_a_limit_forbids_and_the_next_is_refused(lab):
    lab.limits.limits = TIGHT
    assert lab.pipeline.submit(overridden(50.0, "flushing the line")).result(30) == 100.0
    with pytest.raises(LimitError):
        lab.call("pump", "dose", volume=50.0)
    assert lab.pump.doses == [50.0]


def test_the_reason_and_what_was_overridden_are_recorded_before_the_call(lab):
    lab.limits.limits = TIGHT
    seen, intend = [], lab.recorder.intend_call

    def look_and_intend(intent, charge=None):
        seen.append([one.kind for one in lab.recorder.events])
        return intend(intent, charge)

    lab.recorder.intend_call = look_and_intend
    handle = lab.pipeline.submit(overridden(50.0, " flushing the line "))
    handle.result(30)
    assert seen == [["override"]]
    (event,) = lab.recorder.events
    assert (event.kind, event.run_id) == ("override", None)
    assert event.detail["call"] == "pump.dose"
    assert event.detail["arguments"] == {"volume": 50.0}
    assert (event.detail["reason"], event.detail["operator"]) == ("flushing the line", "ada")
    assert event.detail["overridden"] == ["pump.dose: volume: 50 mL is above the limit of 5 mL"]
    assert lab.recorder.calls[handle.row].intent.override == " flushing the line "


def test_an_override_of_a_call_that_nothing_forbids_is_recorded_too(lab):
    lab.pipeline.submit(overridden(1.0, "to be sure")).result(30)
    assert lab.recorder.events[0].detail["overridden"] == []


def test_an_interlock_is_overridden_with_its_words_kept(lab):
    def lid(call, member, arguments):
        raise RuntimeError("close the lid first")

    lab.pipeline.interlocks.append(lid)
    lab.pipeline.submit(overridden(1.0, "the lid switch is broken")).result(30)
    assert lab.recorder.events[0].detail["overridden"] == ["close the lid first"]


@pytest.mark.parametrize("blank", [" ", "\t\n"])
def test_a_blank_reason_is_no_reason(lab, blank):
    with pytest.raises(ConversionError, match="needs a reason"):
        lab.pipeline.submit(overridden(1.0, blank))
    with pytest.raises(ConversionError, match="needs a reason"):
        override_reason(blank)
    assert lab.pump.calls == []


def test_an_empty_reason_is_refused_where_one_is_asked_for():
    with pytest.raises(ConversionError, match="needs a reason"):
        override_reason("")


def test_conversion_is_not_overridden(lab):
    with pytest.raises(ConversionError):
        lab.pipeline.submit(Call("pump", "dose", "call", {"volume": "a lot"}, override="in a hurry"))


def test_an_unreadable_limits_file_blocks_an_override(lab):
    lab.limits.error = SafetyFileError("safety.json cannot be read")
    with pytest.raises(SafetyFileError):
        lab.pipeline.submit(overridden(1.0, "in a hurry"))
    assert lab.pump.calls == []


def test_an_instrument_that_is_not_trusted_is_not_overridden(lab):
    lab.pipeline.gates.distrust(lab.pump, "pump")
    with pytest.raises(NotTrustedError):
        lab.pipeline.submit(overridden(1.0, "in a hurry"))


def test_the_history_shows_the_reason_beside_the_call_and_as_an_event(make_lab, tmp_path):
    with closing(open_store(tmp_path / "data", "")) as store:
        lab = make_lab(recorder=store)
        lab.limits.limits = TIGHT
        lab.pipeline.submit(overridden(50.0, "flushing the line")).result(30)
        lab.call("pump", "dose", volume=1.0).result(30)
        history = History(store)
        assert history.single_steps()["override"].fillna("").tolist() == ["flushing the line", ""]
        (event,) = history.events(kind="override")["detail"]
        assert event["reason"] == "flushing the line"
        assert event["overridden"] == ["pump.dose: volume: 50 mL is above the limit of 5 mL"]
