"""Which unit does a text or a name state?  Only what leaves no doubt is taken."""

from __future__ import annotations

import re
from functools import lru_cache

_PREFIXED = (
    "L",
    "l",
    "g",
    "m",
    "s",
    "V",
    "A",
    "W",
    "Hz",
    "Pa",
    "bar",
    "mol",
    "M",
    "Ω",
    "Ohm",
    "ohm",
    "F",
    "J",
    "N",
    "eV",
    "K",
    "T",
    "C",
    "H",
    "S",
)
_PREFIXES = ("", "k", "M", "G", "m", "µ", "μ", "u", "n", "p", "c", "d", "h")
_PLAIN = (
    "%",
    "°",
    "°C",
    "°F",
    "degC",
    "degF",
    "deg",
    "rad",
    "rpm",
    "RPM",
    "psi",
    "torr",
    "Torr",
    "atm",
    "min",
    "h",
    "hr",
    "ppm",
    "ppb",
    "dB",
    "dBm",
    "steps",
    "counts",
    "px",
    "sccm",
    "slm",
    "Da",
    "Å",
    "cm-1",
    "lx",
    "Vpp",
    "Vrms",
    "OD",
    "rev",
    "x g",
    "xg",
)
_ATOMS = frozenset(_PLAIN) | {prefix + base for base in _PREFIXED for prefix in _PREFIXES}

_WORDS = {
    "second": "s",
    "millisecond": "ms",
    "microsecond": "µs",
    "nanosecond": "ns",
    "minute": "min",
    "hour": "h",
    "day": "d",
    "liter": "L",
    "litre": "L",
    "milliliter": "mL",
    "millilitre": "mL",
    "microliter": "µL",
    "microlitre": "µL",
    "nanoliter": "nL",
    "nanolitre": "nL",
    "meter": "m",
    "metre": "m",
    "millimeter": "mm",
    "millimetre": "mm",
    "micrometer": "µm",
    "micrometre": "µm",
    "micron": "µm",
    "nanometer": "nm",
    "nanometre": "nm",
    "centimeter": "cm",
    "centimetre": "cm",
    "gram": "g",
    "milligram": "mg",
    "microgram": "µg",
    "kilogram": "kg",
    "volt": "V",
    "millivolt": "mV",
    "amp": "A",
    "ampere": "A",
    "milliamp": "mA",
    "milliampere": "mA",
    "watt": "W",
    "milliwatt": "mW",
    "hertz": "Hz",
    "kilohertz": "kHz",
    "megahertz": "MHz",
    "gigahertz": "GHz",
    "kelvin": "K",
    "celsius": "°C",
    "degrees celsius": "°C",
    "degree celsius": "°C",
    "fahrenheit": "°F",
    "percent": "%",
    "degree": "°",
    "radian": "rad",
    "ohm": "Ω",
    "tesla": "T",
    "pascal": "Pa",
    "kilopascal": "kPa",
    "millibar": "mbar",
}
_SUFFIXES = {
    "ml": "mL",
    "ul": "µL",
    "nl": "nL",
    "mm": "mm",
    "um": "µm",
    "nm": "nm",
    "cm": "cm",
    "rpm": "rpm",
    "ms": "ms",
    "us": "µs",
    "sec": "s",
    "secs": "s",
    "seconds": "s",
    "minutes": "min",
    "mins": "min",
    "hours": "h",
    "hz": "Hz",
    "khz": "kHz",
    "ghz": "GHz",
    "mv": "mV",
    "bar": "bar",
    "mbar": "mbar",
    "psi": "psi",
    "kpa": "kPa",
    "mg": "mg",
    "kg": "kg",
    "percent": "%",
    "pct": "%",
    "deg": "°",
    "degc": "°C",
    "celsius": "°C",
    "kelvin": "K",
    "ml_min": "mL/min",
    "ul_min": "µL/min",
    "ul_s": "µL/s",
    "ml_s": "mL/s",
    "ml_h": "mL/h",
    "mm_s": "mm/s",
    "l_min": "L/min",
    "nl_min": "nL/min",
    "g_l": "g/L",
    "mg_ml": "mg/mL",
    "c_min": "°C/min",
    "volts": "V",
    "amps": "A",
    "watts": "W",
}
_TIMES = frozenset({"time", "delay", "duration", "timeout", "wait", "period", "interval", "hold", "exposure", "dwell", "settle"})
_TEMPERATURES = frozenset({"temp", "temperature", "setpoint", "t"})
_STEMS = {
    "s": (_TIMES, "s"),
    "min": (_TIMES - {"timeout"}, "min"),
    "h": (_TIMES, "h"),
    "c": (_TEMPERATURES, "°C"),
    "k": (_TEMPERATURES - {"t"}, "K"),
    "g": (frozenset({"mass", "weight"}), "g"),
    "l": (frozenset({"volume"}), "L"),
    "v": (frozenset({"voltage", "volt", "bias"}), "V"),
    "a": (frozenset({"current"}), "A"),
    "w": (frozenset({"power"}), "W"),
    "ma": (frozenset({"current"}), "mA"),
    "pa": (frozenset({"pressure"}), "Pa"),
    "m": (frozenset({"distance", "length"}), "m"),
}
_BRACKETED = re.compile(r"(?:^|\s)[(\[]\s*(?:in\s+|unit:?\s*|units:?\s*)?([^()\[\]]{1,24}?)\s*[)\]]")
_AFTER_IN = re.compile(
    r"\b(?:in|unit:|units:)\s+(?:units of\s+)?([^\s,;()\[\]]+(?:\s+celsius|\s+(?:per|/)\s+[^\s,;()\[\]]+)?)", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def as_unit(text: str) -> str:
    """Return `text` as a unit symbol (``seconds`` becomes ``s``), or an empty string when it is none."""
    text = text.strip().rstrip(".").strip("`")
    if text in _ATOMS:
        return text
    word = text.lower()
    plain = _WORDS.get(word) or _WORDS.get(word.removesuffix("s"))
    if plain:
        return plain
    for joint in (" per ", " / ", "/"):
        if joint in text:
            parts = [as_unit(part) for part in text.split(joint)]
            return "/".join(parts) if all(parts) else ""
    atoms = [re.sub(r"\^?[-+]?[23²³]$", "", atom) for atom in re.split(r"[*·]", text)]
    return text if len(atoms) < 4 and all(atom in _ATOMS for atom in atoms) else ""  # noqa: PLR2004 - N·m·s at most


@lru_cache(maxsize=4096)
def unit_in_text(text: str) -> str:
    """Return the unit that a sentence states: ``volume in mL``, ``volume (mL)``, ``volume [mL]``."""
    for pattern in (_BRACKETED, _AFTER_IN):
        for found in pattern.finditer(text):
            if unit := as_unit(found[1]):
                return unit
    return ""


@lru_cache(maxsize=4096)
def unit_in_name(name: str) -> str:
    """Return the unit that the end of a name states: ``volume_ml``, ``rate_ml_per_min``, ``temp_c``."""
    parts = name.lower().replace("_per_", "_").split("_")
    for length in (2, 1):
        if len(parts) > length and (unit := _SUFFIXES.get("_".join(parts[-length:]))):
            return unit
    stems, unit = _STEMS.get(parts[-1], (frozenset(), ""))
    return unit if len(parts) > 1 and parts[-2] in stems else ""
