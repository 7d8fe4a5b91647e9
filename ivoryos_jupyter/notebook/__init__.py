"""What a scientist holds in her notebook: a workflow, a run, the queue, the deck."""

from ivoryos_jupyter.notebook._budgets import Budgets
from ivoryos_jupyter.notebook._deck_overview import DeckOverview
from ivoryos_jupyter.notebook._first_line import first_line
from ivoryos_jupyter.notebook._from_python import from_function, from_source
from ivoryos_jupyter.notebook._guard_overview import GuardOverview
from ivoryos_jupyter.notebook._interlocks import Interlocks
from ivoryos_jupyter.notebook._queue_rehearsal import QueueRehearsal
from ivoryos_jupyter.notebook._rehearsal import Rehearsal
from ivoryos_jupyter.notebook._rehearsal_words import amount_in_words, left_in_words, method_in_words, time_in_words, total_time_in_words
from ivoryos_jupyter.notebook._rehearsing import forecast_request, rehearse_queue, rehearse_request
from ivoryos_jupyter.notebook._run import Run
from ivoryos_jupyter.notebook._spans import span
from ivoryos_jupyter.notebook._submission import Options, request_for
from ivoryos_jupyter.notebook._tables import Table, rows_of
from ivoryos_jupyter.notebook._watches import Watched, WatchList, watch
from ivoryos_jupyter.notebook._workflow import WorkflowHandle

__all__ = [
    "Budgets",
    "DeckOverview",
    "GuardOverview",
    "Interlocks",
    "Options",
    "QueueRehearsal",
    "Rehearsal",
    "Run",
    "Table",
    "WatchList",
    "Watched",
    "WorkflowHandle",
    "amount_in_words",
    "first_line",
    "forecast_request",
    "from_function",
    "from_source",
    "left_in_words",
    "method_in_words",
    "rehearse_queue",
    "rehearse_request",
    "request_for",
    "rows_of",
    "span",
    "time_in_words",
    "total_time_in_words",
    "watch",
]
