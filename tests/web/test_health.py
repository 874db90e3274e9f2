"""What monitoring is told."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from callbacks.store.health import KINDS
from models.agent import Agent
from models.upkeep import Heartbeat
from tests.web.desk import Desk


def beat(desk: Desk, *, seconds_ago: float = 5, kinds: tuple[str, ...] = KINDS) -> None:
    """Let each kind of process give a sign of life."""
    at = desk.clock.now() - timedelta(seconds=seconds_ago)
    with desk.database.write() as session:
        for kind in kinds:
            session.merge(Heartbeat(name=f"host/{kind}", kind=kind, host="host", at=at))


def test_a_living_process_says_ok_without_any_database(desk: Desk) -> None:
    desk.database.close()
    answer = desk.app().test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_ready_once_everything_answers(desk: Desk, anonymous: FlaskClient) -> None:
    beat(desk)
    answer = anonymous.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"ready": True, "reasons": [], "warnings": []}


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_process_is_named(desk: Desk, anonymous: FlaskClient, kind: str) -> None:
    beat(desk, kinds=tuple(each for each in KINDS if each != kind))
    answer = anonymous.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "reasons": [f"{kind}: never seen"], "warnings": []}


@pytest.mark.parametrize(("seconds_ago", "ready"), [(0, True), (30, True), (31, False), (-1, False)])
def test_a_sign_of_life_counts_for_thirty_seconds_and_never_from_the_future(
    desk: Desk, anonymous: FlaskClient, seconds_ago: float, ready: bool,
) -> None:  # fmt: skip
    beat(desk)
    beat(desk, seconds_ago=seconds_ago, kinds=("dial",))
    answer = anonymous.get("/readyz").json
    assert answer is not None
    assert answer["ready"] is ready
    if seconds_ago < 0:
        assert answer["reasons"] == ["dial: last seen 1 s in the future (was the wall clock set?)"]


def test_a_silent_redis_is_a_reason(desk: Desk, anonymous: FlaskClient) -> None:
    beat(desk)
    desk.bell.answers = False
    assert anonymous.get("/readyz").json == {"ready": False, "reasons": ["redis: does not answer"], "warnings": []}


def test_a_database_without_tables_is_not_ready(desk: Desk, empty_database_url: str) -> None:
    desk.database = type(desk.database)(empty_database_url)
    answer = desk.app().test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["reasons"] == ["migrations: not at head; run `ringback migrate`"]


def test_an_unreachable_database_is_named_without_its_password(desk: Desk) -> None:
    desk.database = type(desk.database)("postgresql+psycopg://desk:a-secret@127.0.0.1:1/none")
    answer = desk.app().test_client().get("/readyz")
    assert answer.status_code == 503
    assert "database: does not answer" in answer.text
    assert "a-secret" not in answer.text


def test_a_locked_pin_is_a_warning_while_it_lasts_and_names_nobody(desk: Desk, anonymous: FlaskClient) -> None:
    beat(desk)
    ann = desk.person("Ann De Smet", phone="+32470000001")
    with desk.database.write() as session:
        row = session.get_one(Agent, ann)
        row.pin_failures, row.pin_locked_at = 10, desk.clock.now() - timedelta(minutes=29)
    warning = f"telephone: the PIN of agent {ann} is locked after 10 wrong ones in a row"
    answer = anonymous.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"ready": True, "reasons": [], "warnings": [warning]}
    desk.clock.at += timedelta(minutes=1)
    beat(desk)
    assert anonymous.get("/readyz").json == {"ready": True, "reasons": [], "warnings": []}
