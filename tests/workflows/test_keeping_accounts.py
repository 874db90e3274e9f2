"""Who may sign in and as what, and when his browsers stop counting."""

from typing import Any

import pytest
from sqlalchemy import select

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.passwords import verified
from callbacks.workflows import keeping_accounts, signing_in
from models.agent import Agent
from models.history import History
from models.vocabulary import AgentState
from tests.call_desk import CallDesk

FIRST, SECOND = "klaproos-en-korenbloem", "boterbloem-en-distel"
ANN = {
    "name": "Ann De Smet",
    "phone": "0470 11 22 33",
    "email": "ANN@accel.test",
    "role": "agent",
    "languages": "fr,nl",
    "password": FIRST,
}
MIEKE = {**ANN, "name": "Mieke Maes", "phone": "", "email": "mieke@accel.test", "role": "supervisor"}


def add(desk: CallDesk, cells: dict[str, str], **changes: str) -> str:
    return keeping_accounts.add_person(desk.services, {**cells, **changes}, "root")


def person(desk: CallDesk, name: str) -> Agent:
    with desk.services.database.read() as session:
        found = session.scalars(select(Agent).where(Agent.name == name)).one()
        session.expunge_all()
    return found


def whys(desk: CallDesk) -> list[str]:
    with desk.services.database.read() as session:
        return list(session.scalars(select(History.why).order_by(History.id)))


def signed_in(desk: CallDesk, email: str = "ann@accel.test", password: str = FIRST) -> str:
    secret = signing_in.sign_in(desk.services, email, password)
    assert secret is not None
    return secret


def counts(desk: CallDesk, secret: str) -> bool:
    return signing_in.who_is(desk.services, secret, desk.clock.at) is not None


def refused(rule: Rule) -> Any:
    return pytest.raises(RuleRefused, match=r".", check=lambda error: error.rule is rule)


def test_a_new_agent_is_on_duty_and_may_sign_in(desk: CallDesk) -> None:
    assert add(desk, ANN) == "Ann De Smet"
    ann = person(desk, "Ann De Smet")
    assert (ann.state, ann.phone, ann.email, ann.languages) == (
        AgentState.FREE, "+32470112233", "ann@accel.test", "fr,nl",
    )  # fmt: skip
    assert FIRST not in ann.password_hash
    assert whys(desk) == ["added"]
    assert counts(desk, signed_in(desk))


def test_a_new_supervisor_needs_no_telephone_and_is_off_duty(desk: CallDesk) -> None:
    add(desk, MIEKE)
    assert (person(desk, "Mieke Maes").state, person(desk, "Mieke Maes").phone) == (AgentState.OFF_DUTY, None)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "ann de smet", "email": "other@accel.test", "phone": "0470 99 99 99"}, "known already"),
        ({"name": "Another", "email": "Ann@Accel.test", "phone": "0470 99 99 99"}, "known already"),
        ({"name": "Another", "email": "other@accel.test"}, "this is the number of Ann De Smet"),
        ({"name": "Another", "email": "other@accel.test", "phone": ""}, "only a supervisor can do without"),
        ({"name": "Another", "email": "nobody"}, "email is no address"),
        ({"name": " ", "email": "other@accel.test"}, "name is empty"),
        ({"name": "Another", "email": "other@accel.test", "languages": "de"}, "languages must be of"),
        ({"name": "Another", "email": "other@accel.test", "password": "elf-tekens-"}, "shorter than 12"),
        ({"name": "Another", "email": "other@accel.test", "password": "x" * 255}, "longer than 254"),
    ],
)
def test_what_a_file_of_agents_may_not_say_is_refused_here_too(
    desk: CallDesk, changes: dict[str, str], says: str
) -> None:
    add(desk, ANN)
    with pytest.raises(RefusedInput, match=says):
        add(desk, ANN, **changes)
    assert whys(desk) == ["added"]


