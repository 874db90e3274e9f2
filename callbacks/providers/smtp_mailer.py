"""Hands mails to a mail server over SMTP, and tells a refusal for good from one for now."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from callbacks.errors import MailDelayed, MailRefused, RefusedInput
from callbacks.ports import Clock, Mail
from callbacks.providers.mail_message import compose

TIMEOUT_SECONDS = 10.0
"""For connecting, and for each answer of the server."""

PERMANENT = 500


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and how."""

    host: str
    port: int
    user: str | None
    password: str | None
    wrapped: bool
    starttls: bool


def parse_smtp_url(url: str) -> MailServer:
    """Read `smtp://user:password@host:port?starttls=1` or `smtps://…`; user, port and query may be left out.

    `smtp://` uses TLS only where `starttls` is 1, true or yes. Raises RefusedInput.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        message = "SMTP_URL must look like smtp://user:password@host:587?starttls=1 or smtps://host"
        raise RefusedInput(message)
    wrapped = parts.scheme == "smtps"
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1].lower() in {"1", "true", "yes"}
    return MailServer(
        host=parts.hostname,
        port=port or (465 if wrapped else 587 if starttls else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        wrapped=wrapped,
        starttls=starttls and not wrapped,
    )


class SmtpMailer:
    """Sends each mail over a connection of its own; certificates are checked."""

    def __init__(self, url: str, sender: str, clock: Clock, timeout: float = TIMEOUT_SECONDS) -> None:
        """Read the URL, raising RefusedInput; nothing is connected yet. `sender` is what stands in From."""
        self._server = parse_smtp_url(url)
        self._sender = sender
        self._clock = clock
        self._timeout = timeout

    def send(self, mail: Mail) -> None:
        """Hand over one mail. Raises MailRefused where it will never be taken, MailDelayed for all else."""
        message = compose(mail, self._sender, self._clock.now())
        try:
            connection = self._connect()
            try:
                connection.send_message(message)
                _say_goodbye(connection)
            finally:
                connection.close()
        except smtplib.SMTPRecipientsRefused as refusal:
            code, answer = next(iter(refusal.recipients.values()))
            raise _sorted_out(code, answer) from None
        except smtplib.SMTPDataError as refusal:
            raise _sorted_out(refusal.smtp_code, refusal.smtp_error) from None
        except (smtplib.SMTPException, OSError) as trouble:
            # Refused connections, time-outs, certificates; and any answer to the greeting, the sign-in or our own
            # address: those are about the house and not about this mail, which goes once they are mended.
            reason = f"mail server {self._server.host}: {type(trouble).__name__} {trouble}"
            raise MailDelayed(reason) from None

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        if server.wrapped:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            if server.starttls:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection


def _say_goodbye(connection: smtplib.SMTP) -> None:
    # The mail is theirs by now: whatever goes wrong here must not send it again.
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()


def _sorted_out(code: int, answer: bytes | str) -> MailRefused | MailDelayed:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    reason = f"mail server said {code} {' '.join(text.split())}"
    return MailRefused(reason) if code >= PERMANENT else MailDelayed(reason)
