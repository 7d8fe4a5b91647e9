"""What does the generated file need besides the steps?  Imports, helpers, and names that do not collide."""

from __future__ import annotations

import keyword
import re
import sys
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._helpers import HELPERS, NEEDED_BY
from ivoryos_jupyter.errors import Problem, WorkflowError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Module:
    """Collects what the top of the file says; hands out names."""

    def __init__(self, taken: Iterable[str]) -> None:
        """Begin with the names that belong to the person: instruments, parameters, outputs."""
        self._taken = set(taken)
        self._given: dict[tuple[str, str], str] = {}
        self._imports: set[str] = set()
        self._helpers: dict[str, str] = {}

    def fresh(self, wish: str) -> str:
        """Return `wish`, or `wish` with a number where that name is taken."""
        name, number = wish, 1
        while name in self._taken or keyword.iskeyword(name):
            number += 1
            name = f"{wish}_{number}"
        self._taken.add(name)
        return name

    def imported(self, module: str, name: str = "") -> str:
        """Import a module, or a name from it, once; return how it is called in this file."""
        key = (module, name)
        if key not in self._given:
            top = name or module
            called = self.fresh(top)
            self._given[key] = called
            renamed = f" as {called}" if called != top else ""
            self._imports.add(f"from {module} import {name}{renamed}" if name else f"import {module}{renamed}")
        return self._given[key]

    def class_named(self, type_name: str) -> str:
        """Import the class ``module:qualname``; return how it is called in this file."""
        private, _, qualname = type_name.partition(":")
        module = _public(private, qualname)
        first, dot, rest = qualname.partition(".")
        if not module or not first.isidentifier() or "<locals>" in qualname:
            raise WorkflowError([Problem("class", f"{type_name} cannot be imported, because it was defined within a function", type_name)])
        return f"{self.imported(module, first)}{dot}{rest}"

    def helper(self, name: str) -> str:
        """Add one of the small functions the file brings along; return how it is called in this file."""
        if name not in self._helpers:
            for module in NEEDED_BY.get(name, ()):
                self.imported(module)
            self._helpers[name] = self.fresh(name)
        return self._helpers[name]

    def head(self) -> list[str]:
        """Return the lines of the imports."""
        plain = sorted(line for line in self._imports if line.startswith("import "))
        named = sorted(line for line in self._imports if line.startswith("from "))
        return [*plain, *named]

    def helpers(self) -> list[str]:
        """Return the lines of the helpers, each after two empty lines."""
        lines: list[str] = []
        for name, called in sorted(self._helpers.items()):
            source = HELPERS[name]
            for module in NEEDED_BY.get(name, ()):
                source = re.sub(rf"\b{module}\.", f"{self.imported(module)}.", source)
            lines += ["", "", *re.sub(rf"\bdef {name}\(", f"def {called}(", source).strip().splitlines()]
        return lines


def function_name(text: str) -> str:
    """Return a name for a function that says `text`."""
    said = "".join(letter if f"a{letter}".isidentifier() else " " for letter in text)  # ½ is \w, and no part of a name
    name = "_".join(said.split()).strip("_") or "workflow"
    return f"workflow_{name}" if name[0].isdigit() or not name.isidentifier() or keyword.iskeyword(name) else name


def _public(module: str, name: str) -> str:
    """Return the nearest package above a private module that offers the same class, as far as it is loaded; else the module."""
    loaded = sys.modules.get(module)
    there = None if loaded is None else vars(loaded).get(name)
    home = module
    while "._" in home and there is not None:
        home = home.rpartition(".")[0]
        package = sys.modules.get(home)
        if package is not None and vars(package).get(name) is there:
            return home
    return module
