"""Every document of ours, with values that take each of its branches both ways."""

from itertools import product
from typing import Any

from callbacks import webhook_paths
from callbacks.workflows.ringing_customer import Refusal
from ivr.number import REFUSED
from models.vocabulary import Agreement, CustomerOutcome, Language, Option, TalkOutcome
from tests.ivr.moments_again import AGAIN
from tests.ivr.moments_customer import CUSTOMER
from tests.ivr.moments_desk import DESK
from tests.ivr.moments_message import MESSAGE, PLAYED
from tests.ivr.moments_moment import MOMENT
from tests.ivr.moments_number import EXTENSION, NUMBER

Moment = tuple[str, dict[str, Any]]

TOKEN = "x" * 32
NOTICES = ("closed", "closed_lunch", "closed_unknown")
ASKING = {"query": {"round": 2, "turn": 1}, "number": "0 4 7 0, 1 2, 3 4, 5 6"}
OPENING = {"when": "morgen vanaf negen uur", "until": "één uur"}
MENU = {
    "service": "Accel",
    "announced": "",
    "announced_in": "",
    **OPENING,
    "tongues": ["fr", "en"],
    "query": {"round": 1},
    "outages_only": False,
}
CALLER: list[Moment] = [
    *(
        ("menu", {**MENU, "greet": greet, "notice": notice})
        for greet, notice in product((True, False), (None, *NOTICES))
    ),
    ("menu", {**MENU, "greet": True, "notice": None, "tongues": []}),
    ("menu", {**MENU, "greet": True, "notice": "closed", "announced": "Storing bij <Acme>.", "announced_in": "fr"}),
    ("menu", {**MENU, "greet": True, "notice": None, "outages_only": True}),
    ("on", {"sentences": ["intake_not_now"], "path": webhook_paths.BYE}),
    ("confirm_number", {**ASKING, "on_file": False}),
    ("read_back", {**ASKING, "extension": ""}),
    *(("ask_number", {**ASKING, "refused": refused}) for refused in (None, *sorted(set(REFUSED.values())))),
    ("on", {"sentences": ["goodbye"], "path": webhook_paths.BYE}),
    *(("apology", {"kept": kept}) for kept in (True, False)),
    ("apology_line", {}),
    ("hang_up", {}),
    *MOMENT,
]

WHISPER = {
    "action": webhook_paths.agent_key(TOKEN),
    "turn": 1,
    "number": "1 0 0 0 1",
    "contact": "An Peeters",
    "message": False,
}
LAST_WORDS = (
    *(f"agent_{word}" for word in ("declined", "no_key", "outcome_later", *Refusal)),
    *(f"agent_customer_{outcome}" for outcome in CustomerOutcome if outcome is not CustomerOutcome.BRIDGED),
    *(f"agent_outcome_{outcome}" for outcome in TalkOutcome if outcome is not TalkOutcome.UNSTATED),
)
BRIDGE: list[Moment] = [
    *(
        ("whisper_agent", {**WHISPER, "company": company, "agreement": agreement, "option": option, **tongue})
        for company, agreement, option, tongue in product(
            ("Bakkerij Peeters & zonen", ""),
            (None, *Agreement),
            Option,
            ({"speaks_it": speaks, "customer_language": tongue} for speaks in (True, False) for tongue in Language),
        )
    ),
    *(
        ("outcome", {"action": webhook_paths.outcome_key(TOKEN), "turn": 2, "sentence": sentence})
        for sentence in ("agent_outcome", "agent_now_outage", "agent_now_question")
    ),
    *(("agent_bye", {"key": key}) for key in LAST_WORDS),
    (
        "dial_customer",
        {
            "number": "+32470123456",
            "tones": "",
            "caller_id": "+3234603535",
            "ring_seconds": 20,
            "limit_seconds": 7200,
            "after": webhook_paths.after_talk(TOKEN),
            "whisper": webhook_paths.customer(TOKEN),
            "status": webhook_paths.customer_status(TOKEN),
        },
    ),
    ("whisper_customer", {"service": "Accel", "number": "1 0 0 0 1"}),
]
CALLER += AGAIN + DESK + MESSAGE + NUMBER + MOMENT
MOMENTS = CALLER + BRIDGE + PLAYED + EXTENSION + CUSTOMER
