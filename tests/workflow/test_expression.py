"""Expressions: what Python means, without what Python can do."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.workflow import AtRun, Constant, Expression, Variable, compile_expression, fill, resolve

CONTEXT = {"volume": 2.5, "left": 12, "name": "S1", "items": [3, 1, 2], "table": {"a": 1}, "rate_µl": 4, "gone": None, "flag": False}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("volume * 2", 5.0),
        ("#volume * 2", 5.0),
        ("left < 15 and volume > 0", True),
        ("10 < left <= 12", True),
        ("10 < left < 12 < undefined", False),
        ("not flag", True),
        ("flag or name", "S1"),
        ("gone is None", True),
        ("left if flag else -left", -12),
        ("items[0] + items[-1]", 5),
        ("items[1:]", [1, 2]),
        ("table['a']", 1),
        ("[left, (1, 2), {'k': name}]", [12, (1, 2), {"k": "S1"}]),
        ("2 in items and 'S' not in items", True),
        ("max(items) - min(1, 2) + abs(-3)", 5),
        ("round(volume / 3, 2)", 0.83),
        ("sorted(items, reverse=True)", [3, 2, 1]),
        ("sum(range(4)) + len(name)", 8),
        ("int('7') + float('1.5')", 8.5),
        ("str(left) + ' mL'", "12 mL"),
        ("sqrt(16) + math.floor(2.7)", 6.0),
        ("cos(pi)", -1.0),
        ("7 // 2 * 2 ** 3 % 5", 4),
        ("rate_µl + #rate_µl", 8),
        ("'#5 ' + #name + \" it's #1\"", "#5 S1 it's #1"),
        ("'\\'#x' + name", "'#xS1"),
        ("(1 +\n 2)", 3),
    ],
)
def test_an_expression_means_what_python_means(text, value):
    assert compile_expression(text).evaluate(CONTEXT) == value


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("left <", "not finished"),
        ("(left", "not finished"),
        ("x = 3", "=="),
        ("import os", "statement"),
        ("left # low", "without a name"),
        ("pump.left", "attributes"),
        ("().__class__.__bases__", "attributes"),
        ("__import__('os')", "may not call"),
        ("abs.__call__(1)", "may not call"),
        ("eval('1')", "may not call"),
        ("squrt(4)", "did you mean 'sqrt'"),
        ("sqrt", "function"),
        ("(lambda: 1)()", "may not call"),
        ("lambda: 1", "define functions"),
        ("[x for x in items]", "for-each"),
        ("(x for x in items)", "for-each"),
        ("{x for x in items}", "for-each"),
        ("{1, 2}", "sets"),
        ("{**table}", r"\*\*"),
        ("[*items]", r"\*"),
        ("f'{left}'", "f-strings"),
        ("(y := 3)", "assign"),
        ("1 << 40", r"\+ - \*"),
        ("~left", "~"),
        ("b'x'", "numbers, text"),
        ("...", "numbers, text"),
        ("max(items, key=abs)", "no keyword key"),
        ("max(**table)", "no keyword"),
        ("sorted(items, reverse=True, key=len)", "no keyword key"),
        ("1" + " + 1" * 400, "too large"),
        ("-" * 200 + "1", "too large"),
        ("(" * 500 + "1" + ")" * 500, "expression"),
        ("'" + "x" * 3000 + "'", "longer"),
        ("a\x00b", "expression"),
    ],
)
def test_what_is_not_allowed_is_refused_before_it_runs(text, word):
    with pytest.raises(ExpressionError, match=word):
        compile_expression(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("lfet < 15", "did you mean 'left'"),
        ("left / 0", "zero"),
        ("name + 1", "TypeError"),
        ("items[9]", "IndexError"),
        ("9 ** 9 ** 9", "too large"),
        ("10 ** -10 ** 9", "too large"),
        ("10.0 ** 999", "OverflowError"),
        ("'a' * 10 ** 9", "more than"),
        ("10 ** 9 * [1]", "more than"),
        ("[[0] * 1000] * 1000", "more than"),
        ("[('x' * 1000, 1)] * 1000", "more than"),
        ("range(10 ** 9)", "more than"),
        ("round(5, -10 ** 9)", "digits"),
        ("'%1000000000d' % 5", "joined"),
        ("str(items)", "list"),
        ("int('9' * 99999)", "ValueError"),
        ("(2 ** 99999) * (2 ** 99999)", "too large"),
        ("('x' * 60000) + ('x' * 60000)", "more than"),
    ],
)
def test_what_goes_wrong_while_it_runs_is_explained(text, word):
    with pytest.raises(ExpressionError, match=word):
        compile_expression(text).evaluate(CONTEXT)


def test_the_names_are_listed_in_order_and_the_marked_ones_apart():
    compiled = compile_expression("#volume * left + volume + max(items) + pi + '#no'")
    assert compiled.names == ("volume", "left", "items")
    assert compiled.marked == ("volume",)
    assert compiled.text == "volume * left + volume + max(items) + pi + '#no'"


def test_the_same_text_is_compiled_once():
    assert compile_expression("left + 1") is compile_expression("left + 1")


def test_a_value_that_is_neither_true_nor_false_is_explained():
    class Array:
        def __bool__(self):
            raise ValueError("truth is ambiguous")

    with pytest.raises(ExpressionError, match="neither true nor false"):
        compile_expression("reading").holds({"reading": Array()})
    with pytest.raises(ExpressionError, match="ambiguous"):
        compile_expression("reading or 1").evaluate({"reading": Array()})
    assert compile_expression("reading").holds({"reading": [0]}) is True


operators = st.sampled_from(("+", "-", "*", "/", "//", "%", "<", "<=", "==", "!=", "and", "or"))
numbers = st.recursive(
    st.sampled_from(("a", "b", "c", "2", "0.5", "-3")),
    lambda inner: st.one_of(
        st.tuples(inner, operators, inner).map(" ".join).map("({})".format),
        st.tuples(inner, inner, inner).map(lambda three: "({} if {} else {})".format(*three)),
        inner.map("(not {})".format),
        inner.map("abs({})".format),
        inner.map("[{}][0]".format),
    ),
    max_leaves=12,
)


@given(numbers, st.tuples(*[st.integers(-3, 3) | st.floats(-5, 5)] * 3))
@settings(max_examples=200, deadline=None)
def test_python_agrees(text, three):
    context = dict(zip("abc", three, strict=True))
    try:
        expected = eval(text, {"__builtins__": {"abs": abs}}, context)  # noqa: S307 - Python is the reference here
    except (ArithmeticError, TypeError):
        with pytest.raises(ExpressionError):
            compile_expression(text).evaluate(context)
    else:
        found = compile_expression(text).evaluate(context)
        assert found == expected or (math.isnan(found) and math.isnan(expected))


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_is_either_compiled_or_refused(text):
    with contextlib.suppress(ExpressionError):
        compile_expression(text).evaluate({})


def test_text_is_filled_with_the_values_that_are_known():
    assert fill("weight was #weight mg", {"weight": 3.5}) == "weight was 3.5 mg"
    assert fill("sample #1, #unknown, #weights and #", {"weight": 3}) == "sample #1, #unknown, #weights and #"
    assert fill("#a#b", {"a": 1, "b": "#a"}) == "1#a"


def test_values_stand_for_what_they_say():
    assert resolve(Constant("#volume"), CONTEXT) == "#volume"
    assert resolve(AtRun("volume"), CONTEXT) == resolve(Variable("volume"), CONTEXT) == 2.5
    assert resolve(Expression("#volume * 2"), CONTEXT) == 5.0
    with pytest.raises(ExpressionError, match=r"#volum at this point \(did you mean 'volume'"):
        resolve(AtRun("volum"), CONTEXT)
