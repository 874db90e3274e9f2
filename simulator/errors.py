"""Twilio's error bodies."""

from __future__ import annotations

from typing import Any


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
