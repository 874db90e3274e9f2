"""A Tuesday morning with everything a schedule can show."""

from datetime import timedelta

from callbacks.workflows import promising
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    Agreement,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Option,
    Role,
    TalkOutcome,
)
from tests.web.desk import Desk


def busy_tuesday(desk: Desk) -> None:
    """Put a busy morning on the desk: twelve waiting, three running, some done, one for a person to decide."""
    desk.open()
    desk.person("Els Wouters", Role.SUPERVISOR, AgentState.OFF_DUTY)
    ann, bram, cem, dora, emma = (
        desk.person("Ann De Smet", state=AgentState.ON_CALL, phone="+32486000001"),
        desk.person("Bram Claes", state=AgentState.ON_CALL, phone="+32486000002"),
        desk.person("Cem Yilmaz", state=AgentState.RESERVED, languages="nl,en", phone="+32486000003"),
        desk.person("Dora Lambert", state=AgentState.FREE, languages="fr,nl", phone="+32486000004"),
        desk.person("Emma Goossens", state=AgentState.BREAK, languages="nl", phone="+32486000005"),
    )
    desk.person("Farid Benali", state=AgentState.PAUSED, languages="fr,nl,en", phone="+32486000006")
    known = [
        desk.customer(name, agreement, contact, f"+3247{n}123456")
        for n, (name, agreement, contact) in enumerate(
            (
                ("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters"),
                ("Garage Vandamme & Zonen", Agreement.HOURS_BUNDLE, "Koen Vandamme"),
                ("Notariaat Leclercq", Agreement.MANAGED, "Sophie Leclercq"),
                ("Tandartspraktijk De Kies", Agreement.TIME_AND_MATERIALS, "Pieter Maes"),
                ("Bouwwerken Hendrickx", Agreement.TIME_AND_MATERIALS, "Jan Hendrickx"),
                ("Drukkerij Sint-Joris", Agreement.MANAGED, "Greet Aerts"),
                ("Apotheek Centrum", Agreement.HOURS_BUNDLE, "Nadia El Amrani"),
                ("Transport Willems International Logistics", Agreement.MANAGED, "Dirk Willems"),
            ),
        )
    ]
    number = iter(f"+32470{n}{n}" for n in range(111, 999, 7))
    late = desk.clock.now() - timedelta(minutes=25), desk.clock.now() - timedelta(minutes=5)
    for who, minutes, option in (
        (0, 4, Option.OUTAGE), (1, 55, Option.OUTAGE), (2, 70, Option.QUESTION), (3, 66, Option.QUESTION),
        (4, 61, Option.QUESTION), (5, 12, Option.OUTAGE), (6, 48, Option.QUESTION), (None, 39, Option.QUESTION),
        (None, 22, Option.OUTAGE), (3, 18, Option.QUESTION), (7, 9, Option.QUESTION), (1, 2, Option.QUESTION),
    ):  # fmt: skip
        desk.promise(None if who is None else known[who], next(number), minutes, option)
    tried = desk.promise(known[6], next(number), 1100, tries=1, promise_from=late[0], promise_to=late[1])
    desk.attempt(
        tried, dora, 75, AttemptState.ENDED, agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.BUSY,
    )  # fmt: skip
    for who, agent, began, state, since in (
        (5, ann, 9, AttemptState.BRIDGED, 7.5),
        (7, bram, 2, AttemptState.CUSTOMER_RINGING, 0.2),
        (2, cem, 0.4, AttemptState.AGENT_RINGING, 0.1),
    ):
        moving = CallbackState.PREPARING if state is AttemptState.AGENT_RINGING else CallbackState.ACTIVE
        row = desk.promise(known[who], next(number), began + 20, Option.OUTAGE, moving)
        desk.attempt(row, agent, began, state, since)
    for who, agent, minutes, seconds, outcome in (
        (0, ann, 98, 425, TalkOutcome.SOLVED),
        (3, bram, 91, 1260, TalkOutcome.VISIT),
        (4, dora, 52, 95, TalkOutcome.SOLVED),
        (1, ann, 40, 610, TalkOutcome.UNSTATED),
    ):
        row = desk.promise(
            known[who], next(number), minutes + 30,
            state=CallbackState.DONE, outcome=outcome, closed_at=desk.clock.now(),
        )  # fmt: skip
        desk.attempt(
            row, agent, minutes, AttemptState.ENDED, talk_seconds=seconds,
            agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.BRIDGED,
        )  # fmt: skip
    resting = desk.promise(
        known[4], next(number), 80,
        state=CallbackState.RESTING, tries=1, not_before=desk.clock.now() + timedelta(minutes=14),
    )  # fmt: skip
    desk.attempt(
        resting, emma, 16, AttemptState.ENDED,
        agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.NO_ANSWER,
    )  # fmt: skip
    desk.promise(None, None, 33, state=CallbackState.NEEDS_HUMAN, why="no number that may be dialled")
    desk.promise(known[6], next(number), 0.3, state=CallbackState.HELD)
    promising.review(desk.services())
    desk.missed(64, "+3234871122")
    desk.missed(21, "+32470123456")
