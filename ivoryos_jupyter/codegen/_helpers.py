"""Which small functions may a generated file bring along, so that it runs by itself?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RETRIED = '''
def retried(call, times, delay_s):
    """Call; on an error call again, at most `times` times, `delay_s` seconds apart."""
    for _ in range(times):
        try:
            return call()
        except Exception as error:
            print(f"failed, trying again: {error}")
            time.sleep(delay_s)
    return call()
'''
RETRIED_ASYNC = '''
async def retried_async(call, times, delay_s):
    """Await a call; on an error call again, at most `times` times, `delay_s` seconds apart."""
    for _ in range(times):
        try:
            return await call()
        except Exception as error:
            print(f"failed, trying again: {error}")
            await asyncio.sleep(delay_s)
    return await call()
'''
COUNTED = '''
def counted(rounds, most):
    """Count a round of a loop; more than `most` are an error."""
    if rounds >= most:
        raise RuntimeError(f"the condition still holds after {rounds} rounds, which is the most it may have")
    return rounds + 1
'''
MADE = '''
def made(names, *wanted):
    """Return those of the `wanted` names that have got a value."""
    return {name: names[name] for name in wanted if name in names}
'''
MADE_AS = '''
def made_as(names, wanted):
    """Return those of the `wanted` names that have got a value; each comes with how Python spells it."""
    return {name: names[spelled] for name, spelled in wanted.items() if spelled in names}
'''
MEMBER = '''
def member(kind, value):
    """Return the member of an Enum that `value` is, or is the name or the value of."""
    if isinstance(value, kind) or value is None:
        return value
    return kind[value] if value in kind.__members__ else kind(value)
'''
MEMBERS = '''
def members(kind, value):
    """Return the members of a Flag that `value` is, or names, joined by |."""
    if isinstance(value, kind) or value is None:
        return value
    found = kind(0)
    for name in value.split("|"):
        found |= kind[name.strip()]
    return found
'''
WAIT_UNTIL = '''
def wait_until(time_of_day):
    """Wait until HH:MM or HH:MM:SS, local time, the next that comes."""
    hour, minute, second = (*map(int, time_of_day.split(":")), 0)[:3]
    now = datetime.datetime.now()
    then = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
    if then <= now:
        then += datetime.timedelta(days=1)
    time.sleep((then - now).total_seconds())
'''
WAIT_FOR = '''
def wait_for(read, holds, hold_s=0.0, every_s=1.0, timeout_s=None):
    """Read until the condition has held for so long; return the last reading."""
    began, since = time.monotonic(), None
    while True:
        reading, now = read(), time.monotonic()
        since = (now if since is None else since) if holds(reading) else None
        if since is not None and now - since >= hold_s:
            return reading
        if timeout_s is not None and now - began >= timeout_s:
            raise TimeoutError(f"the condition did not hold within {timeout_s:g} s")
        time.sleep(max(every_s, 0.001))
'''
WAIT_FOR_ASYNC = '''
async def wait_for_async(read, holds, hold_s=0.0, every_s=1.0, timeout_s=None):
    """Read until the condition has held for so long; return the last reading."""
    began, since = time.monotonic(), None
    while True:
        reading, now = await read(), time.monotonic()
        since = (now if since is None else since) if holds(reading) else None
        if since is not None and now - since >= hold_s:
            return reading
        if timeout_s is not None and now - began >= timeout_s:
            raise TimeoutError(f"the condition did not hold within {timeout_s:g} s")
        await asyncio.sleep(max(every_s, 0.001))
'''
ASK = '''
def ask(message, kind=str, choices=(), unit="", minimum=None, maximum=None, default=None):
    """Ask a person until the answer can be used; nothing typed is the default."""
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    while True:
        typed = input(f"{message} {unit} {list(choices) if choices else ''}")
        if default is not None and not typed.strip():
            return default
        try:
            answer = words[typed.strip().lower()] if kind is bool else kind(typed)
        except (KeyError, ValueError):
            print(f"{typed!r} is not a {kind.__name__}")
            continue
        if (minimum is not None and answer < minimum) or (maximum is not None and answer > maximum):
            print(f"{answer} is not within {minimum} and {maximum}")
        elif not choices or answer in choices:
            return answer
'''

HELPERS: Mapping[str, str] = {
    "ask": ASK,
    "counted": COUNTED,
    "made": MADE,
    "made_as": MADE_AS,
    "member": MEMBER,
    "members": MEMBERS,
    "retried": RETRIED,
    "retried_async": RETRIED_ASYNC,
    "wait_for": WAIT_FOR,
    "wait_for_async": WAIT_FOR_ASYNC,
    "wait_until": WAIT_UNTIL,
}
"""Name -> source."""
NEEDED_BY: Mapping[str, tuple[str, ...]] = {
    "retried": ("time",),
    "retried_async": ("asyncio",),
    "wait_for": ("time",),
    "wait_for_async": ("asyncio", "time"),
    "wait_until": ("datetime", "time"),
}
"""Name -> modules its source uses."""
