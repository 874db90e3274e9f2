"""Nothing stands still for ever: each open state has somebody who moves it on, even when everybody else is silent.

The arrows themselves are tested in tests/rules/test_lifecycle.py, what each sweep mends in tests/workflows.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any

import pytest

from callbacks import jobs
from callbacks.cli import deciding as commands
from callbacks.cli import listing
from callbacks.workflows import (
    deciding,
    dispatching,
    doubting,
    duty,
    emails,
    keeping_time,
    reconciling,
    settling,
    silence,
    unplaced,
    wrapping_up,
)
from models.vocabulary import (
    CLOSED_ATTEMPTS,
    OPEN_CALLBACKS,
    AgentState,
    AttemptState,
    CallbackState,
    LegKind,
    MailState,
)
from tests.house_rules.code_graph import Name, below, looked_at
from web.schedule import hands, leftovers

Function = Callable[..., Any]

# Pairs, not a dict: as text, members of two vocabularies may be equal.
BY_ITSELF: list[tuple[StrEnum, Function]] = [
    (CallbackState.HELD, reconciling.release_overheld),
    (CallbackState.WAITING, dispatching.dispatch),
    (CallbackState.RESTING, keeping_time.tick),
    # These two follow their attempt.
    (CallbackState.PREPARING, unplaced.withdraw_overdue),
    (CallbackState.ACTIVE, silence.ask_about_silent),
    (CallbackState.WRAP_UP, wrapping_up.end_overdue_wrap_ups),
    (AttemptState.RESERVED, unplaced.withdraw_overdue),
    (AttemptState.SENDING, doubting.suspect_overdue),
    (AttemptState.UNKNOWN, doubting.resolve_unknown),
    (AttemptState.PLACED, silence.ask_about_silent),
    (AttemptState.AGENT_RINGING, silence.ask_about_silent),
    (AttemptState.AGENT_ANSWERED, silence.ask_about_silent),
    (AttemptState.AGENT_ACCEPTED, silence.ask_about_silent),
    (AttemptState.CUSTOMER_DIALLING, silence.ask_about_silent),
    (AttemptState.CUSTOMER_RINGING, silence.ask_about_silent),
    (AttemptState.CUSTOMER_ANSWERED, silence.ask_about_silent),
    (AttemptState.BRIDGED, silence.ask_about_silent),
    (AgentState.FREE, dispatching.dispatch),
    # So do these: his attempt's lease, and his own leg's end even after the attempt is over.
    (AgentState.RESERVED, unplaced.withdraw_overdue),
    (AgentState.ON_CALL, silence.ask_about_loose),
    (AgentState.WRAP_UP, wrapping_up.end_overdue_wrap_ups),
    (MailState.PENDING, emails.send_due),
    (MailState.SENDING, emails.send_due),
    (LegKind.INBOUND, reconciling.end_dead_lines),
    (LegKind.AGENT, silence.ask_about_loose),
    # Asked about with the agent's leg; once that is down, it keeps nobody waiting.
    (LegKind.CUSTOMER, silence.ask_about_silent),
    (LegKind.EXTRA, reconciling.hang_up_extras),
]
BY_A_PERSON: list[tuple[StrEnum, Function, Function]] = [
    (CallbackState.NEEDS_HUMAN, deciding.resolve, commands.register_below_callbacks),
    (AgentState.OFF_DUTY, duty.come_on_duty, listing.register),
    (AgentState.BREAK, duty.come_on_duty, listing.register),
    (AgentState.PAUSED, duty.come_on_duty, listing.register),
]
"""What moves it, and the command through which a person asks for that."""

ON_A_PAGE: list[tuple[StrEnum, Function, Function]] = [
    (CallbackState.NEEDS_HUMAN, deciding.resolve, hands.create_blueprint),
    (CallbackState.UNREACHED, settling.call_again, leftovers.create_blueprint),
    (AttemptState.UNKNOWN, settling.ask_provider, leftovers.create_blueprint),
    (MailState.DEAD, settling.send_again, leftovers.create_blueprint),
]
"""What a person may move from the list of what waits for one, and the forms through which he asks for it."""

OPEN: list[StrEnum] = [
    *OPEN_CALLBACKS,
    *(state for state in AttemptState if state not in CLOSED_ATTEMPTS),
    *AgentState,
    *(state for state in MailState if state not in {MailState.SENT, MailState.DEAD}),
    *LegKind,
]


SHORT = {"AttemptState": "A"}
"""What a module may call a vocabulary for short."""


def name_of(function: Function) -> Name:
    return function.__module__, function.__name__


def title(value: object) -> str:
    return str(getattr(value, "__name__", f"{type(value).__name__}.{getattr(value, 'name', '')}"))


@cache
def always_running() -> frozenset[Name]:
    """Return what the clock and the workers come to without being asked by anybody."""
    workers = [getattr(jobs, queue) for queue in ("dispatch", "dial", "mail", "upkeep")]
    return frozenset().union(*(below(name_of(function)) for function in (keeping_time.tick, *workers)))


def test_every_open_state_and_every_kind_of_leg_stands_in_one_of_the_two_tables() -> None:
    stated = [*(state for state, _ in BY_ITSELF), *(state for state, _, _ in BY_A_PERSON)]
    assert sorted(map(repr, stated)) == sorted(map(repr, OPEN))


@pytest.mark.parametrize(("state", "function"), BY_ITSELF, ids=title)
def test_what_moves_a_state_by_itself_is_run_by_the_clock_or_a_worker(state: StrEnum, function: Function) -> None:
    assert name_of(function) in always_running()
    named = looked_at(name_of(function), {type(state).__name__, *SHORT.get(type(state).__name__, ())})
    assert state.name in named, f"it never looks at {state}"


@pytest.mark.parametrize(("state", "moves", "command"), BY_A_PERSON, ids=title)
def test_what_a_person_moves_can_be_asked_for_by_a_command(state: StrEnum, moves: Function, command: Function) -> None:
    assert name_of(moves) in below(name_of(command)), state


@pytest.mark.parametrize(("state", "moves", "forms"), ON_A_PAGE, ids=title)
def test_what_waits_for_a_person_can_be_moved_by_a_form(state: StrEnum, moves: Function, forms: Function) -> None:
    assert name_of(moves) in below(name_of(forms)), state
    assert state.name in looked_at(name_of(moves), {type(state).__name__}), f"it never looks at {state}"
