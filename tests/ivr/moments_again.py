"""The documents of a caller who rings again, with values that take each of their branches both ways."""

from itertools import product
from typing import Any

from callbacks import webhook_paths
from callbacks.workflows.recalling import Standing
from ivr.again import ENDINGS

STANDING = ("again_several", *(f"again_{standing}" for standing in Standing))
PROMPT: dict[str, Any] = {
    "service": "Accel",
    "until": "één uur",
    "when": "morgen vanaf negen uur",
    "count": "drie",
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
TOLD: tuple[dict[str, Any], ...] = (
    {"hang_up": True, "between": "", "opens": False, "same": False, "new": True},
    {"hang_up": False, "between": "vóór half tien", "opens": False, "same": True, "new": False},
    {"hang_up": False, "between": "", "opens": True, "same": False, "new": True},
    {"hang_up": False, "between": "", "opens": False, "same": True, "new": True, "tongues": []},
)
AGAIN: list[tuple[str, dict[str, Any]]] = [
    *(
        ("calls_again", {**PROMPT, **greeting, "standing": standing, **told})
        for (standing, told), greeting in product(zip(STANDING, TOLD, strict=True), ({}, GREETED))
    ),
    *(
        ("again_same", {"offered": offered, "query": {"round": 1}})
        for offered in (["same_add", "same_move", "same_cancel"], [])
    ),
    ("again_sure", {}),
    *(
        ("on", {"sentences": [sentence, *mail], "path": webhook_paths.BYE})
        for sentence, mail in product((*ENDINGS.values(), "again_unchanged"), (["mail_follows"], []))
    ),
    *(("on", {"sentences": [], "path": path}) for path in (webhook_paths.MESSAGE, webhook_paths.MOMENT)),
]
