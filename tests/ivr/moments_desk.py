"""What an agent hears who dials the hotline, with values that take each branch both ways."""

from itertools import product
from typing import Any

from callbacks import webhook_paths
from ivr.agent_leg import OUTCOMES
from models.vocabulary import AgentState, Agreement, Language, Option, TalkOutcome

QUERY = {"query": {"round": 1, "turn": 2}}
KEYS = ("leaves", "on", "off", "pause", "owes", "dossier")
SAID = (None, "desk_nothing_owed", *(f"agent_outcome_{outcome}" for outcome in OUTCOMES.values()))
BRIEF = {"number": "1 0 0 0 1", "company": "Bakkerij Peeters & zonen", "contact": "An Peeters", **QUERY}
WAS = {"subject": "Kassa <stuk>", "day": "maandag"}
NOTHING = {"subject": "", "day": "", "outcome": None}
DESK: list[tuple[str, dict[str, Any]]] = [
    *(("desk_pin", {"wrong": wrong, **QUERY}) for wrong in (True, False)),
    *(
        ("desk_menu", {"said": said, "state": state, **dict.fromkeys(KEYS, value), **QUERY})
        for said, state, value in product(SAID, AgentState, (True, False))
    ),
    ("desk_outcome", {"ticket": "1 0 0 0 1", **QUERY}),
    *(
        (
            "desk_dossier",
            {
                **BRIEF,
                "agreement": agreement,
                "option": option,
                "customer_language": tongue,
                "others": others,
                "promise": "deze namiddag, tussen twee uur en half drie",
                "message": True,
                **WAS,
                "outcome": outcome,
            },
        )
        for agreement, option, tongue, others, outcome in product(
            (None, *Agreement), Option, Language, (0, 1, 7), (None, *TalkOutcome)
        )
    ),
    (
        "desk_dossier",
        {
            **BRIEF,
            "company": "",
            "contact": "",
            "agreement": None,
            "option": Option.QUESTION,
            "customer_language": Language.NL,
            "others": 0,
            "promise": "",
            "message": False,
            **NOTHING,
        },
    ),
    *(
        ("on", {"sentences": [key], "path": webhook_paths.BYE})
        for key in ("desk_locked", "desk_unproven", "desk_goodbye")
    ),
]
