"""Who is called next: smallest rank first, where rank is the open time at arrival less a head start for the reason.

Arrival order within a reason, priority across reasons; and because a head start is finite, nobody waits for ever.
"""

from dataclasses import dataclass

from models.vocabulary import Agreement, Language, Option

HOUR = 3600


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
_BY_ARRIVAL = {
    Language.NL: "in volgorde van aankomst",
    Language.FR: "dans l'ordre d'arrivée",
    Language.EN: "in order of arrival",
}
# Hours and minutes, each for one and for more.
_UNITS = {
    Language.NL: (("uur", "uur"), ("minuut", "minuten")),
    Language.FR: (("heure", "heures"), ("minute", "minutes")),
    Language.EN: (("hour", "hours"), ("minute", "minutes")),
}


def explanation(option: Option, agreement: Agreement | None, starts: HeadStarts, language: Language) -> str:
    """Return the one sentence that says why a call-back stands where it stands, for the pages; rounded to minutes."""
    minutes = round(head_start(option, agreement, starts) / 60)
    if minutes <= 0:
        return _BY_ARRIVAL[language]
    parts = zip(divmod(minutes, 60), _UNITS[language], strict=True)
    span = " ".join(f"{count} {one if count == 1 else more}" for count, (one, more) in parts if count)
    reason = _REASONS[language][option, agreement is Agreement.MANAGED]
    return _EARLIER[language].format(span=span, reason=reason)
