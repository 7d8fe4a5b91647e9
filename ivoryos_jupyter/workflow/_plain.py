"""How is a plain value written into JSON, and read back?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import LiveReference

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Plain

_NONFINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def plain_to_json(plain: Plain) -> object:
    """Return `plain` as strict JSON data."""
    if isinstance(plain, LiveReference):
        return {"$live": plain.text}
    if isinstance(plain, float) and not math.isfinite(plain):
        return {"$float": str(plain)}
    if isinstance(plain, list):
        return [plain_to_json(item) for item in plain]
    if isinstance(plain, dict):
        data = {key: plain_to_json(item) for key, item in plain.items()}
        return {"$dict": data} if any(key.startswith("$") for key in data) else data
    return plain


def plain_from_json(data: object) -> Plain:
    """Return the plain value that `plain_to_json` wrote; raise ValueError for anything else."""
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, list):
        return [plain_from_json(item) for item in data]
    if not isinstance(data, dict):
        raise ValueError(f"a {type(data).__name__} is no JSON value")  # noqa: TRY004 - one error for all that is wrong with the text
    match data:
        case {"$live": str(text)} if len(data) == 1:
            return LiveReference(text)
        case {"$float": str(name)} if len(data) == 1 and name in _NONFINITE:
            return _NONFINITE[name]
        case {"$dict": dict(inner)} if len(data) == 1:
            return {str(key): plain_from_json(item) for key, item in inner.items()}
    if any(str(key).startswith("$") for key in data):
        raise ValueError(f"{', '.join(sorted(map(str, data)))}: keys that begin with $ have a meaning of their own")
    return {str(key): plain_from_json(item) for key, item in data.items()}
