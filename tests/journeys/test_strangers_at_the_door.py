"""Requests that Twilio did not send, or sent for somebody else, or sent before, change nothing."""

from typing import Any

import requests
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from models.schema import METADATA
from tests.journeys.desk import Desk
from tests.journeys.kinds import in_turn
from tests.journeys.stories import are_joined, asks_to_be_called, talk_and_solve

ALIVE = frozenset({"heartbeat", "lease", "demo_clock"})
"""Tables in which the processes write by themselves all the time."""
STRANGE_SID = "CA" + "e" * 32


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with desk.stack.services.database.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
            if table.name not in ALIVE
        }


def post(desk: Desk, path: str, form: dict[str, str], token: str | None) -> requests.Response:
    url = desk.stack.url + path
    headers = {}
    if token is not None:
        headers["X-Twilio-Signature"] = RequestValidator(token).compute_signature(url, form)
    with requests.Session() as web:
        web.trust_env = False
        return web.post(url, data=form, headers=headers, timeout=10)


def form_of(desk: Desk, **changes: str) -> dict[str, str]:
    whole = {
        "AccountSid": desk.stack.account,
        "CallSid": STRANGE_SID,
        "From": "+32470999999",
        "To": "+3234603535",
        "CallStatus": "completed",
        "Digits": "1",
        "CallDuration": "99",
        "DialCallStatus": "completed",
        "DialBridged": "true",
    }
    return whole | changes


PATHS = ("/voice/incoming", "/voice/menu?round=1", "/voice/number?round=1", "/voice/bye", "/voice/status/inbound")


def test_unsigned_wrongly_signed_and_foreign_requests_are_refused_and_leave_no_trace(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    desk.mail_about("geregistreerd")
    told = [str(entry["url"]) for entry in desk.entries() if entry["kind"] == "webhook"]
    paths = {*PATHS, *(url.removeprefix(desk.stack.url) for url in told)}
    desk.watcher.has_looked("mail")
    desk.everything_is_told()
    before = everything(desk)
    for path in sorted(paths):
        for form, token in (
            (form_of(desk), None),
            (form_of(desk), "0" * 32),
            (form_of(desk, AccountSid="AC" + "9" * 32), desk.stack.token),
            (form_of(desk, CallSid=whisper.sid), None),
            (form_of(desk, CallSid="kapot"), desk.stack.token),
        ):
            assert post(desk, path, form, token).status_code == 403, path
    assert everything(desk) == before
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    desk.ticket_is("closed")


def test_a_whole_journey_replayed_with_its_own_signatures_changes_nothing(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    talk_and_solve(desk, sofie, peeters)
    desk.ticket_is("closed")
    desk.mail_about("afgesloten")
    desk.agent_is(sofie, "free")
    desk.watcher.has_looked("mail")
    desk.nobody_is_rung()
    before = everything(desk)
    for entry in [entry for entry in desk.entries() if entry["kind"] == "webhook"]:
        form = entry["form"]
        assert isinstance(form, dict)
        path = str(entry["url"]).removeprefix(desk.stack.url)
        assert post(desk, path, form, desk.stack.token).status_code == 200, path
    desk.nobody_is_rung()
    after = everything(desk)
    changed = [name for name in after if after[name] != before[name]]
    assert not changed, {name: [row for row in after[name] if row not in before[name]] for name in changed}


@in_turn("secret", short=("geraden",), long=("x" * 32,))
def test_a_signed_request_with_a_made_up_token_reaches_no_attempt(desk: Desk, secret: str) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen")
    desk.mail_about("geregistreerd")
    desk.watcher.has_looked("mail")
    desk.everything_is_told()
    before = everything(desk)
    for path in ("agent", "agent-key", "after", "outcome", "customer", "status/agent", "status/customer"):
        answer = post(desk, f"/voice/{path}/{secret}", form_of(desk), desk.stack.token)
        assert answer.status_code in {200, 404}, path
    assert everything(desk) == before
    whisper.presses("2").ends()
    desk.passes(seconds=310)
    talk_and_solve(desk, sofie, peeters)
