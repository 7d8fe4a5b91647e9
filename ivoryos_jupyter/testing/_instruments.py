"""Which instruments can one practise on?  A pump, a reactor, a spectrometer and a stirrer, simulated and deterministic."""

from __future__ import annotations

import asyncio
import time
import zlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import timedelta

AMBIENT_C = 20.0
"""Temperature of the simulated room, in °C."""


class SyringeEmpty(RuntimeError):  # noqa: N818 - named as a driver would name it
    """The syringe holds less than was asked for."""


class Pump:
    """A syringe pump that keeps count of what is left in its syringe."""

    def __init__(self, port: str = "COM3", *, capacity_ml: float = 10.0, time_scale: float = 0.01) -> None:
        """Fill the syringe.

        Parameters
        ----------
        port
            Address of the pump; a simulated one answers at any.
        capacity_ml
            Volume of the full syringe, in mL.
        time_scale
            Seconds of waiting per simulated second: 1 is real time, 0 is at once.
        """
        self.port = port
        self.capacity_ml = capacity_ml
        self._time_scale = time_scale
        self._left_ml = capacity_ml
        self._flow_rate = 1.0

    def dispense(self, volume_ml: float, rate_ml_min: float = 1.0) -> float:
        """Dispense a volume and return what is left in the syringe.

        Parameters
        ----------
        volume_ml
            Volume to dispense, in mL.
        rate_ml_min
            How fast, in mL/min.

        Returns
        -------
        float
            Volume left in the syringe, in mL.

        Raises
        ------
        SyringeEmpty
            When the syringe holds less than `volume_ml`; nothing is dispensed then.
        """
        if volume_ml > self._left_ml:
            raise SyringeEmpty(f"refill first: {volume_ml:g} mL asked, {self._left_ml:g} mL left")
        _pass_time(60 * volume_ml / rate_ml_min, self._time_scale)
        self._left_ml = round(self._left_ml - volume_ml, 6)
        return self._left_ml

    def refill(self) -> None:
        """Fill the syringe up to its capacity."""
        _pass_time(60 * (self.capacity_ml - self._left_ml) / self._flow_rate, self._time_scale)
        self._left_ml = self.capacity_ml

    @property
    def flow_rate(self) -> float:
        """Rate of refilling, in mL/min."""
        return self._flow_rate

    @flow_rate.setter
    def flow_rate(self, value: float) -> None:
        self._flow_rate = value


class Mode(Enum):
    """What the reactor's thermostat does."""

    OFF = 0
    HEAT = 1
    COOL = 2


@dataclass(frozen=True)
class Charge:
    """What is put into the reactor."""

    reagent: str
    mass_g: float
    """Mass, in g."""
    solvent: str | None = None


class Reactor:
    """A stirred reactor with a thermostat."""

    def __init__(self, port: str = "COM4", *, time_scale: float = 0.01) -> None:
        """Start at room temperature with the thermostat off.

        Parameters
        ----------
        port
            Address of the reactor; a simulated one answers at any.
        time_scale
            Seconds of waiting per simulated second: 1 is real time, 0 is at once.
        """
        self.port = port
        self._time_scale = time_scale
        self._temperature = AMBIENT_C
        self._mode = Mode.OFF
        self._stirring: str = "off"

    @property
    def temperature(self) -> float:
        """Temperature of the vessel, in °C; setting it jumps there."""
        return self._temperature

    @temperature.setter
    def temperature(self, value: float) -> None:
        self._temperature = value

    @property
    def mode(self) -> Mode:
        """What the thermostat does."""
        return self._mode

    @property
    def stirring(self) -> Literal["off", "gentle", "vigorous"]:
        """How the reactor is stirred."""
        return self._stirring  # type: ignore[return-value]  # only `stir` sets it

    def set_temperature(self, setpoint: float, ramp: float | None = None) -> float:
        """Heat or cool to a setpoint and hold it.

        Parameters
        ----------
        setpoint
            Temperature to reach, in °C.
        ramp
            How fast, in °C/min; None is as fast as the reactor can.

        Returns
        -------
        float
            The temperature reached, in °C.
        """
        _pass_time(60 * abs(setpoint - self._temperature) / (ramp or 60.0), self._time_scale)
        self._temperature = setpoint
        return self._temperature

    def set_mode(self, mode: Mode = Mode.HEAT) -> None:
        """Switch the thermostat.

        Parameters
        ----------
        mode
            What the thermostat does from now on.
        """
        self._mode = mode

    def stir(self, profile: Literal["off", "gentle", "vigorous"] = "gentle", duration: timedelta | None = None) -> str:
        """Stir with one of the stored profiles.

        Parameters
        ----------
        profile
            The stored profile.
        duration
            How long; None leaves the stirrer on and returns at once.
        """
        self._stirring = profile
        if duration is not None:
            _pass_time(duration.total_seconds(), self._time_scale)
            self._stirring = "off"
        return self._stirring

    def charge(self, what: Charge, portions: int = 1) -> list[float]:
        """Weigh a reagent in, in equal portions.

        Parameters
        ----------
        what
            The reagent and its mass.
        portions
            Number of portions.

        Returns
        -------
        list of float
            Mass of each portion, in g.
        """
        return [round(what.mass_g / portions, 6)] * portions


class Spectrometer:
    """A spectrometer whose absorbances depend on the sample's name alone."""

    def __init__(self, *, time_scale: float = 0.01) -> None:
        """Switch the lamp on.

        Parameters
        ----------
        time_scale
            Seconds of waiting per simulated second: 1 is real time, 0 is at once.
        """
        self._time_scale = time_scale

    def measure(self, sample_id: str) -> tuple[float, float]:
        """Measure the absorbance at 450 nm and at 600 nm.

        Parameters
        ----------
        sample_id
            Name of the sample in the holder.

        Returns
        -------
        tuple of float
            Absorbance at 450 nm and at 600 nm.
        """
        _pass_time(3.0, self._time_scale)
        number = zlib.crc32(sample_id.encode())
        return round((number % 1000) / 1000, 3), round((number // 1000 % 1000) / 4000, 3)


class Stirrer:
    """A stirrer plate whose driver is asynchronous."""

    def __init__(self, *, time_scale: float = 0.01) -> None:
        """Stand still.

        Parameters
        ----------
        time_scale
            Seconds of waiting per simulated second: 1 is real time, 0 is at once.
        """
        self._time_scale = time_scale
        self._speed_rpm = 0

    @property
    def speed_rpm(self) -> int:
        """Present speed, in rpm."""
        return self._speed_rpm

    async def stir(self, speed_rpm: int, duration_s: float = 10.0) -> int:
        """Stir for a while and stop.

        Parameters
        ----------
        speed_rpm
            Speed, in rpm.
        duration_s
            How long, in s.

        Returns
        -------
        int
            Turns made.
        """
        self._speed_rpm = speed_rpm
        try:
            await asyncio.sleep(duration_s * self._time_scale)
        finally:
            self._speed_rpm = 0
        return round(speed_rpm * duration_s / 60)

    async def stop(self) -> None:
        """Stand still."""
        self._speed_rpm = 0


def _pass_time(seconds: float, scale: float) -> None:
    """Wait as long as the simulated hardware would, scaled."""
    if scale > 0:
        time.sleep(seconds * scale)
