"""Twilio's error bodies."""

from __future__ import annotations

from typing import Any

# Error dictionary: the codes whose HTTP status is another than 400.
STATUSES = {20003: 401, 20404: 404, 20409: 409, 20429: 429, 20500: 500, 20503: 503}


class RestError(Exception):
    """A refusal in Twilio's form: a code of its error dictionary, a sentence, and the HTTP status."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def body(self) -> dict[str, Any]:
        """The JSON that Twilio answers with (REST API page, "Twilio's response", exceptions)."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def not_found(path: str) -> RestError:
    """20404: what was asked for is not there, or belongs to somebody else."""
    return RestError(20404, f"The requested resource {path} was not found", 404)


def status_of(code: int) -> int:
    """The HTTP status that goes with a code of the error dictionary."""
    return STATUSES.get(code, 400)
