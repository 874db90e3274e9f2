"""One mail, read as well as it can be: a broken one is shown, too."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage


@dataclass(frozen=True)
class Mail:
    """What the mail server took: `n` counts from 1, `at` is the simulator's time, `sender` and `recipients` are SMTP's.

    The email package raises many kinds of errors on headers and bodies that no standard allows; whatever cannot be
    read is shown as it came, or left empty.
    """

    n: int
    at: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @cached_property
    def head(self) -> dict[str, Any]:
        """What a list shows: number, moment, `from`, `to` and `subject`, decoded."""
        return {
            "n": self.n,
            "at": self.at,
            "from": self._header("From") or self.sender,
            "to": self._header("To") or ", ".join(self.recipients),
            "subject": self._header("Subject"),
        }

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The head, `date`, the plain `text`, whether there is an HTML part, and the attachments (`size` in bytes)."""
        return {
            **self.head,
            "date": self._header("Date"),
            "text": self._body("plain") or "",
            "html": self.html is not None,
            "attachments": self._attachments(),
        }

    @cached_property
    def html(self) -> str | None:
        """The HTML part, None where there is none."""
        return self._body("html")

    @cached_property
    def _message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    def _header(self, name: str) -> str:
        with suppress(Exception):
            return " ".join(str(self._message[name] or "").split())
        # A header that cannot be decoded is shown as it was sent.
        with suppress(Exception):
            return " ".join(str(message_from_bytes(self.raw)[name] or "").split())
        return ""

    def _body(self, kind: str) -> str | None:
        part = None
        with suppress(Exception):
            part = self._message.get_body(cast("Sequence[Any]", (kind,)))
        return None if part is None else _text(cast("EmailMessage", part))

    def _attachments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        with suppress(Exception):
            for part in self._message.iter_attachments():
                name = ""
                with suppress(Exception):
                    name = part.get_filename() or ""
                found.append({"name": name, "type": part.get_content_type(), "size": len(_payload(part))})
        return found


def _text(part: EmailMessage) -> str:
    with suppress(Exception):
        return str(part.get_content()).replace("\r\n", "\n")
    # An unknown charset, or bytes that are none of the one it names.
    return _payload(part).decode("utf-8", "replace")


def _payload(part: EmailMessage) -> bytes:
    with suppress(Exception):
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            return payload
        return part.as_bytes()
    return b""
