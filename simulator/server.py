"""The simulator as one thing that can be started and stopped."""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import suppress
from email.utils import format_datetime

from flask import Flask
from werkzeug.serving import make_server

from simulator.clocks import Clocks
from simulator.console.parts import Parts
from simulator.console.routes import Console
from simulator.exchange import Exchange
from simulator.lines import Lines
from simulator.mail_sink import MailSink
from simulator.mailbox import Mailbox
from simulator.progress import Progress
from simulator.recordings import Recordings
from simulator.rest_api import RestApi
from simulator.rest_faults import Dropping
from simulator.scene import Scene
from simulator.service_clock import ServiceClock
from simulator.settings import Settings
from simulator.stories.storyteller import Storyteller
from simulator.webhooks import Webhooks

HOST = "127.0.0.1"


class Simulator:
    """Serves on loopback only, in a thread of its own; `settings.port` 0 takes a free port. Raises SceneError."""

    def __init__(self, settings: Settings) -> None:
        self.exchange = Exchange(settings)
        webhooks = Webhooks(settings.auth_token, self.exchange.journal, self.exchange.faults)
        self._progress = Progress(self.exchange, webhooks)
        recordings = Recordings(settings.account_sid, lambda: settings.base_url or self.url)
        lines = Lines(self.exchange, webhooks, recordings)
        app = Flask("simulator")
        app.register_blueprint(RestApi(self.exchange, lines, recordings).blueprint())
        mailbox = Mailbox(self.exchange)
        scene = Scene.load(settings.scene) if settings.scene else Scene()
        service_clock = ServiceClock(settings.clock_url) if settings.clock_url else None
        clocks = Clocks(self.exchange, service_clock)
        self.storyteller = storyteller = Storyteller(self.exchange, lines, mailbox, scene, clocks)
        parts = Parts(self.exchange, lines, mailbox, scene, storyteller, clocks)
        app.register_blueprint(Console(parts).blueprint())
        clock = self.exchange.clock

        class Handler(Dropping):
            """Answers with the simulator's own time in `Date`, which is how its user learns what time it is there."""

            def date_time_string(self, timestamp: float | None = None) -> str:
                del timestamp
                return format_datetime(clock.now(), usegmt=True)

        # One line a request would drown the story; the journal has them all.
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._server = make_server(HOST, settings.port, app, threaded=True, request_handler=Handler)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self.mail_sink = MailSink(mailbox, settings.mail_port) if settings.mail_port is not None else None

    def start(self) -> None:
        """Serve from a daemon thread. Raises OSError when the port for the mails is taken."""
        if self.mail_sink is not None:
            self.mail_sink.start()
        threading.Thread(target=self.serve, daemon=True, name="simulator").start()

    def serve(self) -> None:
        """Serve until stopped."""
        self._server.serve_forever()

    def stop(self) -> None:
        """Hang up every call and close the port."""
        self.storyteller.stop()
        self.exchange.faults.clear()
        self.exchange.end_all()
        closing = threading.Thread(target=self._server.shutdown, daemon=True)
        closing.start()
        # The server looks at its wish to stop twice a second, or when somebody knocks.
        with suppress(OSError):
            socket.create_connection((HOST, self._server.server_port), timeout=1).close()
        closing.join()
        self._server.server_close()
        if self.mail_sink is not None:
            self.mail_sink.stop()
