"""Where does everything lie?  In ``ivoryos_data/``, laid out as IvoryOS lays it out."""

from __future__ import annotations

import os
from pathlib import Path

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._names import file_name

NAME = "ivoryos_data"
FOLDERS = ("config_csv", "llm_output", "logs", "pseudo_deck", "results", "scripts", "scripts/drafts")


class DataFolder:
    """The data folder; its sub-directories are made when it is."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Use, or make, the folder at `path`."""
        self.path = Path(path).expanduser().absolute()
        try:
            for name in FOLDERS:
                self.path.joinpath(name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordsError(
                f"The data folder {self.path} cannot be made ({error.strerror or error}); "
                "set IVORYOS_DATA to a folder you may write to, then load the extension again."
            ) from error
        if not os.access(self.path, os.W_OK):
            raise RecordsError(
                f"The data folder {self.path} is read-only; give yourself the right to write there, or set IVORYOS_DATA to another folder."
            )

    @classmethod
    def find(cls, start: str | os.PathLike[str] | None = None) -> DataFolder:
        """Return ``IVORYOS_DATA``, else the nearest ``ivoryos_data/`` from the notebook's folder `start` upwards, else a new one."""
        chosen = os.environ.get("IVORYOS_DATA")
        if chosen:
            return cls(chosen)
        here = Path(start or Path.cwd()).expanduser().absolute()
        for folder in (here, *here.parents):
            if (folder / NAME).is_dir():
                return cls(folder / NAME)
        return cls(here / NAME)

    @property
    def database(self) -> Path:
        """Where SQLite's file lies."""
        return self.path / "ivoryos.db"

    @property
    def safety(self) -> Path:
        """Where the limits lie."""
        return self.path / "safety.json"

    @property
    def rules(self) -> Path:
        """Where the interlocks and budgets lie."""
        return self.path / "rules.json"

    @property
    def guard(self) -> Path:
        """Where it is remembered whether all instruments are guarded."""
        return self.path / "guard.json"

    @property
    def notify(self) -> Path:
        """Where addresses lie that are told; they hold secrets."""
        return self.path / "notify.json"

    @property
    def safe_states(self) -> Path:
        """Where the methods lie that make instruments safe."""
        return self.path / "safe_states.json"

    @property
    def results(self) -> Path:
        """Where result files lie."""
        return self.path / "results"

    @property
    def default_log(self) -> Path:
        """Where everything is logged."""
        return self.path / "default.log"

    def config_csv(self, name: str) -> Path:
        """Return where the parameter table called `name` lies."""
        return self.path / "config_csv" / file_name(name, ".csv")

    def log(self, name: str) -> Path:
        """Return where the log of the run called `name` lies."""
        return self.path / "logs" / file_name(name, ".log")

    def pseudo_deck(self, name: str) -> Path:
        """Return where the description of the deck called `name` lies."""
        return self.path / "pseudo_deck" / file_name(name, ".json")

    def result(self, name: str) -> Path:
        """Return where the results of the run called `name` lie."""
        return self.path / "results" / file_name(name, ".csv")

    def script(self, name: str, suffix: str = ".json") -> Path:
        """Return where the workflow called `name` lies, as JSON or, with ``.py``, as Python."""
        return self.path / "scripts" / file_name(name, suffix)

    def draft(self, name: str) -> Path:
        """Return where the draft of the workflow called `name` lies."""
        return self.path / "scripts" / "drafts" / file_name(name, ".json")
