"""The independent guard around the hours: what leaves the envelope is refused when it is entered."""

from zoneinfo import ZoneInfo

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.rules.hours_syntax import open_spans, parse_hours
from callbacks.rules.windows import Override, Span, united, without
from models.vocabulary import OverrideKind

# Long enough for every length of year and a wide range of Easters; dates named beyond it are still cut to the
# envelope by the calendar itself.
CHECKED_YEARS = range(2025, 2037)
_WALL = ZoneInfo("UTC")  # both texts speak of the same wall clock, so the place does not matter here


def check_inside_envelope(opening_hours: str, envelope: str, country: str | None = "BE") -> None:
    """Raise RefusedInput where the opening hours leave the envelope (or either cannot be read), naming the first day.

    Public holidays are known to the opening hours only: the envelope stands whatever day it is.
    """
    parse_hours(opening_hours, country)
    parse_hours(envelope)
    for year in CHECKED_YEARS:
        outside = without(
            open_spans(opening_hours, country, _WALL, year),
            open_spans(envelope, None, _WALL, year),
        )
        if outside:
            opens, closes = outside[0]
            message = (
                f"Opening hours {opening_hours!r} leave the envelope {envelope!r}, first on {opens:%Y-%m-%d} "
                f"from {opens:%H:%M} to {closes:%H:%M}; shorten the hours, or widen the envelope in the settings."
            )
            raise RefusedInput(message)


def check_override_inside_envelope(override: Override, envelope: str, zone: ZoneInfo) -> None:
    """Raise RuleRefused where an extra opening leaves the envelope; a closure never can.

    Costs some milliseconds per calendar year that the opening touches.
    """
    if override.kind is OverrideKind.CLOSURE:
        return
    years = range(override.starts.year, override.ends.year + 1)
    allowed: list[Span] = united(span for year in years for span in open_spans(envelope, None, zone, year))
    outside = without([(override.starts, override.ends)], allowed)
    if outside:
        opens, closes = (edge.astimezone(zone) for edge in outside[0])
        message = (
            f"The opening leaves the envelope {envelope!r} from {opens:%Y-%m-%d %H:%M} to {closes:%Y-%m-%d %H:%M} "
            f"({zone.key}); choose times inside it."
        )
        raise RuleRefused(
            Rule.OUTSIDE_ENVELOPE,
            message,
            "from_day",
            opens=f"{opens:%d/%m %H:%M}",
            closes=f"{closes:%d/%m %H:%M}",
            envelope=envelope,
        )
