"""Which classes belong to a framework, not to the driver?  Their members are folded away."""

from __future__ import annotations

import sys

from ivoryos_jupyter.introspect._names import library

_STANDARD = frozenset(sys.stdlib_module_names)
_FRAMEWORKS = frozenset({
    "PyQt4", "PyQt5", "PyQt6", "PySide2", "PySide6", "qtpy", "sip", "shiboken6", "traitlets", "pydantic", "pydantic_core",
    "pydantic_settings", "attr",
    "attrs", "typing_extensions", "zope", "param", "ipywidgets", "anywidget", "IPython", "psygnal", "atom", "enaml", "labrad", "Pyro5",
    "Pyro4",
    "rpyc", "numpy", "pandas", "transitions",
})  # fmt: skip


def is_standard(cls: type) -> bool:
    """Whether `cls` is of Python's standard library."""
    return library(cls) in _STANDARD


def is_framework(cls: type) -> bool:
    """Whether `cls` is of the standard library or of a framework that drivers build on."""
    return is_standard(cls) or library(cls) in _FRAMEWORKS
