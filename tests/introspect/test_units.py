"""Units are taken only where they leave no doubt."""

from __future__ import annotations

import pytest

from ivoryos_jupyter.introspect._units import as_unit, unit_in_name, unit_in_text


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("volume in mL", "mL"),
        ("Volume (mL).", "mL"),
        ("the volume [µL] to take", "µL"),
        ("flow rate in mL/min", "mL/min"),
        ("flow rate in millilitres per minute", "mL/min"),
        ("distance in mm per turn of the screw", ""),
        ("rate in mL / min", "mL/min"),
        ("time in seconds", "s"),
        ("temperature in degrees Celsius", "°C"),
        ("temperature (°C)", "°C"),
        ("float (unit: nm)", "nm"),
        ("speed in rpm, at most 300", "rpm"),
        ("how many channel(s)", ""),
        ("a value in a list", ""),
        ("moves in the tray (optional)", ""),
        ("in order", ""),
        ("", ""),
    ],
)
def test_a_unit_in_a_sentence(text, unit):
    assert unit_in_text(text) == unit


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("volume_ml", "mL"), ("volume_uL", "µL"), ("rate_ml_min", "mL/min"), ("rate_ml_per_min", "mL/min"), ("temp_c", "°C"),
        ("temperature_k", "K"),
        ("delay_s", "s"), ("wait_min", "min"), ("speed_rpm", "rpm"), ("voltage_v", "V"), ("mass_g", "g"), ("temp_min", ""), ("vitamin_c",
        ""), ("items_s", ""),
        ("ml", ""), ("volume", ""), ("s", ""), ("timeout_min", ""),
    ],
)  # fmt: skip
def test_a_unit_at_the_end_of_a_name(name, unit):
    assert unit_in_name(name) == unit


@pytest.mark.parametrize(
    ("text", "unit"), [("N*m", "N*m"), ("mg/mL", "mg/mL"), ("cm-1", "cm-1"), ("V/s", "V/s"), ("words", ""), ("m²", "m²")]
)
def test_a_text_as_unit(text, unit):
    assert as_unit(text) == unit
