"""How is a call made, whoever asks for it?  Always by the same pipeline, in this order.

resolve → convert → limits → interlocks → seat → intent committed → call → outcome committed → event.

A run goes through the same gates and seats, and writes its intents and outcomes itself, as steps. A direct call is
written by the clerk's thread, so that neither a screen nor a driver's thread waits for the database.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import LimitError, SafetyFileError
from ivoryos_jupyter.journal import CallIntent, StepOutcome, StepStatus
from ivoryos_jupyter.runner._direct import DirectCall
from ivoryos_jupyter.runner._flight import error_text
from ivoryos_jupyter.runner._gates import recordable
from ivoryos_jupyter.runner._office import Office

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._call import Call, CallHandle

_call_numbers = itertools.count(1)


class Pipeline(Office):
    """Makes direct calls, and holds what runs share with them; see `Office` for what it is made of."""

    def submit(self, call: Call, *, wait_in_line: bool = False) -> CallHandle[object]:
        """Make a direct call; returns at once.

        Parameters
        ----------
        call
            What to call.
        wait_in_line
            Whether to wait for the instrument when it is busy.

        Raises
        ------
        ConversionError, LimitError, UnknownNameError, NotTrustedError, SafetyFileError
            When the call may not be made.
        BusyError
            When the instrument is busy; the message names with what.
        """
        try:
            ready = self.gates.pass_(call)
        except (LimitError, SafetyFileError) as error:
            self._note_refusal(call, error)
            raise
        direct = DirectCall(self, call, ready, next(_call_numbers))
        direct.sit_down(wait_in_line=wait_in_line)
        return direct.handle

    def _note_refusal(self, call: Call, error: Exception) -> None:
        now = self.clock.now_us()
        path = f"deck.{call.path}.{call.recorded_method}"
        intent = CallIntent(path, call.path, recordable(call.arguments), now, call.operator, call.origin)
        outcome = StepOutcome(StepStatus.FAILED, now, error=error_text(error))
        self.clerk.put(lambda: self.recorder.settle_call(self.recorder.intend_call(intent), outcome))
