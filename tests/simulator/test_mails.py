"""The mail server and the inbox."""

from __future__ import annotations

import logging
import smtplib
import socket
import subprocess
import sys
import threading
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.client import TelephoneError, Telephones
from simulator.mailbox import MOST_MAILS, Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.server import Simulator

MIEKE = "mieke@ringback.example"


@pytest.fixture
def network(start: Callable[..., Simulator]) -> Simulator:
    return start(mail_port=0)


def sends(network: Simulator, message: EmailMessage | bytes) -> None:
    assert network.mail_sink is not None
    with smtplib.SMTP("127.0.0.1", network.mail_sink.port, timeout=5) as line:
        if isinstance(message, bytes):
            line.sendmail("desk@ringback.example", [MIEKE], message)
        else:
            line.send_message(message)


def mail(subject: str = "Oproep overgezet ⏰", to: str = MIEKE) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Desk <desk@ringback.example>", to, subject
    message["Date"] = "Fri, 27 Nov 2026 12:00:00 +0100"
    message.set_content("Bel An Peeters terug.\nCafé – spoed\n")
    message.add_alternative("<p>Bel <b>An</b></p>", subtype="html")
    message.add_attachment(b"\x00\x01\x02", maintype="application", subtype="pdf", filename="factuur é.pdf")
    return message


def test_a_mail_is_shown_whole(network: Simulator, phones: Telephones) -> None:
    sends(network, mail())
    assert phones.mails()[0]["subject"] == "Oproep overgezet ⏰"
    seen = phones.mail(1)
    assert (seen["n"], seen["to"], seen["date"]) == (1, MIEKE, "Fri, 27 Nov 2026 12:00:00 +0100")
    assert seen["text"] == "Bel An Peeters terug.\nCafé – spoed\n"
    assert (seen["html"], seen["attachments"]) == (
        True,
        [{"name": "factuur é.pdf", "type": "application/pdf", "size": 3}],
    )


def test_the_newest_mail_stands_first_and_the_journal_has_each(network: Simulator, phones: Telephones) -> None:
    for subject in ("eerste", "tweede"):
        sends(network, mail(subject))
    assert [(mail["n"], mail["subject"]) for mail in phones.mails()] == [(2, "tweede"), (1, "eerste")]
    entry = phones.finds(kind="mail", number=2)
    assert (entry["to"], entry["subject"]) == (MIEKE, "tweede")


def test_the_html_part_runs_nothing_and_opens_its_links_elsewhere(network: Simulator, phones: Telephones) -> None:
    sends(network, mail())
    page = requests.get(f"{phones.base_url}/console/mails/1/html", timeout=5)
    assert page.text.strip() == '<base target="_blank"><p>Bel <b>An</b></p>'
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_a_whole_html_document_stays_one(network: Simulator, phones: Telephones) -> None:
    message = mail()
    message.clear_content()
    message.set_content("<!doctype html><html><head lang='nl'><title>x</title></head></html>", subtype="html")
    sends(network, message)
    page = requests.get(f"{phones.base_url}/console/mails/1/html", timeout=5).text
    assert page.startswith("<!doctype html><html><head lang='nl'><base target=\"_blank\"><title>")


def test_the_message_can_be_downloaded_as_it_came(network: Simulator, phones: Telephones) -> None:
    sends(network, b"Subject: Raw\r\n\r\nas sent\r\n")
    answer = requests.get(f"{phones.base_url}/console/mails/1/message.eml", timeout=5)
    assert answer.content == b"Subject: Raw\r\n\r\nas sent\r\n"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="message-1.eml"'


@pytest.mark.parametrize("path", ["7", "7/html", "7/message.eml", "1/html"])
def test_what_is_not_there_is_refused_with_a_sentence(network: Simulator, phones: Telephones, path: str) -> None:
    sends(network, b"Subject: Only text\r\n\r\nx\r\n")
    answer = requests.get(f"{phones.base_url}/console/mails/{path}", timeout=5)
    assert (answer.status_code, "mail" in answer.json()["error"]) == (404, True)


