"""What does a docstring say of a callable and its parameters?  Google, numpy and sphinx styles."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECTION = re.compile(
    r"^[ \t]*(?:"
    r"(?P<google>(?:Args|Arguments|Params|Parameters|Keyword Args|Keyword Arguments|Returns|Attributes):[ \t]*$)"
    r"|(?P<numpy>(?:Parameters|Other Parameters|Returns)[ \t]*\n[ \t]*-{3,})"
    r"|(?P<sphinx>:(?:param|parameter|arg|argument|key|keyword|type|return|returns|rtype)\b)"
    r"|(?P<epydoc>@(?:param|type|return|rtype)\b))",
    re.MULTILINE,
)
_PROSE_TYPES = {
    "boolean": "bool", "integer": "int", "string": "str", "double": "float", "number": "float", "real": "float", "numeric": "float",
    "none": "None", "nonetype": "None", "array": "numpy.ndarray", "ndarray": "numpy.ndarray", "np.ndarray": "numpy.ndarray",
    "numpy array": "numpy.ndarray", "array_like": "numpy.ndarray", "array-like": "numpy.ndarray", "sequence": "list", "iterable": "list",
    "any": "object", "filepath": "pathlib.Path", "path": "pathlib.Path", "pathlib.path": "pathlib.Path", "datetime": "datetime.datetime",
}  # fmt: skip
_MANY = re.compile(r"^(list|tuple|set|sequence|iterable|array)s? of (.+?)s?$", re.IGNORECASE)
_DEFAULT = re.compile(r",?\s*(?:optional|required|by default.*|default(?:s to)?[ :=].*|keyword[- ]only)\s*$", re.IGNORECASE)
_ALLOWED = (
    ast.Expression, ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.BinOp, ast.BitOr, ast.Load, ast.Constant, ast.List, ast.UnaryOp,
    ast.USub,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParameterDoc:
    """What a docstring says of one parameter."""

    type_text: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Doc:
    """A docstring, taken apart."""

    text: str = ""
    parameters: Mapping[str, ParameterDoc] = field(default_factory=dict)
    returns: ParameterDoc = field(default_factory=ParameterDoc)

    @property
    def summary(self) -> str:
        """The first paragraph, on one line."""
        return " ".join(self.text.partition("\n\n")[0].split("\n")).strip() if self.text else ""

    def of(self, name: str) -> ParameterDoc:
        """Return what is said of the parameter `name`, which may be written with its stars."""
        return self.parameters.get(name) or _NOTHING


_NOTHING = ParameterDoc()
_EMPTY = Doc()


def read_doc(raw: object) -> Doc:
    """Return the docstring `raw`, taken apart; what is no text says nothing."""
    if not isinstance(raw, str) or not raw:
        return _EMPTY
    text = inspect.cleandoc(raw)
    section = _SECTION.search(text)
    if section is None:
        return Doc(text)
    try:
        return _parsed(text, section.lastgroup or "google")
    except Exception:  # noqa: BLE001 - a docstring is prose; what no parser reads is shown as it is
        return Doc(text)


def _parsed(text: str, style: str) -> Doc:
    plain = _plain_google(text) if style == "google" else None
    if plain is not None:
        return plain
    import docstring_parser  # noqa: PLC0415 - imported when the first docstring with sections is met

    styles = docstring_parser.DocstringStyle
    named = {"google": styles.GOOGLE, "numpy": styles.NUMPYDOC, "sphinx": styles.REST, "epydoc": styles.EPYDOC}
    parsed = docstring_parser.parse(text, named[style])
    parameters = {
        one.arg_name.lstrip("*"): ParameterDoc(one.type_name or "", _line(one.description)) for one in parsed.params if one.arg_name
    }
    back = parsed.returns
    returns = ParameterDoc(back.type_name or "", _line(back.description)) if back is not None else _NOTHING
    return Doc(text, parameters, returns)


_TITLE = re.compile(r"(\w[\w ]*):[ \t]*$")
_ENTRY = re.compile(r"    \*{0,2}(\w+)(?:[ \t]*\(([^()]*)\))?:[ \t]+(\S.*)$")
_PARAMETERS = frozenset({"Args", "Arguments", "Parameters", "Params", "Keyword Args", "Keyword Arguments"})
_OTHERS = frozenset({"Yields", "Attributes"})
_DOUBTFUL = re.compile(r"optional|default", re.IGNORECASE)


def _plain_google(text: str) -> Doc | None:
    """Read the plainest form of the google style, which most drivers use, several times faster than the library does.

    Return None for whatever is not of that form: one line per parameter, nothing optional in its type.
    """
    parameters: dict[str, ParameterDoc] = {}
    returns: list[str] = []
    section = ""
    for line in text.split("\n"):
        if not line:
            continue
        if line[0] not in " \t":
            title = _TITLE.match(line)
            section = title[1] if title else ""
        elif section in _PARAMETERS:
            entry = _ENTRY.match(line)
            if entry is None or (entry[2] and _DOUBTFUL.search(entry[2])):
                return None
            parameters[entry[1]] = ParameterDoc((entry[2] or "").strip(), _line(entry[3]))
        elif section == "Returns":
            returns.append(line)
        elif section in _OTHERS:
            return None
    if not returns:
        return Doc(text, parameters)
    plain = len(returns) == 1 and ":" not in returns[0]
    return Doc(text, parameters, ParameterDoc("", _line(returns[0]))) if plain else None


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def type_in_words(text: str) -> str:
    """Return the type that a docstring names, written as an annotation; empty when it is prose.

    Only names, subscripts, unions and constants pass: a docstring never runs.
    """
    while (shorter := _DEFAULT.sub("", text.strip())) != text:
        text = shorter
    text = text.strip().strip("`").rstrip(".")
    if text.startswith("{") and text.endswith("}"):
        text = f"typing.Literal[{text[1:-1]}]"
    many = _MANY.match(text)
    if many:
        inner = type_in_words(many[2])
        outer = {"tuple": "tuple", "set": "set"}.get(many[1].lower(), "list")
        text = f"tuple[{inner}, ...]" if outer == "tuple" else f"{outer}[{inner}]"
        return text if inner else outer
    parts = [_PROSE_TYPES.get(part.strip().lower(), part.strip()) for part in re.split(r"\s+or\s+|\s*,\s*or\s+", text)]
    written = " | ".join(parts)
    return written if written and _is_type(written) else ""


def _is_type(text: str) -> bool:
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return all(isinstance(node, _ALLOWED) for node in ast.walk(tree))
