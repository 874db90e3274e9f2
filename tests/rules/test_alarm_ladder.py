"""Who is told of an alarm, and when."""

import pytest

from callbacks.rules.alarm_ladder import PROOF_SECONDS, Patience, Step, step
from models.vocabulary import AlarmKind

PATIENCE = Patience(supervisors=120, mail=600)
SEEN = [kind for kind in AlarmKind if kind is not AlarmKind.OUTAGE_CLOSED]


@pytest.mark.parametrize("kind", AlarmKind)
def test_nobody_hears_of_what_has_not_lasted(kind: AlarmKind) -> None:
    assert step(kind, 0, PATIENCE) is step(kind, PROOF_SECONDS - 0.001, PATIENCE) is Step.SUSPECTED


@pytest.mark.parametrize("kind", SEEN)
def test_the_agents_come_first_then_the_supervisors_then_the_mail(kind: AlarmKind) -> None:
    at = {lasted: step(kind, PROOF_SECONDS + lasted, PATIENCE) for lasted in (0, 119.9, 120, 599.9, 600, 1e9)}
    assert list(at.values()) == [Step.AGENTS] * 2 + [Step.SUPERVISORS] * 2 + [Step.MAIL] * 2


def test_an_outage_at_night_is_mailed_as_soon_as_it_is_sure() -> None:
    assert step(AlarmKind.OUTAGE_CLOSED, PROOF_SECONDS, PATIENCE) is Step.MAIL


def test_no_mail_goes_before_the_supervisors_see_it_on_their_page() -> None:
    hasty = Patience(supervisors=300, mail=0)
    assert step(AlarmKind.PROMISE_PAST, PROOF_SECONDS + 299, hasty) is Step.AGENTS
    assert step(AlarmKind.PROMISE_PAST, PROOF_SECONDS + 300, hasty) is Step.MAIL
