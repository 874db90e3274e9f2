"""Who is agent and who supervisor: never changed in the middle of a call, and somebody always is one."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from callbacks.errors import Rule, RuleRefused
from callbacks.workflows import keeping_accounts
from callbacks.workflows.csv_rows import FileRefused
from callbacks.workflows.importing import import_agents
from models.vocabulary import AgentState, Role
from tests.call_desk import CallDesk
from tests.workflows.test_keeping_accounts import ANN, MIEKE, add, counts, person, refused, signed_in, whys


def test_a_role_that_changes_signs_its_owner_out_and_takes_a_new_supervisor_off_duty(desk: CallDesk) -> None:
    add(desk, ANN)
    browser = signed_in(desk)
    assert keeping_accounts.change_role(desk.services, "Ann De Smet", Role.SUPERVISOR, "root") == "Ann De Smet"
    assert (person(desk, "Ann De Smet").role, person(desk, "Ann De Smet").state) == (
        Role.SUPERVISOR, AgentState.OFF_DUTY,
    )  # fmt: skip
    assert not counts(desk, browser)
    assert "is supervisor now" in whys(desk)
    before = whys(desk)
    keeping_accounts.change_role(desk.services, "Ann De Smet", Role.SUPERVISOR, "root")
    assert whys(desk) == before, "the role he has is no change"


def test_the_last_supervisor_stays_one_and_the_last_but_one_need_not(desk: CallDesk) -> None:
    add(desk, MIEKE, phone="0470 44 44 44")
    with refused(Rule.LAST_SUPERVISOR):
        keeping_accounts.change_role(desk.services, "Mieke Maes", Role.AGENT, "root")
    add(desk, MIEKE, name="Els", email="els@accel.test")
    keeping_accounts.change_role(desk.services, "Mieke Maes", Role.AGENT, "root")
    assert person(desk, "Mieke Maes").role is Role.AGENT
    with refused(Rule.LAST_SUPERVISOR):
        keeping_accounts.change_role(desk.services, "Els", Role.AGENT, "root")


def test_without_a_telephone_nobody_becomes_an_agent(desk: CallDesk) -> None:
    add(desk, MIEKE)
    add(desk, MIEKE, name="Els", email="els@accel.test")
    with refused(Rule.NO_TELEPHONE):
        keeping_accounts.change_role(desk.services, "Els", Role.AGENT, "root")


@pytest.mark.parametrize("state", [AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP])
def test_nobody_changes_his_role_in_the_middle_of_a_call(desk: CallDesk, state: AgentState) -> None:
    desk.agent("Bart", state=state)
    with refused(Rule.IN_A_CALL):
        keeping_accounts.change_role(desk.services, "Bart", Role.SUPERVISOR, "root")
    assert (person(desk, "Bart").role, person(desk, "Bart").state) == (Role.AGENT, state)


def test_of_two_supervisors_who_demote_each_other_at_once_one_stays(desk: CallDesk) -> None:
    add(desk, MIEKE, phone="0470 44 44 44")
    add(desk, MIEKE, name="Els", email="els@accel.test", phone="0470 55 55 55")
    ready = Barrier(2)

    def demote(name: str) -> Rule | None:
        ready.wait()
        try:
            keeping_accounts.change_role(desk.services, name, Role.AGENT, "root")
        except RuleRefused as refusal:
            return refusal.rule
        return None

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(demote, ("Mieke Maes", "Els"))) == {None, Rule.LAST_SUPERVISOR}


def test_a_file_may_neither_take_the_last_supervisor_away_nor_change_a_role_in_a_call(
    desk: CallDesk, tmp_path: Path
) -> None:
    add(desk, MIEKE, phone="0470 44 44 44")
    desk.agent("Bart", state=AgentState.ON_CALL)
    file = tmp_path / "agents.csv"
    header = "name,phone,email,role,languages,password\n"
    file.write_text(f"{header}Mieke Maes,0470 44 44 44,mieke@accel.test,agent,nl,\n")
    with pytest.raises(FileRefused, match="line 2: the last supervisor cannot become an agent"):
        import_agents(desk.services, file)
    file.write_text(f"{header}Bart,+32470000001,bart@accel.test,supervisor,nl,\n")
    with pytest.raises(FileRefused, match="line 2: Bart is in a call"):
        import_agents(desk.services, file)
    els = "Els,,els@accel.test,supervisor,nl,klaproos-en-distel\n"
    file.write_text(f"{header}Mieke Maes,0470 44 44 44,mieke@accel.test,agent,nl,\n{els}")
    browser = signed_in(desk, "mieke@accel.test")
    import_agents(desk.services, file)
    assert person(desk, "Mieke Maes").role is Role.AGENT
    assert not counts(desk, browser), "her role changed"
