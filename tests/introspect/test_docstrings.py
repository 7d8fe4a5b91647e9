"""Docstrings in the styles people write."""

from __future__ import annotations

import inspect

import docstring_parser
from hypothesis import given
from hypothesis import strategies as st

from ivoryos_jupyter.introspect._docstrings import ParameterDoc, read_doc

WORDS = st.text(st.sampled_from("abc xyz.,;'-0129(µ)"), min_size=1, max_size=30).map(lambda text: " ".join(("x" + text).split()))
NAMES = st.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True)
TYPES = st.sampled_from(["", " (float)", " (str)", " (list of int)", " (int, optional)"])
ENTRIES = st.lists(st.tuples(NAMES, TYPES, WORDS), min_size=1, max_size=4, unique_by=lambda entry: entry[0])


@given(WORDS, ENTRIES, st.sampled_from(["", "\n\nReturns:\n    the volume", "\n\nReturns:\n    float: the volume"]))
def test_the_quick_reader_agrees_with_the_library(summary, entries, returns):
    lines = "\n".join(f"    {name}{kind}: {words}" for name, kind, words in entries)
    text = f"{summary}\n\nArgs:\n{lines}{returns}"
    ours = read_doc(text)
    theirs = docstring_parser.parse(inspect.cleandoc(text), docstring_parser.DocstringStyle.GOOGLE)
    assert {name: (one.type_text, one.help) for name, one in ours.parameters.items()} == {
        one.arg_name: (one.type_name or "", " ".join((one.description or "").split())) for one in theirs.params
    }
    assert ours.returns.help == " ".join((theirs.returns.description or "").split() if theirs.returns else [])


def test_a_description_over_several_lines_is_one_sentence():
    doc = read_doc("Do it.\n\nArgs:\n    a: first\n        and second line\n    b (int): other")
    assert doc.of("a") == ParameterDoc("", "first and second line")
    assert doc.of("b") == ParameterDoc("int", "other")


def test_stars_before_a_name_are_no_part_of_it():
    assert read_doc("Do it.\n\nArgs:\n    **kwargs: more").of("kwargs").help == "more"


def test_what_is_no_docstring_says_nothing():
    assert read_doc(None).text == read_doc(3).text == read_doc("").summary == ""


def test_the_summary_is_the_first_paragraph_on_one_line():
    assert read_doc("Do it\n    at once.\n\n    More.").summary == "Do it at once."
