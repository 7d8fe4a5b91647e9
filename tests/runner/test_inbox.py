"""Messages from many threads to one, and a time-out that always ends."""

import threading
from queue import Empty

import pytest

from ivoryos_jupyter.runner._inbox import Inbox


def test_messages_come_out_in_their_order():
    inbox = Inbox()
    for number in range(5):
        inbox.put(number)
    assert [inbox.get() for _ in range(5)] == [0, 1, 2, 3, 4]
    assert inbox.empty()


def test_there_is_nothing_to_take_from_an_empty_one():
    with pytest.raises(Empty):
        Inbox().get_nowait()


@pytest.mark.parametrize("timeout", [-1.0, 0.0, 1e-9, 1e-7, 1e-6, 5e-6])
def test_a_timeout_that_is_over_before_the_waiting_begins_is_over(timeout):
    for _ in range(2000):
        inbox = Inbox()
        inbox.put("early")
        inbox.get()
        with pytest.raises(Empty):
            inbox.get(timeout)


def test_whoever_waits_is_woken_by_each_message():
    there, back = Inbox(), Inbox()
    thread = threading.Thread(target=lambda: [back.put(there.get()) for _ in range(2000)])
    thread.start()
    for number in range(2000):
        there.put(number)
        assert back.get(30) == number
    thread.join(30)
    assert not thread.is_alive()


def test_no_message_of_many_threads_is_lost():
    inbox, senders, each = Inbox(), 8, 500
    threads = [threading.Thread(target=lambda: [inbox.put(1) for _ in range(each)]) for _ in range(senders)]
    for thread in threads:
        thread.start()
    assert sum(inbox.get(30) for _ in range(senders * each)) == senders * each
    for thread in threads:
        thread.join(30)
    assert inbox.empty()
