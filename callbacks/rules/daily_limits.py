"""How many calls, and how many minutes of talk, one number, one prefix or the whole house may cost in a day."""

import re
from dataclasses import dataclass

from callbacks.errors import RefusedInput

EACH_NUMBER = "number"
EVERYBODY = "*"

_ENTRY = re.compile(r"(number|\*|\+[1-9][0-9]{0,14})=([0-9]{1,7})/([0-9]{1,7})")


@dataclass(frozen=True)
class DailyLimit:
    """A limit for `who`: "number" (each by itself), a prefix such as "+33", or "*" (all). 0 is no limit."""

    who: str
    calls: int
    minutes: int


@dataclass(frozen=True)
class Spent:
    """What was spent of a limit today: calls, and seconds of talk."""

    calls: int
    seconds: int


def concerns(limit: DailyLimit, number: str) -> bool:
    """Say whether calls to this number (E.164) are counted by this limit."""
    return limit.who in {EACH_NUMBER, EVERYBODY} or number.startswith(limit.who)


def over(limit: DailyLimit, spent: Spent) -> str:
    """Return in words why no call may follow today; "" while one may."""
    where = {EACH_NUMBER: "to this number", EVERYBODY: "to customers"}.get(limit.who, f"to {limit.who}")
    if limit.calls and spent.calls >= limit.calls:
        return f"{spent.calls} calls {where} today: daily limit"
    if limit.minutes and spent.seconds >= limit.minutes * 60:
        return f"{spent.seconds // 60} minutes of calls {where} today: daily limit"
    return ""


def parse_daily_limits(text: str) -> tuple[DailyLimit, ...]:
    """Return the limits of "number=50/600,+33=100/1000,*=20000/0". Raises RefusedInput."""
    limits = []
    for entry in (part.strip() for part in text.split(",")):
        if not entry:
            continue
        read = _ENTRY.fullmatch(entry)
        if read is None:
            message = (
                f"{entry!r} is no limit; write who=calls/minutes, such as number=50/600 or +33=100/1000 or *=20000/0"
            )
            raise RefusedInput(message)
        limits.append(DailyLimit(read[1], int(read[2]), int(read[3])))
    return tuple(limits)
