"""The documents of a caller who rings again, with values that take each of their branches both ways."""

from itertools import product
from typing import Any

from callbacks import webhook_paths
from callbacks.workflows.recalling import Phase
from ivr.again import ENDINGS

PROMPT: dict[str, Any] = {
    "service": "Accel",
    "until": "één uur",
    "when": "morgen vanaf negen uur",
    "count": "drie",
    "between": "vóór half tien",
    "greet": False,
    "notice": None,
    "announced": "",
    "announced_in": "",
    "tongues": ["fr", "en"],
    "query": {"round": 2, "turn": 1},
}
GREETED = {
    "greet": True,
    "notice": "closed",
    "announced": "Er is een storing bij een leverancier.",
    "announced_in": "nl",
}
SENTENCES = [
    "again_several",
    *(f"again_{phase}" for phase in Phase),
    *("again_hang_up", "again_between", "calls_back_now", "calls_back_from"),
    *("again_same", "again_one_of_them", "again_new"),
]
AGAIN: list[tuple[str, dict[str, Any]]] = [
    ("calls_again", {**PROMPT, "sentences": []}),
    ("calls_again", {**PROMPT, **GREETED, "sentences": SENTENCES}),
    ("calls_again", {**PROMPT, **GREETED, "sentences": SENTENCES, "tongues": []}),
    *(
        ("again_same", {"offered": offered, "query": {"round": 1}})
        for offered in (["same_add", "same_move", "same_cancel"], ["same_add_first"], [])
    ),
    ("again_sure", {}),
    *(
        ("on", {"sentences": [sentence, *mail], "path": webhook_paths.BYE})
        for sentence, mail in product((*ENDINGS.values(), "again_unchanged"), (["mail_follows"], []))
    ),
    *(("on", {"sentences": [], "path": path}) for path in (webhook_paths.MESSAGE, webhook_paths.MOMENT)),
]