@pytest.mark.parametrize(
    ("raw", "subject", "text"),
    [
        (b"", "", ""),
        (b"\xff\xfe no header at all", "", "no header"),
        (b"Subject: =?utf-9?q?caf=E9?=\r\n\r\nx\r\n", "caf", "x"),
        (b"Subject: x\r\nContent-Type: text/plain; charset=klingon\r\n\r\ncaf\xe9\r\n", "x", "caf"),
        (b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nnever\r\n", "x", ""),
        (b"Subject: x\r\nTo: <<,;@\r\nFrom: =?utf-8?b?!!!?= <\r\nDate: gisteren\r\n\r\ny\r\n", "x", "y"),
        (b"Subject: x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n@@@\r\n", "x", ""),
    ],
)
def test_a_broken_mail_is_shown_as_well_as_it_can_be(
    network: Simulator, phones: Telephones, raw: bytes, subject: str, text: str
) -> None:
    sends(network, raw)
    sends(network, mail("daarna"))
    seen = phones.mail(1)
    assert subject in seen["subject"]
    assert text in seen["text"]
    assert phones.mails()[0]["subject"] == "daarna"
    assert requests.get(f"{phones.base_url}/console/mails/1/message.eml", timeout=5).ok


def test_a_mail_is_waited_for(network: Simulator, phones: Telephones) -> None:
    sends(network, mail("iets anders"))
    later = threading.Timer(0.1, lambda: sends(network, mail("Oproep 7", "Jan <jan@ringback.example>")))
    later.start()
    assert phones.waits_for_mail(to="jan@", subject="7")["n"] == 2
    later.join()
    with pytest.raises(TelephoneError, match="no mail to 'piet@'"):
        phones.waits_for_mail(to="piet@", wait=0.1)


def test_one_request_waits_until_that_many_mails_came(network: Simulator, phones: Telephones) -> None:
    later = threading.Timer(0.2, lambda: sends(network, mail("eindelijk")))
    later.start()
    assert [mail["subject"] for mail in phones.mails(until=1, wait=10)] == ["eindelijk"]
    later.join()


def test_many_mails_at_once_are_all_numbered(network: Simulator, phones: Telephones) -> None:
    senders = [threading.Thread(target=sends, args=(network, mail(str(i)))) for i in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert {mail["subject"] for mail in phones.mails(until=8, wait=5)} == {str(i) for i in range(8)}


def test_the_oldest_mails_are_forgotten_and_still_counted(network: Simulator) -> None:
    mailbox = Mailbox(network.exchange)
    for _ in range(MOST_MAILS + 2):
        mailbox.keep("a@b.example", [MIEKE], b"Subject: x\r\n\r\n")
    assert (mailbox.count(), len(mailbox.mails())) == (MOST_MAILS + 2, MOST_MAILS)
    assert (mailbox.mail(2), mailbox.mails()[-1].n) == (None, 3)


def test_the_mail_server_says_nothing_in_the_log(network: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        sends(network, mail())
    assert [record for record in caplog.records if record.name.startswith("mail")] == []


def test_the_port_is_closed_with_the_simulator(start: Callable[..., Simulator]) -> None:
    simulator = start(mail_port=0)
    assert simulator.mail_sink is not None
    port = simulator.mail_sink.port
    simulator.stop()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", port, timeout=5)
    simulator.mail_sink.stop()


def test_without_a_port_there_is_no_mail_server_and_an_empty_inbox(start: Callable[..., Simulator]) -> None:
    simulator = start()
    assert simulator.mail_sink is None
    assert Telephones(simulator.url).mails() == []


def test_the_process_says_where_mails_go_or_that_the_port_is_taken() -> None:
    command = [
        sys.executable,
        "-m",
        "simulator",
        "--account-sid",
        "AC1",
        "--auth-token",
        "t",
        "--hotline",
        "+3234603535",
    ]
    command += ["--voice-url", "http://127.0.0.1:9/voice/incoming", "--mail-port"]
    with subprocess.Popen([*command, "0"], stdout=subprocess.PIPE, text=True, env={}) as process:
        assert process.stdout is not None
        said = [process.stdout.readline(), process.stdout.readline()]
        port = int(said[1].rpartition(":")[2])
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as line:
            assert line.noop()[0] == 250
        process.terminate()
        assert process.wait(timeout=5) == 0
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        ended = subprocess.run([*command, taken], stderr=subprocess.PIPE, text=True, env={}, timeout=20, check=False)
    assert (ended.returncode, f"no mail server on port {taken}" in ended.stderr) == (2, True)
