import re
import stat
from pathlib import Path

import pytest

from callbacks.errors import RefusedInput
from callbacks.secret_key import SHORTEST_SECRET, ensure_secret_key
from callbacks.settings import Settings, load_settings, variables

EXAMPLE = Path(__file__).parents[2] / ".env.example"
SERVICE = {
    "PUBLIC_BASE_URL": "https://hotline.example.be/",
    "SECRET_KEY": "s" * SHORTEST_SECRET,
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "a-token-nobody-may-read",
}


def example_lines() -> dict[str, str]:
    found = re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) == len(dict(found)), "a variable stands twice in .env.example"
    return dict(found)


def test_an_empty_environment_gives_working_defaults_on_sqlite() -> None:
    settings = load_settings({})
    assert settings.database_url == f"sqlite:///{Path('var').absolute()}/ringback.db"
    assert settings.caller_id == settings.hotline_number == "+3234603535"
    assert settings.own_numbers == {"+3234603535"}
    assert settings.zone.key == "Europe/Brussels"


def test_an_empty_value_counts_as_not_set() -> None:
    assert load_settings({"PORT": "", "CALLER_ID": "", "DATABASE_URL": ""}) == load_settings({})


def test_the_example_lists_every_variable_and_no_other() -> None:
    assert set(example_lines()) == set(variables())


def test_the_example_states_the_defaults() -> None:
    defaults = load_settings({})
    for name, text in example_lines().items():
        given = load_settings({name: text})
        assert given == defaults, f"{name}={text} in .env.example is not the default"


def test_environment_wins_over_the_file_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORT=8100\nSERVICE_NAME=Uit het bestand\nSOMETHING_ELSE=1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "8200")
    settings = load_settings()
    assert (settings.port, settings.service_name) == (8200, "Uit het bestand")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://u:p@db/name", "postgresql+psycopg://u:p@db/name"),
        ("postgresql://u:p@db/name", "postgresql+psycopg://u:p@db/name"),
        ("postgresql+psycopg://u:p@db/name", "postgresql+psycopg://u:p@db/name"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
    ],
)
def test_a_database_address_of_a_platform_is_rewritten_for_psycopg_3(given: str, wanted: str) -> None:
    assert load_settings({"DATABASE_URL": given}).database_url == wanted


def test_a_different_caller_id_makes_two_own_numbers() -> None:
    assert load_settings({"CALLER_ID": "+3234603500"}).own_numbers == {"+3234603535", "+3234603500"}


def test_addresses_lose_their_closing_slash() -> None:
    assert load_settings(SERVICE).public_base_url == "https://hotline.example.be"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_plain_http_is_taken_on_this_machine(address: str) -> None:
    assert load_settings({"PUBLIC_BASE_URL": address}).public_base_url == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_BASE_URL", "http://hotline.example.be"),
        ("PUBLIC_BASE_URL", "hotline.example.be"),
        ("PUBLIC_BASE_URL", "https://hotline.example.be/?a=1"),
        ("TWILIO_BASE_URL", "http://stand-in.example.be"),
        ("HOTLINE_NUMBER", "03 460 35 35"),
        ("CALLER_ID", "+32 3 460 35 35"),
        ("SECRET_KEY", "s" * (SHORTEST_SECRET - 1)),
        ("TWILIO_ACCOUNT_SID", "0" * 34),
        ("TWILIO_API_KEY", "SK" + "0" * 32),
        ("DATABASE_URL", "mysql://db/name"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("REDIS_URL", "localhost:6379"),
        ("SMTP_URL", "http://mail.example.be"),
        ("IMAP_URL", "mail.example.be"),
        ("TIMEZONE", "Brussels"),
        ("TIMEZONE", "../../etc/passwd"),
        ("OPENING_HOURS", "ma-vr 9-17"),
        ("OPENING_HOURS", "Mo-Fr 09:00-12:01,13:00-17:00; PH off"),
        ("OPENING_HOURS", "Mo-Sa 09:00-12:00; PH off"),
        ("ALLOWED_COUNTRIES", "Belgium"),
        ("PORT", "http"),
        ("PREPARATION_SECONDS", "-1"),
        ("RINGBACK_DEMO", "perhaps"),
        ("SENDING_DEADLINE", "14"),
        ("LEASE_SECONDS", "30"),
        ("HORIZON", "60"),
    ],
)
def test_nonsense_is_refused_in_one_line_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(RefusedInput) as refused:
        load_settings({name: value})
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [name]


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(RefusedInput) as refused:
        load_settings({"PORT": "x", "HOTLINE_NUMBER": "112", "TIMEZONE": "nowhere"})
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize("name", ["TWILIO_REGION", "TWILIO_EDGE"])
def test_a_stand_in_on_this_machine_goes_with_neither_region_nor_edge(name: str) -> None:
    load_settings({name: "dublin"})
    with pytest.raises(RefusedInput, match="TWILIO_BASE_URL"):
        load_settings({name: "dublin", "TWILIO_BASE_URL": "http://127.0.0.1:4010"})


