"""A service for the stand-in to talk to, the stand-in itself, and its users' tools."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from twilio.rest import Client

from simulator.client import Call, Telephones
from simulator.server import Simulator
from simulator.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ACCOUNT = "AC" + "5" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
HOTLINE = "+3234603535"
CUSTOMER = "+32470123456"
EVENTS = "initiated ringing answered completed"
AGENT = "+32475000001"


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    method: str
    url: str
    path: str
    form: dict[str, str]
    headers: dict[str, str]
    raw_form: dict[str, list[str]]


@dataclass
class Reply:
    """What to answer; `headers` beside the content type."""

    body: str | bytes = "<Response/>"
    status: int = 200
    content_type: str | None = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Service:
    """The web service under the stand-in's webhooks: answers by path, remembers what it was asked."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    replies: dict[str, Reply | Callable[[Asked], Reply]] = field(default_factory=dict)

    def says(self, path: str, twiml: str) -> None:
        """Answer a path with the inside of a <Response>."""
        self.replies[path] = Reply(f'<?xml version="1.0" encoding="UTF-8"?><Response>{twiml}</Response>')

    def forms(self, path: str) -> list[dict[str, str]]:
        """The forms that arrived at a path, in order."""
        return [asked.form for asked in list(self.asked) if asked.path == path]


class Handler(BaseHTTPRequestHandler):
    service: Service

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = urlsplit(self.path)
        raw = parse_qs(body if self.command == "POST" else parts.query, keep_blank_values=True)
        form = {name: values[-1] for name, values in raw.items()}
        url = self.service.url + self.path
        asked = Asked(self.command, url, parts.path, form, dict(self.headers.items()), raw)
        self.service.asked.append(asked)
        reply = self.service.replies.get(parts.path, Reply())
        reply = reply if isinstance(reply, Reply) else reply(asked)
        content = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        if reply.content_type is not None:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer  # noqa: N815 - the names http.server asks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    handler = type("ServiceHandler", (Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield service
    server.shutdown()
    server.server_close()


@pytest.fixture
def start(service: Service) -> Iterator[Callable[..., Simulator]]:
    """Start a stand-in whose hotline leads to the service; keywords change its settings."""
    started: list[Simulator] = []

    def start(**changes: Any) -> Simulator:
        settings: dict[str, Any] = {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "numbers": (HOTLINE,),
            "voice_url": f"{service.url}/voice/incoming",
            "status_callback": f"{service.url}/voice/status",
        }
        simulator = Simulator(Settings(**{**settings, **changes}))
        simulator.start()
        started.append(simulator)
        return simulator

    yield start
    for simulator in started:
        simulator.stop()


@pytest.fixture
def network(start: Callable[..., Simulator]) -> Simulator:
    return start()


@pytest.fixture
def phones(network: Simulator) -> Telephones:
    return Telephones(network.url)


def sdk(simulator: Simulator) -> Client:
    """Twilio's own library, with nothing changed but the host."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = simulator.url
    return client


@pytest.fixture
def twilio(network: Simulator) -> Client:
    return sdk(network)


@pytest.fixture
def twilio_of() -> Callable[[Simulator], Client]:
    return sdk


@dataclass(frozen=True)
class Rest:
    """The REST API by hand, for what Twilio's library would not send."""

    url: str

    def create(self, **form: object) -> requests.Response:
        whole = {"To": AGENT, "From": HOTLINE, "Url": "http://127.0.0.1:9/agent", **form}
        return self.post("Calls.json", {name: value for name, value in whole.items() if value is not None})

    def post(self, path: str, form: dict[str, object], token: str = TOKEN) -> requests.Response:
        return requests.post(
            f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/{path}", form, auth=(ACCOUNT, token), timeout=10
        )

    def get(self, path: str, token: str = TOKEN, **query: str) -> requests.Response:
        url = f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/{path}"
        return requests.get(url, params=query, auth=(ACCOUNT, token), timeout=10)


@pytest.fixture
def rest(network: Simulator) -> Rest:
    return Rest(network.url)


@pytest.fixture
def telephones_of() -> Callable[[Simulator], Telephones]:
    return lambda simulator: Telephones(simulator.url)


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


class Bridge:
    """An agent whose document dials the customer."""

    def __init__(self, service: Service, twilio: Client, phones: Telephones) -> None:
        self.service, self.twilio, self.phones = service, twilio, phones
        phones.behaves(AGENT, "answers")
        service.says("/whisper", "<Say>Dag klant</Say>")
        service.says("/after", "<Say>Uitkomst?</Say><Hangup/>")
        self.dials()

    def dials(
        self, dial: str = 'action="/after" timeout="20" hangupOnStar="true"', number: str = 'url="/whisper"'
    ) -> None:
        told = f'statusCallback="/child" statusCallbackEvent="{EVENTS}"'
        self.answer_with(f'<Dial callerId="{HOTLINE}" {dial}><Number {number} {told}>{CUSTOMER}</Number></Dial>')

    def answer_with(self, verbs: str) -> None:
        self.service.says("/agent", verbs)

    def starts(self) -> str:
        return str(self.twilio.calls.create(to=AGENT, from_=HOTLINE, url=f"{self.service.url}/agent").sid)

    def rings_customer(self) -> tuple[str, Call]:
        sid = self.starts()
        return sid, self.phones.rings(CUSTOMER)

    def after(self) -> dict[str, Any]:
        return {name: value for name, value in self.service.forms("/after")[0].items() if name.startswith("Dial")}


@pytest.fixture
def bridge(service: Service, twilio: Client, phones: Telephones) -> Bridge:
    return Bridge(service, twilio, phones)


@pytest.fixture
def bridge_of() -> type[Bridge]:
    return Bridge
