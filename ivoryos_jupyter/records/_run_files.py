"""Which files does a finished run leave?  Results, table, workflow, generated script and log, laid out as IvoryOS does."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.records._clock import file_text, local_text
from ivoryos_jupyter.records._config_csv import config_csv_text
from ivoryos_jupyter.records._edits import edits
from ivoryos_jupyter.records._files import DefaultLog, write_whole
from ivoryos_jupyter.records._plain import from_text
from ivoryos_jupyter.records._readable import readable_text
from ivoryos_jupyter.records._requests import request_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from ivoryos_jupyter.journal import CallIntent, RunRequest, StepOutcome
    from ivoryos_jupyter.records._database import Database
    from ivoryos_jupyter.records._folder import DataFolder

_RUN = """
SELECT r.name, r.started_us, r.ended_us, r.outcome, r.error_text, r.request, v.workflow
FROM workflow_runs r JOIN workflow_versions v ON v.hash = r.workflow_version WHERE r.id = :id
"""
_CONTEXTS = """
SELECT id, CAST(parameters AS TEXT), CAST(outputs AS TEXT)
FROM workflow_phases WHERE run_id = :id AND name = 'main' ORDER BY repeat_index, id
"""
_STEPS = """
SELECT s.started_us, p.name, p.repeat_index, s.instrument, s.method_name, s.arguments, s.status, s.error_text, s.ended_us, s.sample_id,
  s.prints
