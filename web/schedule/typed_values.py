"""Values as people type them into the forms of the schedule."""

import re

from callbacks.errors import Rule, RuleRefused

_HOURS = re.compile(r"[+-]?[0-9]{1,4}([.,][0-9]{1,2})?", re.ASCII)


def hours_typed(text: str) -> float:
    """Return hours as somebody typed them, with a comma or a point; nothing is none. Raises RuleRefused."""
    if not text:
        return 0.0
    if not _HOURS.fullmatch(text):
        message = "write hours as 2 or 1.5"
        raise RuleRefused(Rule.NO_HOURS, message, field="hours")
    return float(text.replace(",", "."))
