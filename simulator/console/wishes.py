"""Reading a request to the console."""

from __future__ import annotations

import math
from typing import Any

from flask import request

LONGEST_WAIT = 60.0  # real seconds; a reader asks again


class ConsoleError(Exception):
    """A wish that cannot be granted: 400 nonsense, 403 a stranger, 404 no such call, 409 not now."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def number(name: str, default: float) -> float:
    """A number of the query, between 0 and LONGEST_WAIT for `wait`."""
    value = finite(request.args.get(name, default))
    if value is None:
        raise ConsoleError(400, f"{name} is no number")
    return min(max(value, 0.0), LONGEST_WAIT) if name == "wait" else value


def finite(given: object) -> float | None:
    """What is given, as a number; None for what is none, infinite ones among them: nobody could wait for them."""
    if not isinstance(given, int | float | str) or isinstance(given, bool):
        return None
    try:
        value = float(given)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def wish() -> dict[str, Any]:
    """The JSON object of the request, empty where none is sent."""
    body = request.get_json(silent=True) if request.data else {}
    if not isinstance(body, dict):
        raise ConsoleError(400, "send a JSON object, as application/json")
    return body
