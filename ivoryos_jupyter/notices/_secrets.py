"""How is a URL named that holds a password or a token?  Never whole: by its service, and its host where that is no secret."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import unquote, urlsplit

_HOST_IS_HOST = frozenset(
    {"mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "apprise", "apprises", "ntfys", "gotify", "gotifys"}
)
"""Services whose URL has the host's name where others have a token."""
_SHORTEST = 4
"""Characters from which a part of a URL is taken for a secret; shorter ones would blot out plain words."""


def label_of(url: str) -> str:
    """Return what a URL may be called on screen, in records and in errors."""
    scheme, host, port = _public_parts(url)
    return f"{scheme}://{host}{port}" if host else f"{scheme}://…"


def _public_parts(url: str) -> tuple[str, str, str]:
    scheme = url.partition("://")[0].lower()
    if scheme not in _HOST_IS_HOST:
        return scheme, "", ""
    with suppress(ValueError):
        parts = urlsplit(url)
        host = parts.hostname or ""
        if "." in host or ":" in host or host == "localhost":  # a single word may be a secret at the wrong place
            return scheme, host, f":{parts.port}" if parts.port else ""
    return scheme, "", ""


def scrubbed(text: str, url: str) -> str:
    """Return `text`, first line only, without any part of `url` that is not public."""
    line = text.partition("\n")[0].replace(url, label_of(url))
    scheme, host, port = _public_parts(url)
    public = {scheme, host, port.lstrip(":")}
    found = re.split(r"[/:@?&=,;#]+", url)
    secrets = {form for part in found for form in (part, unquote(part)) if len(form) >= _SHORTEST and form.lower() not in public}
    for secret in sorted(secrets, key=len, reverse=True):
        line = line.replace(secret, "…")
    return line
