"""A mail server (SMTP) that takes every mail, delivers none, and shows all of them on the console."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

    from simulator.mailbox import Mailbox

HOST = "127.0.0.1"
LARGEST = 10 * 1024 * 1024  # bytes of one mail


class _Taker:
    """What aiosmtpd asks when a mail is in."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name there
        """Keep the mail."""
        del server, session
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        mail = self._mailbox.keep(envelope.mail_from or "", envelope.rcpt_tos, raw)
        return f"250 OK, kept as mail {mail.n}"


class MailSink:
    """Listens on loopback only, in a thread of its own; port 0 takes a free one. No sign-in, no TLS."""

    def __init__(self, mailbox: Mailbox, port: int) -> None:
        # Three lines a mail would drown the story; the journal has them all.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self.port = port or _free_port()
        self._mailbox = mailbox
        self._controller: Controller | None = None

    def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        # With a name given, nobody asks the name server for one.
        controller = Controller(
            _Taker(self._mailbox), HOST, self.port, server_hostname="localhost", data_size_limit=LARGEST
        )
        controller.start()
        self._controller = controller

    def stop(self) -> None:
        """Close the port; harmless where it is closed."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()


def _free_port() -> int:
    """Find one; aiosmtpd connects to the very port it was told, so that 0 would be refused."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
