"""Mail over real SMTP on loopback: taken, refused for good, refused for now."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from callbacks.errors import MailDelayed, MailRefused, RefusedInput
from callbacks.ports import Mail
from callbacks.providers.file_mailer import FileMailer
from callbacks.providers.smtp_mailer import MailServer, SmtpMailer, parse_smtp_url
from models.vocabulary import Language
from tests.set_clock import SetClock
from tests.smtp_servers import Postman, silent_server, smtp_server

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
MAIL = Mail("an@peeters.test", "<1@accel.test>", "Ticket 10001", "Dag Zoë,\n", "<p>Dag Zoë,</p>", Language.NL)
SENDER = "Accel Service Desk <desk@accel.test>"


def _mailer(url: str, timeout: float = 5.0) -> SmtpMailer:
    return SmtpMailer(url, SENDER, SetClock(NOW), timeout)


def test_a_mail_arrives_with_its_accents() -> None:
    postman = Postman()
    with smtp_server(postman) as url:
        _mailer(url).send(MAIL)
    (taken,) = postman.taken
    assert taken.rcpt_tos == ["an@peeters.test"]
    assert taken.mail_from == "desk@accel.test"
    assert isinstance(taken.content, bytes)
    parsed = message_from_bytes(taken.content, policy=default)
    body = parsed.get_body(("plain",))
    assert body is not None
    assert "Zoë" in body.get_content()


@pytest.mark.parametrize("postman", [Postman(at_recipient=["550 no such user"]), Postman(at_data=["554 not wanted"])])
def test_a_permanent_refusal_of_recipient_or_content_is_for_good(postman: Postman) -> None:
    with smtp_server(postman) as url, pytest.raises(MailRefused, match="55"):
        _mailer(url).send(MAIL)


@pytest.mark.parametrize("postman", [Postman(at_recipient=["451 greylisted"]), Postman(at_data=["452 disk full"])])
def test_a_temporary_refusal_is_for_now_and_the_next_try_arrives(postman: Postman) -> None:
    with smtp_server(postman) as url:
        with pytest.raises(MailDelayed, match="45"):
            _mailer(url).send(MAIL)
        _mailer(url).send(MAIL)
    assert len(postman.taken) == 1


def test_a_server_that_says_nothing_delays_the_mail() -> None:
    with silent_server() as url, pytest.raises(MailDelayed):
        _mailer(url, timeout=0.2).send(MAIL)


def test_a_server_that_is_not_there_delays_the_mail() -> None:
    with silent_server() as url:
        gone = url
    with pytest.raises(MailDelayed):
        _mailer(gone).send(MAIL)


@pytest.mark.parametrize("query", ["?starttls=1", ""])
def test_trouble_with_tls_or_the_account_delays_the_mail(query: str) -> None:
    # This server knows neither STARTTLS nor AUTH.
    with smtp_server(Postman()) as url, pytest.raises(MailDelayed):
        _mailer(url.replace("//", "//" if query else "//me:secret@") + query).send(MAIL)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.test", MailServer("mail.test", 25, None, None, wrapped=False, starttls=False)),
        ("smtps://mail.test", MailServer("mail.test", 465, None, None, wrapped=True, starttls=False)),
        ("smtp://mail.test?starttls=true", MailServer("mail.test", 587, None, None, wrapped=False, starttls=True)),
        (
            "smtp://me%40x:p%3Aw@mail.test:2525",
            MailServer("mail.test", 2525, "me@x", "p:w", wrapped=False, starttls=False),
        ),
    ],
)
def test_the_url_says_where_and_how(url: str, server: MailServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url", ["", "mail.test", "http://mail.test", "smtp://", "smtp://mail.test:x", "smtp://mail.test:99999"]
)
def test_a_url_that_means_nothing_is_refused(url: str) -> None:
    with pytest.raises(RefusedInput, match="SMTP_URL"):
        parse_smtp_url(url)


def test_without_a_server_a_mail_is_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path / "mail", SENDER, SetClock(NOW))
    mailer.send(MAIL)
    mailer.send(MAIL)
    (path,) = (tmp_path / "mail").iterdir()
    assert path.suffix == ".eml"
    assert message_from_bytes(path.read_bytes(), policy=default)["Subject"] == "Ticket 10001"


def test_a_folder_that_cannot_be_written_delays_the_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file is in the way")
    with pytest.raises(MailDelayed):
        FileMailer(tmp_path / "mail", SENDER, SetClock(NOW)).send(MAIL)
