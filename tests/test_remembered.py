"""What was read is remembered until it may have changed."""

import pytest

from ivoryos_jupyter.remembered import Remembered


def test_it_is_read_when_it_is_first_asked_for_and_after_it_was_forgotten():
    reads = []
    remembered = Remembered(lambda: reads.append(None) or len(reads))
    assert reads == []
    assert (remembered.get(), remembered.get()) == (1, 1)
    remembered.forget()
    assert (remembered.get(), remembered.get()) == (2, 2)


def test_nothing_can_be_remembered_too():
    reads = []
    remembered = Remembered(lambda: reads.append(None))
    assert (remembered.get(), remembered.get(), len(reads)) == (None, None, 1)


def test_what_changes_while_it_is_being_read_is_read_again():
    truth = ["running"]

    def read():
        found = truth[0]
        if found == "running":
            truth[0] = "completed"
            remembered.forget()
        return found

    remembered = Remembered(read)
    assert [remembered.get() for _ in range(3)] == ["running", "completed", "completed"]


def test_what_cannot_be_read_is_asked_for_again():
    answers = iter([OSError("away"), 3])

    def read():
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    remembered = Remembered(read)
    with pytest.raises(OSError, match="away"):
        remembered.get()
    assert remembered.get() == 3
