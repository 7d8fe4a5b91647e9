"""How is a call made, whoever asks for it?  Always by the same pipeline, in this order.

resolve → convert → limits → budgets → seat → interlocks → intent committed → call → outcome committed → event.

Interlocks look at instruments, and are asked when the call has its seat, so that nothing comes between the look and the call.

A run goes through the same gates and seats, and writes its intents and outcomes itself, as steps. A direct call is
written by the clerk's thread, so that neither a screen nor a driver's thread waits for the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._direct import REFUSALS, DirectCall, call_numbers
from ivoryos_jupyter.runner._office import Office

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._call import Call, CallHandle


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
        ConversionError, LimitError, BudgetError, UnknownNameError, NotTrustedError, SafetyFileError
            When the call may not be made. An interlock is evaluated when the instrument's turn has come; the handle then ends
            with an `InterlockError`.
        BusyError
            When the instrument is busy; the message names with what.
        """
        try:
            ready = self.gates.pass_(call)
        except REFUSALS as error:
            self.note_refusal(call, error)
            raise
        if not call.take_over:
            self.elsewhere.refuse(call, ready.root)
        direct = DirectCall(self, call, ready, next(call_numbers))
        direct.sit_down(wait_in_line=wait_in_line)
        return direct.handle

    def cancel(self, call_id: int) -> bool:
        """Ask a direct call to stop, by whomever it was made; False when none with this id is under way or in line."""
        for one in self.lookout.calls:
            if isinstance(one, DirectCall) and one.handle.call_id == call_id:
                one.cancel()
                return True
        return False
