"""Which function does what?  Told by ``run`` in a generated file, else by the functions' names."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._module import function_name
from ivoryos_jupyter.codegen._parse_names import parameters_of, without_await

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.codegen._parse_names import Function
    from ivoryos_jupyter.codegen._parse_source import Source

_CHANGED = "run does prep, script and cleanup and nothing else; put this into one of the three functions"
_SUFFIXES = {"_prep": "prep", "_cleanup": "cleanup"}
_PLAIN = ("prep", "script", "cleanup")


def is_run(function: Function, functions: Mapping[str, Function]) -> bool:
    """Whether a function is the one of a generated file that does all phases."""
    doc = ast.get_docstring(function) or ""
    return function.name == "run" and (doc.startswith("Do prep once") or any(name in functions for name in called_in(function)))


def called_in(function: Function) -> set[str]:
    """Return the names that a function calls."""
    return {node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


class RunFunction:
    """What ``run`` says about the other functions."""

    def __init__(self, function: Function, functions: Mapping[str, Function], source: Source) -> None:
        """Read it; what it does besides is reported."""
        self.roles: dict[str, str] = {}
        """Phase -> name of the function."""
        self._functions = functions
        self._source = source
        self._table = {one.arg for one in parameters_of(function)[-1:]} if function.args.defaults else set()
        self._read(function.body, "prep")
        self.instruments = [one.arg for one in parameters_of(function) if one.arg not in self._table]

    def _read(self, body: Iterable[ast.stmt], phase: str) -> None:
        for node in body:
            match node:
                case ast.Try(body=inner, handlers=[], orelse=[], finalbody=last):
                    self._read(inner, phase)
                    self._read(last, "cleanup")
                case ast.For(body=inner, orelse=[]):
                    self._table |= {one.id for one in ast.walk(node.iter) if isinstance(one, ast.Name) and one.id != "range"}
                    self._read(inner, "script")
                case ast.Expr(value=value):
                    self._call(value, phase)
                case ast.Return(value=ast.Name()) | ast.Assign(value=ast.List(elts=[]) | ast.Dict(keys=[])):
                    pass
                case _:
                    self._source.report(node, _CHANGED)

    def _call(self, node: ast.expr, phase: str) -> None:
        if isinstance(node, ast.Constant):
            return
        call = node
        match node:
            case ast.Call(func=ast.Attribute(attr="append"), args=[inner], keywords=[]):
                call = inner
        called = without_await(call)
        if isinstance(called, ast.Call) and isinstance(called.func, ast.Name) and called.func.id in self._functions:
            self.roles[phase] = called.func.id
        else:
            self._source.report(node, _CHANGED)


def roles_by_name(functions: Mapping[str, Function], wish: str, source: Source, *, has_script: bool) -> dict[str, str]:
    """Return phase -> name of its function; `has_script` when the script stands in the source by itself."""
    inner = {name for one in functions.values() for name in called_in(one)}
    free = [name for name in functions if name not in inner]
    wanted = function_name(wish) if wish else ""
    bases = list(dict.fromkeys(_base(name) for name in free if name not in _PLAIN))
    base = wanted if wanted in bases or has_script or len(bases) != 1 else bases[0]
    found = {phase: name for name in free if (phase := _phase(name, base, has_script=has_script))}
    if not has_script:
        for name in free:
            if name not in found.values():
                why = (
                    f"nothing calls {name}, and it is no phase of {base or 'one workflow'}; the phases are name_prep, name and name_cleanup"
                )
                source.report(functions[name], why)
    return found


def _base(name: str) -> str:
    return next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)


def _phase(name: str, base: str, *, has_script: bool) -> str:
    if name in _PLAIN:
        return name
    if name == base:
        return "" if has_script else "script"
    return next((phase for suffix, phase in _SUFFIXES.items() if name == f"{base}{suffix}"), "")
