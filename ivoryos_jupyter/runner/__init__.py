"""Calls and runs: the pipeline every call goes through, the interpreter of workflows, and the runner with its queue."""

from ivoryos_jupyter.runner._answers import read_answer
from ivoryos_jupyter.runner._call import Call, CallHandle, override_reason
from ivoryos_jupyter.runner._caller import Caller, Given
from ivoryos_jupyter.runner._clerk import Clerk
from ivoryos_jupyter.runner._clock import Clock, SystemClock, VirtualClock
from ivoryos_jupyter.runner._commands import RunHandle
from ivoryos_jupyter.runner._effects import BeginPhase, DoCall, DoWait, DoWatch, EndPhase, StepEffect
from ivoryos_jupyter.runner._events import CallChanged, Event, QueueChanged, RunChanged, StepChanged
from ivoryos_jupyter.runner._executor import Executor, ThreadExecutor
from ivoryos_jupyter.runner._flight import Flight, Job, error_text
from ivoryos_jupyter.runner._interpreter import Interpreter
from ivoryos_jupyter.runner._made_safe import MadeSafe, MakingSafe, SafeRow
from ivoryos_jupyter.runner._pipeline import Pipeline
from ivoryos_jupyter.runner._program import Plan, Program
from ivoryos_jupyter.runner._queue import RunQueue
from ivoryos_jupyter.runner._reading_past import rest_of
from ivoryos_jupyter.runner._replay import InDoubt
from ivoryos_jupyter.runner._restore import Outlook, chain_of, look
from ivoryos_jupyter.runner._rule_book import RuleBook
from ivoryos_jupyter.runner._runner import Runner
from ivoryos_jupyter.runner._safe_plan import SafeHandler, SafePlan, SafeSetting, handler_of, plan_for
from ivoryos_jupyter.runner._status import Choice, Counts, Question, RunStatus, State, StepNow
from ivoryos_jupyter.runner._stopping import sleep
from ivoryos_jupyter.runner._watch import Action as WatchAction
from ivoryos_jupyter.runner._watch import Band, Watch, WatchRead, WatchTripped
from ivoryos_jupyter.runner._watches import Watches

__all__ = [
    "Band",
    "BeginPhase",
    "Call",
    "CallChanged",
    "CallHandle",
    "Caller",
    "Choice",
    "Clerk",
    "Clock",
    "Counts",
    "DoCall",
    "DoWait",
    "DoWatch",
    "EndPhase",
    "Event",
    "Executor",
    "Flight",
    "Given",
    "InDoubt",
    "Interpreter",
    "Job",
    "MadeSafe",
    "MakingSafe",
    "Outlook",
    "Pipeline",
    "Plan",
    "Program",
    "Question",
    "QueueChanged",
    "RuleBook",
    "RunChanged",
    "RunHandle",
    "RunQueue",
    "RunStatus",
    "Runner",
    "SafeHandler",
    "SafePlan",
    "SafeRow",
    "SafeSetting",
    "State",
    "StepChanged",
    "StepEffect",
    "StepNow",
    "SystemClock",
    "ThreadExecutor",
    "VirtualClock",
    "Watch",
    "WatchAction",
    "WatchRead",
    "WatchTripped",
    "Watches",
    "chain_of",
    "error_text",
    "handler_of",
    "look",
    "override_reason",
    "plan_for",
    "read_answer",
    "rest_of",
    "sleep",
]
