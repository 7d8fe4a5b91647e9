"""Tables of runs as CSV."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.records import config_csv_text, parse_config_csv, read_config_csv, write_config_csv
from ivoryos_jupyter.schema import Nullable, Number, Parameter, Text, from_text

FIXTURES = Path(__file__).parents[1] / "fixtures" / "ivoryos-1.7.2" / "config_csv"
VOLUME = Parameter("volume", Number(), annotation="float")
TEMP = Parameter("temp", Nullable(Number()), annotation="Optional[float]")
NAME = Parameter("name", Text(), annotation="str")


def test_ivoryos_table_is_read_without_its_types():
    assert read_config_csv(FIXTURES / "my_table.csv") == [
        {"volume": "1", "temp": "30"},
        {"volume": "2", "temp": "40"},
        {"volume": "3", "temp": "50"},
    ]


def test_the_template_of_ivoryos_has_no_rows():
    assert read_config_csv(FIXTURES / "dose_and_measure_config.csv", [VOLUME, TEMP]) == []


@pytest.mark.parametrize(
    "types",
    [
        "float,Enum:flowlab.Mode",
        'float,"Literal:gentle,normal,vigorous"',
        "float,\"['float', 'NoneType']\"",
        "float,",
        "int,Optional[float]",
        "float,float | None",
    ],
)
def test_every_way_to_write_types_is_known(types):
    assert parse_config_csv(f"volume,other\n{types}\n1,2\n") == [{"volume": "1", "other": "2"}]


def test_a_plain_table_keeps_its_first_row():
    assert parse_config_csv("volume,temp\n1.5,40\n2,\n", [VOLUME, TEMP]) == [{"volume": "1.5", "temp": "40"}, {"volume": "2", "temp": ""}]


def test_a_first_row_of_words_is_a_row_when_the_numbers_say_so():
    assert parse_config_csv("volume,name\n1,str\n", [VOLUME, NAME]) == [{"volume": "1", "name": "str"}]
    assert parse_config_csv("volume,name\nfloat,str\n", [VOLUME, NAME]) == []


def test_a_file_of_excel_is_read(tmp_path):
    (tmp_path / "excel.csv").write_bytes("\ufeffvolume;name\r\n1,5;Ärger\r\n".encode())
    assert read_config_csv(tmp_path / "excel.csv") == [{"volume": "1,5", "name": "Ärger"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "empty"), ("a,a\n1,2\n", "twice"), ("a,\n1,2\n", "column 2"), ("a,b\n1\n2,3,4\n", "line 3"), ("a,b\n1\n", "line 2 has 1 cells")],
)
def test_what_is_wrong_with_a_table_is_said(content, words):
    with pytest.raises(ConversionError, match=words):
        parse_config_csv(content)


def test_a_missing_or_unreadable_file_is_a_clear_error(tmp_path):
    with pytest.raises(ConversionError, match="no such file"):
        read_config_csv(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("name\nÄ\n".encode("latin-1"))
    with pytest.raises(ConversionError, match="UTF-8"):
        read_config_csv(tmp_path / "latin.csv")


@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.text(min_size=1),
        )
    )
)
def test_a_table_that_is_written_is_read_back(cells):
    inputs = [VOLUME, TEMP, NAME]
    rows = [{"volume": volume, "temp": temp, "name": name} for volume, temp, name in cells if "\x00" not in name]
    read = parse_config_csv(config_csv_text(rows, inputs), inputs)
    again = [
        {
            "volume": from_text(VOLUME.kind, row["volume"]),
            "temp": from_text(TEMP.kind, row["temp"]),
            "name": from_text(NAME.kind, row["name"]),
        }
        for row in read
    ]
    assert again == rows


def test_a_table_is_written_with_types_for_ivoryos(tmp_path):
    write_config_csv(tmp_path / "table.csv", [{"volume": 1.5, "temp": None}], [VOLUME, TEMP])
    assert (tmp_path / "table.csv").read_text().splitlines() == ["volume,temp", "float,Optional[float]", "1.5,"]
