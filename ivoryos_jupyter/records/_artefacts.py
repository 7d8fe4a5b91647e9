"""Which bytes does a large value become, and how are they read again?"""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Payload:
    """The content of a file."""

    suffix: str
    type: str
    """What the value was: ``numpy.ndarray``, ``pandas.DataFrame``, ``str``, ``bytes`` or ``json``."""
    content: bytes
    more: Mapping[str, object] = field(default_factory=dict)
    """What one wants to know without opening it: shape and dtype."""


def as_payload(value: object, longest: int) -> Payload | None:
    """Return the file for a value that is too large for a row, and None for all others.

    numpy and pandas are looked at only when somebody imported them: else `value` cannot be theirs.
    """
    if isinstance(value, str):
        return Payload(".txt", "str", value.encode("utf-8", "surrogatepass")) if len(value) > longest else None
    if isinstance(value, bytes | bytearray):
        return Payload(".bin", "bytes", bytes(value)) if len(value) > longest else None
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _array(value, longest)
    if pandas is not None and isinstance(value, pandas.Series):
        return _frame(value.to_frame(), "pandas.Series")
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return _frame(value, "pandas.DataFrame")
    return None


def read_artefact(folder: Path, reference: Mapping[str, object]) -> object:
    """Return the value that a reference in a row stands for."""
    relative, kind = str(reference.get("path")), str(reference.get("type"))
    path = (folder / relative).resolve()
    if not path.is_relative_to((folder / "results").resolve()):
        raise RecordsError(f"The result file {relative!r} lies outside results/; it is not opened.")
    try:
        return _read(path, kind)
    except FileNotFoundError as error:
        raise RecordsError(f"The result file {path} is gone; bring it back from a copy of the data folder.") from error
    except (OSError, ValueError) as error:
        raise RecordsError(f"The result file {path} cannot be read ({error}).") from error


def _read(path: Path, kind: str) -> object:
    """Read a file as what it was."""
    if kind == "numpy.ndarray":
        import numpy as np  # noqa: PLC0415 - only who has an array needs it

        return np.load(path, allow_pickle=False)
    if kind.startswith("pandas."):
        import pandas as pd  # noqa: PLC0415 - only who has a frame needs it

        frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, index_col=0)
        return frame.iloc[:, 0] if kind == "pandas.Series" else frame
    if kind == "str":
        return path.read_bytes().decode("utf-8", "surrogatepass")
    return path.read_bytes() if kind == "bytes" else json.loads(path.read_text("ascii"))


def _array(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]], longest: int) -> Payload | None:
    """Return the file of a large array; one of Python objects would need a pickle and has none."""
    import numpy as np  # noqa: PLC0415 - imported already by whoever made the array

    if array.nbytes <= longest // 8 or array.dtype.hasobject:
        return None
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=False)
    return Payload(".npy", "numpy.ndarray", stream.getvalue(), {"shape": list(array.shape), "dtype": str(array.dtype)})


def _frame(frame: pd.DataFrame, kind: str) -> Payload:
    """Return the file of a frame: Parquet keeps types where it can, CSV serves where it cannot."""
    more: dict[str, object] = {"shape": list(frame.shape)}
    if find_spec("pyarrow") is not None:
        try:
            return Payload(".parquet", kind, frame.to_parquet(), more)
        except (ValueError, TypeError, ImportError, NotImplementedError):
            more["note"] = "written as CSV: its columns do not fit Parquet"
    return Payload(".csv", kind, frame.to_csv().encode("utf-8"), more)
