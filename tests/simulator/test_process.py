"""The stand-in as a process, and its console."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.__main__ import CREDENTIALS, main, mixed_up, written_in
from simulator.client import TelephoneError, Telephones

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.server import Simulator
    from tests.simulator.conftest import Service

ACCOUNT = "AC" + "5" * 32
OTHER = "AC" + "6" * 32


def test_it_starts_says_where_it_listens_and_stops_on_sigterm() -> None:
    command = [sys.executable, "-m", "simulator", "--account-sid", ACCOUNT, "--auth-token", "t"]
    command += ["--hotline", "+3234603535", "--voice-url", "http://127.0.0.1:9/voice/incoming"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={}) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.split()[2].rstrip(",")
        health = requests.get(f"{url}/console/healthz", timeout=5).json()
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=5)
    assert (health, code) == ({"status": "up", "hotline": "+3234603535"}, 0)


@pytest.mark.parametrize(
    ("environment", "refused"),
    [
        ({}, False),
        ({"TWILIO_ACCOUNT_SID": ACCOUNT}, False),
        ({"TWILIO_ACCOUNT_SID": OTHER}, True),
        ({"TWILIO_ACCOUNT_SID": OTHER, "TWILIO_BASE_URL": "https://api.twilio.com"}, True),
        ({"TWILIO_ACCOUNT_SID": OTHER, "TWILIO_BASE_URL": "http://127.0.0.1:9"}, False),
        ({"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "t"}, False),
        ({"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "another"}, True),
        ({"TWILIO_API_KEY": "SK1"}, True),
        ({"TWILIO_API_KEY": ""}, False),
    ],
)
def test_it_refuses_an_environment_that_leads_to_twilio(environment: dict[str, str], refused: bool) -> None:
    assert (mixed_up({ACCOUNT, "t"}, environment) is not None) is refused


@pytest.mark.parametrize("line", ["TWILIO_AUTH_TOKEN=s3cret", "export TWILIO_AUTH_TOKEN = 's3cret'  # ours"])
def test_it_refuses_beside_a_file_that_leads_to_twilio_and_tells_no_secret(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text(f"# TWILIO_BASE_URL=http://127.0.0.1:9\n{line}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("TWILIO_BASE_URL", *CREDENTIALS):
        monkeypatch.delenv(name, raising=False)
    words = ["--account-sid", ACCOUNT, "--auth-token", "t", "--hotline", "+3234603535", "--voice-url", "http://x/"]
    assert main(words) == 2
    told = capsys.readouterr().err
    assert ("TWILIO_AUTH_TOKEN" in told, "s3cret" in told, told.count("\n")) == (True, False, 1)
    environment = {"TWILIO_BASE_URL": "http://127.0.0.1:9"}
    assert mixed_up({ACCOUNT, "t"}, environment, written_in(tmp_path / ".env")) is None


def test_the_clock_is_moved_and_stamps_what_follows(phones: Telephones) -> None:
    phones.set_now(datetime(2026, 3, 2, 11, 57, 50, tzinfo=UTC))
    assert phones.now().startswith("2026-03-02T11:57:5")
    assert phones.advance(3600).startswith("2026-03-02T12:57:5")
    phones.behaves("+32475000001", "busy")
    assert phones.journal()[-1]["at"].startswith("2026-03-02T12:57:5")


def test_a_naive_moment_is_refused(phones: Telephones) -> None:
    with pytest.raises(TelephoneError, match="with an offset"):
        phones.set_now(datetime(2026, 3, 2, 11, 57))  # noqa: DTZ001


@pytest.mark.parametrize("behaviour", ["", "sings", "answers_and_presses:", "answers_and_presses:x"])
def test_an_unknown_behaviour_is_refused(phones: Telephones, behaviour: str) -> None:
    with pytest.raises(TelephoneError, match="unknown behaviour"):
        phones.behaves("+32475000001", behaviour)


def test_a_page_of_a_stranger_cannot_use_the_console(network: Simulator) -> None:
    url = f"{network.url}/console/end-all"
    assert requests.post(url, headers={"Origin": "https://example.com"}, timeout=5).status_code == 403
    assert requests.post(url, headers={"Host": "example.com"}, timeout=5).status_code == 403
    assert requests.post(url, timeout=5).status_code == 200


def test_the_page_for_people_is_whole(network: Simulator) -> None:
    page = requests.get(f"{network.url}/console/", timeout=5)
    assert (page.status_code, "<h1>Telephones" in page.text) == (200, True)
    for name in ("console.js", "console.css"):
        assert name in page.text
        assert requests.get(f"{network.url}/console/static/{name}", timeout=5).status_code == 200


def test_waiting_ends_at_once_when_the_call_is_over(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Hangup/>")
    sid = phones.places_call("+32470123456")
    call = phones.call(sid, wait=30, until="said:nooit")
    assert (call["status"], call["met"]) == ("completed", False)


def test_an_unknown_condition_and_an_unknown_call_are_refused(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Gather/>")
    sid = phones.places_call("+32470123456")
    with pytest.raises(TelephoneError, match="until is one of"):
        phones.call(sid, until="happy")
    with pytest.raises(TelephoneError, match="there is no call"):
        phones.hangs_up("CA0")


def test_end_all_hangs_up_everything(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Gather/>")
    sids = [phones.places_call(number) for number in ("+32470000001", "+32470000002")]
    for sid in sids:
        phones.call(sid, until="gathering")
    assert phones.end_all() == 2
    assert {call["status"] for call in phones.calls()} == {"completed"}
    assert phones.phone("+32470000001", until="idle")["met"]
