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
    "tongues": ["fr", "en"],
    "query": {"round": 2, "turn": 1},
}
AGAIN: list[tuple[str, dict[str, Any]]] = [
    *(
        (
            "calls_again",
            {**PROMPT, "greet": greet, "notice": notice, "standing": standing, "same": same, "new": not same, **told},
        )
        for (greet, notice), standing, same, told in product(
            ((True, "closed"), (False, None)),
            STANDING,
            (True, False),
            (
                {"hang_up": True, "between": "", "opens": False},
                {"hang_up": False, "between": "vóór half tien", "opens": False},
                {"hang_up": False, "between": "", "opens": True},
                {"hang_up": False, "between": "", "opens": False},
            ),
        )
    ),
    (
        "calls_again",
        {
            **PROMPT,
            "tongues": [],
            "greet": False,
            "notice": None,
            "standing": "again_open",
            "same": True,
            "new": True,
            "hang_up": False,
            "between": "",
            "opens": False,
        },
    ),
    *(
        ("again_same", {"offered": offered, "query": {"round": 1}})
        for offered in (["same_add", "same_move", "same_cancel"], [])
    ),
    ("again_sure", {}),
    *(
        ("again_bye", {"sentence": sentence, "mail": mail})
        for sentence, mail in product((*ENDINGS.values(), "again_unchanged"), (True, False))
    ),
    *(("go_on", {"path": path}) for path in (webhook_paths.MESSAGE, webhook_paths.MOMENT)),
]
