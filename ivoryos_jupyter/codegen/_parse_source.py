"""Where in the text stands what was read?  Names as they were written, comments, and problems with their lines."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_left
from dataclasses import dataclass

from ivoryos_jupyter.errors import Problem, WorkflowError

_LEADING = re.compile(r"[^\W\d]\w*")
_NO_CODE = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})


class Refused(Exception):  # noqa: N818 - it ends the reading of one statement, and is always caught
    """A part of the source that has no form in a workflow."""

    def __init__(self, node: ast.AST, why: str) -> None:
        """Keep where it is and why."""
        super().__init__(why)
        self.node = node
        self.why = why


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment."""

    line: int
    column: int
    text: str
    after: int
    """The last line before it that has code; the same line, where it stands behind code."""


class Source:
    """The text that is read."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        """Parse `text`, whose first line is called `first_line`; raise `WorkflowError` where it is no Python."""
        self.problems: list[Problem] = []
        self._first_line = first_line
        self._text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._lines = [line.encode() for line in self._text.split("\n")]
        self.tree = self._parsed()
        self._code = [0]  # the last lines of all that is code, in order
        self.remarks = self._remarks()

    def _parsed(self) -> ast.Module:
        try:
            return ast.parse(self._text)
        except SyntaxError as error:
            where = Problem(self.place(error.lineno or 1), f"is no Python: {error.msg}", (error.text or "").strip())
        except (ValueError, MemoryError, RecursionError) as error:
            where = Problem("source", f"cannot be read: {error or 'it is nested too deep'}")
        raise WorkflowError([where], "This is no Python.")

    def place(self, line: int) -> str:
        """Return how a line is called in a problem."""
        return f"line {self.line(line)}"

    def line(self, line: int) -> int:
        """Return the number of a line as the person sees it."""
        return line + self._first_line - 1

    def report(self, node: ast.AST, why: str) -> None:
        """Note that `node` cannot be expressed."""
        line = getattr(node, "lineno", 1)
        shown = self._lines[line - 1].decode().strip() if line <= len(self._lines) else ""
        self.problems.append(Problem(self.place(line), why, shown))

    def segment(self, node: ast.expr | ast.arg) -> str:
        """Return the text of `node`."""
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        if first == last:
            return self._lines[first][node.col_offset : node.end_col_offset].decode()
        rows = [self._lines[first][node.col_offset :], *self._lines[first + 1 : last], self._lines[last][: node.end_col_offset]]
        return b"\n".join(rows).decode()

    def written(self, node: ast.Name | ast.arg) -> str:
        """Return a name as it was written: Python would change µ (micro) into μ (mu)."""
        found = _LEADING.match(self.segment(node))
        return found.group() if found else ""

    def _remarks(self) -> list[Remark]:
        found: list[Remark] = []
        for token in tokenize.generate_tokens(io.StringIO(self._text).readline):
            if token.type == tokenize.COMMENT:
                text = token.string[1:].removeprefix(" ").rstrip()
                found.append(Remark(token.start[0], token.start[1], text, self._code[-1]))
            elif token.type not in _NO_CODE:
                self._code.append(token.end[0])
        return found

    def notes_for(self, group: list[ast.stmt]) -> list[str]:
        """Take out and return the comments right above some statements that are one step, and those behind their first line."""
        first, inner = group[0].lineno, getattr(group[-1], "body", None)
        end = max(group[-1].lineno, inner[0].lineno - 1) if inner else (group[-1].end_lineno or first)
        before = self._code[bisect_left(self._code, first) - 1]
        above = [one for one in self.remarks if one.after == before < one.line < first]
        return self._take([*above, *(one for one in self.remarks if first <= one.line == one.after <= end)])

    def notes_after(self, last: ast.stmt) -> list[str]:
        """Take out and return the comments that follow the last statement of a block, as far in as it is."""
        end = last.end_lineno or last.lineno
        return self._take([one for one in self.remarks if one.after == end < one.line and one.column >= last.col_offset])

    def _take(self, some: list[Remark]) -> list[str]:
        taken = set(some)
        self.remarks = [one for one in self.remarks if one not in taken]
        return [one.text for one in some]
