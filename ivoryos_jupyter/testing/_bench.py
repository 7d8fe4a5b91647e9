"""Which calls would a workflow make?  A bench whose instruments only note what is asked of them, and fail when told."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import types
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence


class Speed(Enum):
    """How fast."""

    SLOW = "slow"
    FAST = "fast"


@dataclass(frozen=True)
class Pulse:
    """A pulse of light."""

    length_ms: int
    power: float = 1.0


@dataclass(frozen=True)
class Noted:
    """One call, as the instrument received it."""

    target: str
    """``pump.dispense``, ``reactor.temperature`` for a reading, ``reactor.temperature=`` for a setting."""
    arguments: tuple[object, ...]
    failed: bool = False


class BenchError(RuntimeError):
    """A failure that was asked for."""


class Bench:
    """Instruments that share one list of calls; the calls at the positions in `fail_at` (from 0) raise.

    Readings and results depend only on how many calls there were before, so that two ways of running a workflow take the
    same branches as long as they make the same calls.
    """

    def __init__(self, fail_at: Collection[int] = ()) -> None:
        """Build the instruments."""
        self.calls: list[Noted] = []
        self._fail_at = frozenset(fail_at)
        self.pump = BenchPump(self)
        self.reactor = BenchReactor(self)
        self.eye = BenchEye(self)
        self.stirrer = BenchStirrer(self)

    @property
    def instruments(self) -> dict[str, object]:
        """The deck, as the namespace of a notebook."""
        return {"pump": self.pump, "reactor": self.reactor, "eye": self.eye, "stirrer": self.stirrer}

    def note(self, target: str, *arguments: object) -> int:
        """Note a call; return its position, or raise when it is to fail."""
        position = len(self.calls)
        failed = position in self._fail_at
        self.calls.append(Noted(target, arguments, failed))
        if failed:
            raise BenchError(f"call {position} was told to fail")
        return position


class BenchPump:
    """A pump that gives back a number between 0 and 9."""

    def __init__(self, bench: Bench) -> None:
        """Note calls on `bench`."""
        self._bench = bench

    def dispense(self, volume_ml: float, rate_ml_min: float = 1.0) -> float:
        """Dispense, and return what is left in mL."""
        return float(self._bench.note("pump.dispense", volume_ml, rate_ml_min) * 7 % 10)

    def refill(self) -> None:
        """Fill up."""
        self._bench.note("pump.refill")

    def prime(self, cycles: int, /, *ports: str, speed: Speed = Speed.SLOW, **extra: float) -> int:
        """Prime some ports."""
        return self._bench.note("pump.prime", cycles, ports, speed, tuple(sorted(extra.items()))) % 4


class BenchReactor:
    """A reactor with a temperature."""

    def __init__(self, bench: Bench) -> None:
        """Note calls on `bench`."""
        self._bench = bench
        self.jacket = BenchJacket(bench)

    @property
    def temperature(self) -> float:
        """Temperature in °C."""
        return float(self._bench.note("reactor.temperature") * 3 % 20)

    @temperature.setter
    def temperature(self, value: float) -> None:
        self._bench.note("reactor.temperature=", value)

    def ramp(self, setpoint: float, hold: float | None = None) -> None:
        """Go to a setpoint."""
        self._bench.note("reactor.ramp", setpoint, hold)


class BenchJacket:
    """The reactor's jacket, a sub-instrument."""

    def __init__(self, bench: Bench) -> None:
        """Note calls on `bench`."""
        self._bench = bench

    def flush(self, times: int = 1) -> bool:
        """Flush; return whether it was needed."""
        return self._bench.note("reactor.jacket.flush", times) % 2 == 0


class BenchEye:
    """A spectrometer."""

    def __init__(self, bench: Bench) -> None:
        """Note calls on `bench`."""
        self._bench = bench

    def measure(self, sample: str, pulse: Pulse | None = None) -> tuple[float, float]:
        """Measure at two wavelengths."""
        position = self._bench.note("eye.measure", sample, pulse)
        return position * 5 % 10 / 2, float(position % 3)


class BenchStirrer:
    """A stirrer with coroutine methods."""

    def __init__(self, bench: Bench) -> None:
        """Note calls on `bench`."""
        self._bench = bench

    async def stir(self, rpm: int = 300) -> int:
        """Stir."""
        await asyncio.sleep(0)
        return self._bench.note("stirrer.stir", rpm) % 5


def run_generated(source: str, bench: Bench, *arguments: object, answers: Sequence[str] = ()) -> object:
    """Run the ``run`` function of generated `source` on `bench`, without waiting; return what it returns.

    The instruments are given by the names of its parameters; `arguments` follow (rows, or a number of repeats). What the
    source asks a person is answered from `answers`.
    """
    given = iter(answers)
    module = types.ModuleType("generated")
    module.__dict__["input"] = lambda _message="": next(given, "")
    module.__dict__["print"] = lambda *_parts: None
    code = compile(source, "<generated>", "exec")
    exec(code, module.__dict__)  # noqa: S102 - a test runs what it has just generated
    clock = _StandingClock()
    for name in ("time", "asyncio"):
        if name in module.__dict__:
            module.__dict__[name] = clock
    run: Callable[..., Any] = module.__dict__["run"]
    wanted = [name for name in inspect.signature(run).parameters if name in bench.instruments]
    result = run(*(bench.instruments[name] for name in wanted), *arguments)
    return asyncio.run(result) if inspect.iscoroutine(result) else result


class _StandingClock:
    """Stands for the modules ``time`` and ``asyncio``: a sleep is over at once, and the clock has moved on."""

    def __init__(self) -> None:
        self._now = 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> _Done:
        self._now += seconds
        return _Done()

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)


class _Done:
    """Something that may be awaited, or not."""

    def __await__(self) -> object:
        return iter(())


def calls_of(source: str, bench: Bench, rows: Sequence[Mapping[str, object]] | int = 1) -> list[Noted]:
    """Run generated `source` on `bench` and return the calls it made; a failing step ends it."""
    compile(source, "<generated>", "exec")  # what is no Python at all is no ending
    with contextlib.suppress(Exception):  # whatever ends it: a call that failed, a name without a value
        run_generated(source, bench, rows)
    return bench.calls