def test_another_password_signs_its_owner_out_everywhere_and_nobody_else(desk: CallDesk) -> None:
    add(desk, ANN)
    add(desk, MIEKE)
    browsers, other = [signed_in(desk), signed_in(desk)], signed_in(desk, "mieke@accel.test")
    assert keeping_accounts.set_password(desk.services, "ann de smet", SECOND, "root") == "Ann De Smet"
    assert not any(counts(desk, each) for each in browsers)
    assert counts(desk, other)
    assert signing_in.sign_in(desk.services, "ann@accel.test", FIRST) is None
    assert counts(desk, signed_in(desk, password=SECOND))
    assert whys(desk)[-1] == "has a new password"


def test_who_changes_his_own_password_stays_signed_in_here_alone(desk: CallDesk) -> None:
    add(desk, ANN)
    here, there = signed_in(desk), signed_in(desk)
    ann = person(desk, "Ann De Smet").id
    secret = keeping_accounts.change_own_password(desk.services, ann, FIRST, SECOND)
    assert (counts(desk, secret), counts(desk, here), counts(desk, there)) == (True, False, False)
    assert counts(desk, signed_in(desk, password=SECOND))


@pytest.mark.parametrize(
    ("current", "new", "rule"), [("guessed", SECOND, Rule.NOT_PROVEN), (FIRST, "kort", Rule.TOO_SHORT)]
)
def test_a_password_is_not_changed_without_the_current_one_or_for_a_short_one(
    desk: CallDesk, current: str, new: str, rule: Rule
) -> None:
    add(desk, ANN)
    here = signed_in(desk)
    with refused(rule):
        keeping_accounts.change_own_password(desk.services, person(desk, "Ann De Smet").id, current, new)
    assert counts(desk, here)
    assert counts(desk, signed_in(desk))


def test_a_sign_in_with_a_password_that_is_changed_meanwhile_counts_for_nothing(
    desk: CallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(desk, ANN)

    def slowly(stored: str | None, secret: str) -> bool:
        monkeypatch.setattr(signing_in, "verified", verified)
        keeping_accounts.set_password(desk.services, "Ann De Smet", SECOND, "root")
        return verified(stored, secret)

    monkeypatch.setattr(signing_in, "verified", slowly)
    assert signing_in.sign_in(desk.services, "ann@accel.test", FIRST) is None


def test_a_supervisor_signs_somebody_out_and_is_told_in_how_many_browsers(desk: CallDesk) -> None:
    add(desk, ANN)
    add(desk, MIEKE)
    browsers, other = [signed_in(desk), signed_in(desk)], signed_in(desk, "mieke@accel.test")
    assert {each.name: each.browsers for each in keeping_accounts.everybody(desk.services)} == {
        "Ann De Smet": 2, "Mieke Maes": 1,
    }  # fmt: skip
    assert keeping_accounts.sign_out(desk.services, "Ann De Smet", "Mieke Maes") == 2
    assert [counts(desk, each) for each in (*browsers, other)] == [False, False, True]
    before = whys(desk)
    assert keeping_accounts.sign_out(desk.services, "Ann De Smet", "Mieke Maes") == 0
    assert whys(desk) == before


def test_one_browser_of_his_own_is_signed_out_and_never_one_of_somebody_else(desk: CallDesk) -> None:
    add(desk, ANN)
    add(desk, MIEKE)
    here, there, other = signed_in(desk), signed_in(desk), signed_in(desk, "mieke@accel.test")
    ann = person(desk, "Ann De Smet").id
    assert keeping_accounts.leave(desk.services, ann, keeping_accounts.handle_of(there)) == 1
    assert keeping_accounts.leave(desk.services, ann, keeping_accounts.handle_of(other)) == 0
    assert [counts(desk, each) for each in (here, there, other)] == [True, False, True]
    assert keeping_accounts.leave(desk.services, ann) == 1
    assert not counts(desk, here)
