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


def parse_daily_limits(text: str) -> tuple[DailyLimit, ...]:
    """Return the limits of "number=50/600,+33=100/1000,*=2000/24000". Raises RefusedInput."""
    limits = []
    for entry in (part.strip() for part in text.split(",")):
        if not entry:
            continue
        read = _ENTRY.fullmatch(entry)
        if read is None:
            message = (
                f"{entry!r} is no limit; write who=calls/minutes, such as number=50/600 or +33=100/1000 or *=2000/24000"
            )
            raise RefusedInput(message)
        limits.append(DailyLimit(read[1], int(read[2]), int(read[3])))
    return tuple(limits)