FROM workflow_steps s JOIN workflow_phases p ON p.id = s.phase_id WHERE p.run_id = :id ORDER BY s.id
"""
_EVENTS = """
SELECT at_us, kind, detail FROM run_events WHERE run_id = :id AND kind NOT IN ('branch', 'loop', 'variables') ORDER BY at_us, id
"""


@dataclass(frozen=True, slots=True)
class _Run:
    """What the files say of a run."""

    id: int
    name: str
    started_us: int
    ended_us: int | None
    outcome: str
    error: str | None
    request: RunRequest

    @property
    def stem(self) -> str:
        """Return the name of its files, with the time, as IvoryOS writes it."""
        return f"{self.name}_{file_text(self.started_us)}"


class RunFiles:
    """Writes the files of runs that have ended."""

    def __init__(self, database: Database, folder: DataFolder) -> None:
        """Read from `database`, write into `folder`."""
        self._database = database
        self._folder = folder
        self._log_file = DefaultLog(folder.default_log)
        self.render: Callable[[str], str] | None = None
        """Makes the Python script from a workflow's JSON text; None writes no script."""

    def write(self, run_id: int) -> list[Path]:
        """Write everything for one run; return the files."""
        run = self._run(run_id)
        files = {self._folder.script(run.name): run.request.workflow, self._log_path(run): self._log(run)}
        results = self._results(run_id)
        if results is not None:
            path = self._folder.result(run.stem)
            files[path] = results
            self._database.change("UPDATE workflow_runs SET data_path = :path WHERE id = :id", {"id": run_id, "path": path.name})
        if run.request.rows is not None:
            files[self._folder.config_csv(run.name)] = config_csv_text(run.request.rows, (), types=False)
        if self.render is not None:
            files[self._folder.script(run.name, ".py")] = self.render(run.request.workflow)
        for path, text in files.items():
            write_whole(path, text.encode("utf-8", "backslashreplace"), durable=False)
        self._log_file.append(files[self._log_path(run)])
        return list(files)

    def call_began(self, call: CallIntent) -> None:
        """Log that a direct call is made."""
        given = ", ".join(f"{name}={_cell(value)}" for name, value in call.kwargs.items())
        self._log_file.append(f"{local_text(call.started_us)[:19]} - {call.method_name} {given}".rstrip() + "\n")

    def call_ended(self, row: int, outcome: StepOutcome) -> None:
        """Log what came of a direct call, unless it went well."""
        if outcome.error is not None:
            self._log_file.append(f"{local_text(outcome.ended_us)[:19]} - call {row} {outcome.status.value}: {outcome.error}\n")

    def _run(self, run_id: int) -> _Run:
        """Return what the files say of a run."""
        name, started, ended, outcome, error, request, workflow = self._database.rows(_RUN, {"id": run_id})[0]
        return _Run(
            run_id,
            str(name),
            int(str(started)),
            None if ended is None else int(str(ended)),
            str(outcome),
            None if error is None else str(error),
            request_from(str(request), str(workflow)),
        )

    def _results(self, run_id: int) -> str | None:
        """Return the results as CSV, one line for each sample, or None when there are none."""
        contexts: list[Mapping[str, object]] = []
        changed = edits(self._database, "workflow_phases p WHERE p.run_id = :id AND p.name = 'main'", {"id": run_id})
        for phase, parameters, outputs in self._database.rows(_CONTEXTS, {"id": run_id}):
            of_phase = _contexts(outputs) or _contexts(parameters)
            contexts += [_marked(one, changed.get((int(str(phase)), index))) for index, one in enumerate(of_phase)]
        titles = list(dict.fromkeys(name for context in contexts for name in context))
        if not titles:
            return None
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(titles)
        writer.writerows([_cell(context.get(title)) for title in titles] for context in contexts)
        return stream.getvalue()

    def _log_path(self, run: _Run) -> Path:
        """Return where the log goes."""
        return self._folder.log(run.stem)

    def _log(self, run: _Run) -> str:
        """Return the log: what happened, in order of time."""
        lines = [(run.started_us, f"Run {run.name} of workflow {run.request.workflow_name} began.")]
        lines += self._step_lines(run.id)
        lines += [(int(str(at)), f"{kind}{_detail(str(detail))}") for at, kind, detail in self._database.rows(_EVENTS, {"id": run.id})]
        if run.ended_us is not None:
            lines.append((run.ended_us, f"Run {run.name} ended: {run.outcome}.{f' {run.error}' if run.error else ''}"))
        lines.sort(key=lambda line: line[0])
        return "".join(f"{local_text(at)[:19]} - {text}\n" for at, text in lines)

    def _step_lines(self, run_id: int) -> Iterable[tuple[int, str]]:
        """Return a line when a step began, and one when it failed or printed something."""
        for row in self._database.rows(_STEPS, {"id": run_id}):
            started, phase, iteration, instrument, method, arguments, status, error, ended, sample, prints = row
            where = f"{'script' if phase == 'main' else phase} {iteration}" + (f", {sample}" if sample else "")
            target = f"{instrument}.{method}" if instrument else str(method)
            yield int(str(started)), f"[{where}] {target} {_arguments(str(arguments))}".rstrip()
            if prints:
                yield int(str(ended or started)), f"[{where}] {target} printed: {str(prints).rstrip()}"
            if status != "done":
                yield int(str(ended or started)), f"[{where}] {target} {status}{f': {error}' if error else ''}"


def _marked(context: Mapping[str, object], edited: str | None) -> Mapping[str, object]:
    """Return a line of the results with what was changed in it; a result of that name stays."""
    return context if edited is None else {**context, "edited": context.get("edited", edited)}


def _contexts(cell: object) -> list[Mapping[str, object]]:
    """Return the dicts of a cell."""
    data = from_text(None if cell is None else str(cell))
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def _cell(value: object) -> str:
    """Return a cell as IvoryOS writes it: nothing for None, text to the letter, Python's form for lists and dicts."""
    return "" if value is None else value if isinstance(value, str) else readable_text(value)


def _arguments(text: str) -> str:
    """Return arguments as one reads them."""
    data = from_text(text)
    return ", ".join(f"{name}={_cell(value)}" for name, value in data.items()) if isinstance(data, dict) else ""


def _detail(text: str) -> str:
    """Return what an event says."""
    data = from_text(text)
    said = (
        ", ".join(f"{name}: {value}" if name != "message" else str(value) for name, value in data.items()) if isinstance(data, dict) else ""
    )
    return f" ({said})" if said else ""
