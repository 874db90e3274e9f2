"""A real SMTP server in the test's own process, which keeps the mails, and can be told to say nothing any more."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Silent(asyncio.Protocol):
    """Takes a connection and never says a word."""

    def __init__(self, held: list[asyncio.BaseTransport]) -> None:
        """Keep its connection in `held`."""
        self._held = held

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hold it."""
        self._held.append(transport)


class PostOffice(Controller):
    """Where all mails of a stack arrive."""

    def __init__(self) -> None:
        """Start on a free port of loopback."""
        self.mails: list[EmailMessage] = []
        self.silent = False
        self._held: list[asyncio.BaseTransport] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        super().__init__(self, hostname="127.0.0.1", port=port)
        self.url = f"smtp://127.0.0.1:{port}"
        self.start()

    @property
    def kept_waiting(self) -> int:
        """How many connections wait for a word."""
        return len(self._held)

    def falls_silent(self) -> None:
        """Take further connections, and say nothing."""
        self.silent = True

    def speaks_again(self) -> None:
        """Serve again; whoever still waits is cut off."""
        self.silent = False
        held, self._held[:] = [*self._held], []
        for transport in held:
            self.loop.call_soon_threadsafe(transport.close)

    def factory(self) -> SMTP | Silent:
        """Return what serves one connection."""
        if self.silent:
            return Silent(self._held)
        server: SMTP = super().factory()  # type: ignore[no-untyped-call]
        return server

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail."""
        del server, session
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.mails.append(message_from_bytes(raw, policy=policy.default))
        return "250 taken"
