"""How does a notice get to an address?  Through apprise, which knows mail, chat and push services; its log never shows a secret."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import ConversionError, NoticeError, Problem
from ivoryos_jupyter.notices._secrets import label_of, scrubbed

if TYPE_CHECKING:
    from ivoryos_jupyter.notices._notice import Kind, Notice

_INSTALL = 'Notices to an address need apprise: pip install "ivoryos_jupyter[notify]". A plain function needs nothing.'
_SEVERITY: dict[Kind, str] = {
    "wait": "warning",
    "error": "failure",
    "end": "info",
    "watch": "warning",
    "safe": "failure",
    "died": "failure",
}


class _Service(Protocol):
    """What is used of one of apprise's services."""

    def notify(self, *, body: str, title: str, notify_type: str, body_format: str) -> object:
        """Send; the answer is true when it was taken."""


class _Overheard(logging.Filter):
    """Keeps what apprise logs on our own threads for us; what it logs for others passes."""

    def __init__(self) -> None:
        super().__init__()
        self._said = threading.local()

    def listen(self) -> list[str]:
        """Begin to keep what is logged on this thread."""
        heard: list[str] = []
        self._said.heard = heard
        return heard

    def deaf(self) -> None:
        """End what `listen` began."""
        self._said.heard = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep a warning or worse; anything of ours goes to no other log, for it may hold the address."""
        heard: list[str] | None = getattr(self._said, "heard", None)
        if heard is None:
            return True
        if record.levelno >= logging.WARNING:
            heard.append(record.getMessage())
        return False


_overheard = _Overheard()


class UrlHandler:
    """Sends notices to an apprise URL.

    Parameters
    ----------
    url
        Such as ``mailto://user:password@gmail.com``; see apprise's documentation for the other services.
    """

    def __init__(self, url: str) -> None:
        """Keep the URL; it is read when it is used, or checked."""
        self.url = url
        self.label = label_of(url)

    def __repr__(self) -> str:
        """Return the label: the URL holds secrets."""
        return f"<address {self.label}>"

    def __call__(self, notice: Notice) -> None:
        """Send `notice`; raise `NoticeError` with the reason when it does not arrive."""
        service = self.check()
        heard = _overheard.listen()
        try:
            sent = service.notify(body=notice.text, title=notice.title, notify_type=_SEVERITY.get(notice.kind, "info"), body_format="text")
        except Exception as error:  # noqa: BLE001 - each service raises what it likes, with the address in the text
            raise NoticeError(self._why([f"{type(error).__name__}: {error}"])) from None
        finally:
            _overheard.deaf()
        if not sent:
            raise NoticeError(self._why(heard))

    def _why(self, heard: list[str]) -> str:
        said = "; ".join(dict.fromkeys(scrubbed(line, self.url) for line in heard))
        return said or f"{self.label} did not take it"

    def check(self) -> _Service:
        """Return apprise's service for the URL; nothing is sent.

        Raises
        ------
        NoticeError
            When apprise is not installed.
        ConversionError
            When apprise cannot make anything of the URL.
        """
        try:
            import apprise  # noqa: PLC0415 - an extra, and a quarter of a second
        except ImportError:
            raise NoticeError(_INSTALL) from None
        log = logging.getLogger("apprise")
        if _overheard not in log.filters:
            log.addFilter(_overheard)
        heard = _overheard.listen()
        try:
            found = apprise.Apprise.instantiate(self.url, suppress_exceptions=False)
        except Exception as error:  # noqa: BLE001 - as above
            heard.append(str(error))
            found = None
        finally:
            _overheard.deaf()
        if found is None:
            why = self._why(heard) if heard else "apprise knows no such service"
            raise ConversionError([Problem("handler", f"cannot be used as an address: {why}", self.label)])
        service: _Service = found
        return service
