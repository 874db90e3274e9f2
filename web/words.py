"""Facts as people read them: words from the catalogs, local times, spans of time, telephone numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from callbacks.errors import RefusedInput
from callbacks.ports import Texts
from callbacks.rules.phone_numbers import grouped
from models.vocabulary import Language

HOUR_MINUTES = 60


@dataclass(frozen=True)
class Words:
    """One reader's language and zone; everything returned is plain text, escaped by the templates."""

    texts: Texts
    language: Language
    zone: ZoneInfo

    def say(self, key: str, **values: object) -> str:
        """Return the text under `web_<key>`."""
        return self.texts.text(self.language, f"web_{key}", **values)

    def clock(self, at: datetime) -> str:
        """Return 09:05."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def clock_seconds(self, at: datetime) -> str:
        """Return 09:05:04."""
        return f"{at.astimezone(self.zone):%H:%M:%S}"

    def date(self, at: datetime) -> str:
        """Return `dinsdag 24 november`."""
        local = at.astimezone(self.zone)
        return f"{self.say(f'weekday_{local.weekday()}')} {local.day} {self.say(f'month_{local.month}')}"

    def moment(self, at: datetime, now: datetime) -> str:
        """Return 09:05 for today, `ma 23/11 09:05` for another day."""
        local = at.astimezone(self.zone)
        if local.date() == now.astimezone(self.zone).date():
            return self.clock(at)
        return f"{self.say(f'weekday_short_{local.weekday()}')} {local.day}/{local.month} {self.clock(at)}"

    def span(self, length: timedelta) -> str:
        """Return `4 min` or `2 u 05`, rounded down to minutes; nothing is shorter than 0 min."""
        minutes = max(0, length // timedelta(minutes=1))
        if minutes < HOUR_MINUTES:
            return self.say("minutes", minutes=minutes)
        hours, rest = divmod(minutes, HOUR_MINUTES)
        return self.say("hours", hours=hours, minutes=f"{rest:02}")

    def talk(self, seconds: int) -> str:
        """Return talk time as `4 min 05 s`; seconds matter for a talk of half a minute."""
        minutes, rest = divmod(seconds, 60)
        return self.say("talk", minutes=minutes, seconds=f"{rest:02}")

    def number(self, e164: str | None) -> str:
        """Return a number grouped as people write it, whole: supervisors may have to dial it."""
        if e164 is None:
            return self.say("number_unknown")
        try:
            return " ".join(grouped(e164))
        except RefusedInput:
            return e164
