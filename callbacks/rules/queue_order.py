"""Who is called next: smallest rank first, where rank is the open time at arrival less a head start for the reason.

Arrival order within a reason, priority across reasons; and because a head start is finite, nobody waits for ever.
A moment that was chosen, and a customer who rings back after missing our call, come before all that; and before those
whom a supervisor wants called now.
"""

from dataclasses import dataclass
from datetime import datetime

from callbacks.rules.calendar import Calendar
from models.vocabulary import Agreement, Language, Option

HOUR = 3600
APPOINTMENT_HEAD_START = 10**9
"""Open seconds by which a chosen moment counts earlier than it is: over 30 years, more than anybody can have waited."""
CALL_NOW_HEAD_START = 2 * APPOINTMENT_HEAD_START
"""By how much counts earlier who is to be called now. A rank is stored in 32 bits, so nothing may be added to it."""
MOST_GIVEN = 500 * HOUR
"""More than a head start of the house's own, and far less than an appointment's."""


@dataclass(frozen=True)
class HeadStarts:
    """How much earlier a call-back counts than it came, in open seconds, by reason. A working day has seven hours."""

    outage_managed: int = 21 * HOUR
    outage: int = 14 * HOUR
    managed: int = 7 * HOUR
    other: int = 0


def head_start(option: Option, agreement: Agreement | None, starts: HeadStarts) -> int:
    """Return the head start in open seconds; `agreement` is None for a caller we do not know."""
    managed = agreement is Agreement.MANAGED
    if option is Option.OUTAGE:
        return starts.outage_managed if managed else starts.outage
    return starts.managed if managed else starts.other


@dataclass(frozen=True)
class Standing:
    """All that a call-back's place in the queue depends on. `agreement` is None for a caller we do not know.

    `given_head_start` is what a supervisor adds to that of its reason, in open seconds; `given_why` is his word for it.
    `called_now_at` is when one said that it is to be called now, and `called_now_why` why.
    """

    arrived_at: datetime
    option: Option
    agreement: Agreement | None = None
    booked_from: datetime | None = None
    rang_back_at: datetime | None = None
    given_head_start: int = 0
    given_why: str | None = None
    called_now_at: datetime | None = None
    called_now_why: str | None = None

    @property
    def is_called_now(self) -> bool:
        """Say whether a supervisor wants it called before everybody else."""
        return self.called_now_at is not None

    @property
    def word(self) -> str | None:
        """Return a supervisor's word for what counts: why it is called now, or else why it was given a head start."""
        return self.called_now_why if self.is_called_now else self.given_why


def place(standing: Standing, calendar: Calendar, starts: HeadStarts) -> int:
    """Return the rank of a call-back, whatever it stands by. Raises what the calendar raises.

    Who is to be called now comes first; then chosen moments and customers who rang back, among themselves by their
    moment, where nothing given changes anything.
    """
    if standing.is_called_now:
        return rank(calendar.open_seconds_at(standing.arrived_at), CALL_NOW_HEAD_START)
    moment = standing.rang_back_at or standing.booked_from
    if moment is not None:
        return rank(calendar.open_seconds_at(moment), APPOINTMENT_HEAD_START)
    start = head_start(standing.option, standing.agreement, starts) + standing.given_head_start
    return rank(calendar.open_seconds_at(standing.arrived_at), start)


def rank(open_seconds_at_arrival: int, head_start: int) -> int:
    """Return the sort key of the queue, in open seconds: smaller is next, ties go by arrival."""
    return open_seconds_at_arrival - head_start


_REASONS = {
    Language.NL: {
        (Option.OUTAGE, True): "storing bij een managed klant",
        (Option.OUTAGE, False): "storing",
        (Option.QUESTION, True): "managed klant",
        (Option.QUESTION, False): "vraag",
    },
    Language.FR: {
        (Option.OUTAGE, True): "panne chez un client managed",
        (Option.OUTAGE, False): "panne",
        (Option.QUESTION, True): "client managed",
        (Option.QUESTION, False): "question",
    },
    Language.EN: {
        (Option.OUTAGE, True): "outage at a managed customer",
        (Option.OUTAGE, False): "outage",
        (Option.QUESTION, True): "managed customer",
        (Option.QUESTION, False): "question",
    },
}
_EARLIER = {
    Language.NL: "telt als {span} vroeger: {reason}",
    Language.FR: "compte comme {span} plus tôt : {reason}",
    Language.EN: "counts as {span} earlier: {reason}",
}
_LATER = {
    Language.NL: "telt als {span} later: {reason}",
    Language.FR: "compte comme {span} plus tard : {reason}",
    Language.EN: "counts as {span} later: {reason}",
}
_NOW = {
    Language.NL: "nu bellen, voor alle anderen",
    Language.FR: "à appeler tout de suite, avant tous les autres",
    Language.EN: "to be called now, before everybody else",
}
_BY_ARRIVAL = {
    Language.NL: "in volgorde van aankomst",
    Language.FR: "dans l'ordre d'arrivée",
    Language.EN: "in order of arrival",
}
_BY_APPOINTMENT = {
    Language.NL: "op afspraak, voor alle anderen",
    Language.FR: "sur rendez-vous, avant tous les autres",
    Language.EN: "by appointment, before everybody else",
}
_RANG_BACK = {
    Language.NL: "belde terug na onze gemiste oproep, voor alle anderen",
    Language.FR: "a rappelé après notre appel manqué, avant tous les autres",
    Language.EN: "rang back after missing our call, before everybody else",
}
# Hours and minutes, each for one and for more.
_UNITS = {
    Language.NL: (("uur", "uur"), ("minuut", "minuten")),
    Language.FR: (("heure", "heures"), ("minute", "minutes")),
    Language.EN: (("hour", "hours"), ("minute", "minutes")),
}


def explanation(standing: Standing, starts: HeadStarts, language: Language) -> str:
    """Return the one sentence that says why a call-back stands where it stands, for the pages; rounded to minutes."""
    pause = " ; " if language is Language.FR else "; "
    given = f"{pause}{standing.word}" if standing.word else ""
    if standing.is_called_now:
        return _NOW[language] + given
    if standing.rang_back_at is not None:
        return _RANG_BACK[language]
    if standing.booked_from is not None:
        return _BY_APPOINTMENT[language]
    start = head_start(standing.option, standing.agreement, starts) + standing.given_head_start
    minutes = round(start / 60)
    if minutes == 0:
        return _BY_ARRIVAL[language] + given
    reason = _REASONS[language][standing.option, standing.agreement is Agreement.MANAGED]
    # What a person typed may contain braces: it is appended, never formatted.
    sentence = _EARLIER if minutes > 0 else _LATER
    return sentence[language].format(span=_span(abs(minutes), language), reason=reason) + given


def _span(minutes: int, language: Language) -> str:
    parts = zip(divmod(minutes, 60), _UNITS[language], strict=True)
    return " ".join(f"{count} {one if count == 1 else more}" for count, (one, more) in parts if count)