@pytest.mark.parametrize("account", ["TWILIO_ACCOUNT_SID", "TWILIO_API_KEY"])
@pytest.mark.parametrize("network", [{}, {"TWILIO_BASE_URL": "https://api.twilio.com"}])
def test_a_clock_that_can_be_moved_does_not_go_with_a_real_account(account: str, network: dict[str, str]) -> None:
    real = {account: "AC" + "0" * 32, "TWILIO_API_SECRET": "s" if account == "TWILIO_API_KEY" else "", **network}
    load_settings(real)
    with pytest.raises(RefusedInput, match="RINGBACK_DEMO: goes with a TWILIO_BASE_URL on this machine alone"):
        load_settings(real | {"RINGBACK_DEMO": "true"})
    load_settings(real | {"RINGBACK_DEMO": "true", "TWILIO_BASE_URL": "http://127.0.0.1:4010"})


def test_a_service_names_all_that_is_missing_in_one_line() -> None:
    with pytest.raises(RefusedInput) as refused:
        load_settings({"SECRET_KEY": SERVICE["SECRET_KEY"]}).require_service()
    message = str(refused.value)
    assert "PUBLIC_BASE_URL, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN" in message
    assert "SECRET_KEY" not in message
    assert "\n" not in message
    load_settings(SERVICE).require_service()


def test_no_secret_is_shown_by_printing_the_settings_or_by_an_error() -> None:
    secrets = {
        **SERVICE,
        "TWILIO_API_KEY": "SK1",
        "TWILIO_API_SECRET": "hush-api",
        "DATABASE_URL": "postgresql://u:hush-db@db/name",
        "REDIS_URL": "redis://:hush-redis@host",
        "SMTP_URL": "smtp://u:hush-smtp@host",
        "MAIL_FROM": "desk@example.be",
    }
    shown = repr(load_settings(secrets)) + str(load_settings(secrets))
    with pytest.raises(RefusedInput) as refused:
        load_settings({**secrets, "SECRET_KEY": "hush-short", "DATABASE_URL": "mysql://u:hush-db@db/name"})
    shown += str(refused.value)
    assert "hush" not in shown
    assert SERVICE["TWILIO_AUTH_TOKEN"] not in shown
    assert SERVICE["SECRET_KEY"] not in shown


def test_settings_cannot_be_changed_after_reading() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings({}).port = 1


def test_the_secret_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    home = tmp_path / "var"
    first = ensure_secret_key(home)
    assert ensure_secret_key(home) == first
    assert len(first) >= SHORTEST_SECRET
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600


def test_a_damaged_secret_is_not_replaced_behind_your_back(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short\n", encoding="ascii")
    with pytest.raises(RefusedInput, match="secret_key"):
        ensure_secret_key(tmp_path)


def test_every_setting_has_a_default() -> None:
    assert [name for name, field in Settings.model_fields.items() if field.is_required()] == []


def test_a_claim_must_outlive_the_request_it_protects() -> None:
    load_settings({"SENDING_DEADLINE": "44"})
    with pytest.raises(RefusedInput, match="LEASE_SECONDS"):
        load_settings({"SENDING_DEADLINE": "45"})
