"""A rule reads as a sentence, and comes back from its file as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.errors import ConversionError, SafetyFileError
from ivoryos_jupyter.rules import Rules, RulesFile, parse_interlock
from ivoryos_jupyter.schema import Budget, Source


@pytest.mark.parametrize(
    ("text", "target", "only", "require"),
    [
        ("when reactor.set_temperature: require stirrer.running", "reactor.set_temperature", None, "stirrer.running"),
        (
            "when pump.dispense with volume_ml > 5: require valve.position == 'open' and balance.weight < 200",
            "pump.dispense",
            "volume_ml > 5",
            "valve.position == 'open' and balance.weight < 200",
        ),
        ("when set reactor.target: require value < 80 or lid.closed", "set reactor.target", None, "value < 80 or lid.closed"),
        ("when pump.*: require not pump.alarm", "pump.*", None, "not pump.alarm"),
        ("when rinse_all: require waste.level < 90", "rinse_all", None, "waste.level < 90"),
        ("when a.b: require c.d == ': require x' and c.e", "a.b", None, "c.d == ': require x' and c.e"),
        ("when a.b with s == ' with : require': require c.d", "a.b", "s == ' with : require'", "c.d"),
        ('when plate["A1"].fill: require plate["A1"].level < 3', 'plate["A1"].fill', None, 'plate["A1"].level < 3'),
        ("when a.b:require(c.d)", "a.b", None, "(c.d)"),
        ("when a.b: require last(balance.weigh) < 200 and age(balance.weigh) < 60", "a.b", None, None),
    ],
)
def test_a_rule_is_read_part_by_part(text, target, only, require):
    rule = parse_interlock(text)
    assert rule.target == target
    assert (rule.only_with.text if rule.only_with else None) == only
    assert require is None or rule.require.text == require
    assert parse_interlock(rule.text) == rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no rule"),
        ("require stirrer.running", "is no rule"),
        ("when pump.dispense require stirrer.running", "is no rule"),
        ("when pump.dispense: require", "is empty"),
        ("when pump.dispense: require stirrer.start()", "may not call"),
        ("when pump.dispense: require stirrer._secret", "private"),
        ("when pump.dispense: require open('x').read", "'open('x')' cannot be read"),
        ("when pump.dispense: require stirrer.running = True", "to compare"),
        ("when pump.dispense: require last(3)", "last takes one method"),
        ("when pump.__class__: require stirrer.running", "private"),
        ("when *: require stirrer.running", "guards everything"),
        ("when set target: require stirrer.running", "name one property"),
        ("when set pump.*: require stirrer.running", "name one property"),
        ("when pump.dispense with : require stirrer.running", "cannot be"),
        ("when 3.dispense: require stirrer.running", "no"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_reason(text, said):
    with pytest.raises(ConversionError) as caught:
        parse_interlock(text)
    assert said in str(caught.value)


def test_what_a_rule_needs_is_known_without_asking_anybody():
    rule = parse_interlock("when pump.dispense with volume_ml > limit: require valve.open and last(balance.weigh) < 3 and age(rinse) > 5")
    assert rule.only_with.arguments == ("volume_ml", "limit")
    assert [one.text for one in rule.require.refers] == ["valve.open", "last(balance.weigh)", "age(rinse)"]


names = st.sampled_from(["pump", "reactor", "valve_2", "stage.x", 'plate["A1"]', "pumpe_ä"])
members = st.sampled_from(["dispense", "running", "temperature", "set_point", "µ"])
numbers = st.integers(-1000, 1000) | st.floats(allow_nan=False, allow_infinity=False, width=32)
quoted = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12
).map(repr)
atoms = st.builds("{}.{}".format, names, members) | st.builds("last({}.{})".format, st.sampled_from(["pump", "stage.x"]), members)
links = st.builds("{} {} {}".format, atoms, st.sampled_from(["<", ">=", "==", "!="]), numbers.map(repr) | quoted)
conditions = st.lists(links | atoms.map("not {}".format), min_size=1, max_size=3).map(" and ".join)


@given(st.sampled_from(["", "set "]), names, members, st.none() | conditions, conditions)
def test_every_rule_comes_back_from_its_text(setting, name, member, only, require):
    middle = f" with {only}" if only else ""
    rule = parse_interlock(f"when {setting}{name}.{member}{middle}: require {require}")
    again = parse_interlock(rule.text)
    assert again == rule
    assert again.text == rule.text


words = st.text(alphabet="abcdefghij_", min_size=1, max_size=8)
sources = st.builds(Source, words, words | words.map("{}_(setter)".format), words | st.just(""))
amounts = st.integers(0, 10**9) | st.floats(0, 1e9)
budgets = st.builds(
    Budget,
    st.lists(sources, min_size=1, max_size=3, unique=True).map(tuple),
    amounts,
    st.sampled_from(["run", "minute", "day"]),
    unit=words,
) | st.builds(Budget, st.tuples(sources), amounts, since=words | st.builds("{}.{}".format, words, words))


@settings(max_examples=30, deadline=None)  # each writes files
@given(st.lists(st.builds("when {}.{}: require {}".format, names, members, conditions), max_size=3), st.lists(budgets, max_size=3))
def test_rules_come_back_from_their_file(tmp_path_factory, texts, kept):
    file = RulesFile(tmp_path_factory.mktemp("rules") / "rules.json")
    interlocks = {text: parse_interlock(text) for text in texts}
    for one in interlocks.values():
        file.add_interlock(one)
    for one in kept:
        file.add_budget(one)
    again = RulesFile(file.path).current()
    assert set(again.interlocks) == set(interlocks.values())
    assert {one.key: one for one in again.budgets} == {one.key: one for one in kept}


def test_no_file_means_no_rules(tmp_path):
    assert RulesFile(tmp_path / "rules.json").current() == Rules()
    assert not Rules()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be used"),
        ("[]", "format"),
        ('{"format": "ivoryos-rules/1", "interlocks": ["when pump.dose: require lamp.on"], "interlocks": []}', "'interlocks' stands twice"),
        ('{"format": "ivoryos-rules/2"}', "format"),
        ('{"format": "ivoryos-rules/1", "interlock": []}', "did you mean interlocks"),
        ('{"format": "ivoryos-rules/1", "interlocks": ["when x"]}', "is no rule"),
        ('{"format": "ivoryos-rules/1", "interlocks": [3]}', "interlock 1 is no text"),
        ('{"format": "ivoryos-rules/1", "budgets": [{"uses": [], "at_most": 3, "per": "run"}]}', "uses nothing"),
        (
            '{"format": "ivoryos-rules/1", "budgets": [{"uses": [{"target": "p", "method": "d"}], "at_most": "3", "per": "run"}]}',
            "no number",
        ),
        (
            '{"format": "ivoryos-rules/1", "budgets": [{"uses": [{"target": "p", "method": "d"}], "at_most": 3, "per": "week"}]}',
            "needs per",
        ),
        ('{"format": "ivoryos-rules/1", "budgets": [{"uses": [{"target": "p"}], "at_most": 3, "per": "run"}]}', "target and method"),
    ],
)
def test_a_file_that_cannot_be_understood_says_why_and_blocks(tmp_path, text, said):
    path = tmp_path / "rules.json"
    path.write_text(text, encoding="utf-8")
    file = RulesFile(path)
    for _ in range(2):
        with pytest.raises(SafetyFileError, match=r"No call is made until it is mended") as caught:
            file.current()
        assert said in str(caught.value)
    path.unlink()
    assert file.current() == Rules()
