"""The documents of the farewell and of choosing another moment, with values that take each branch both ways."""

from itertools import product
from typing import Any

from callbacks import webhook_paths
from callbacks.rules.overload import Busy

PROMISE = {"day": "deze namiddag", "start": "kwart na twee", "end": "kwart voor drie", "when": "morgen vanaf negen uur"}
SAID = {"ticket": "1 0 0 0 1", **PROMISE}
WHEN = ("no_number_yet", "calls_back_between", "calls_back_now", "calls_back_from", "calls_back_later")
LINES = [
    ("moment_on", {"day": "morgen", "start": "negen uur", "end": "half tien", "n": "1"}),
    ("moment_same_day", {"day": "morgen", "start": "half tien", "end": "tien uur", "n": "2"}),
]

MOMENT: list[tuple[str, dict[str, Any]]] = [
    *(
        ("anything_else", {**SAID, "sentences": ["registered", when, *mail, *offers], "query": {"round": 1}})
        for when, mail, offers in product(
            WHEN, ([], ["mail_follows"]), (["offer_message"], ["offer_moment"], ["offer_message", "offer_moment"])
        )
    ),
    *(
        ("on", {**SAID, "sentences": ["registered", f"busy_{busy}", way], "path": webhook_paths.BYE})
        for busy, way in product(Busy, ("busy_mail", "busy_call"))
    ),
    ("anything_else", {"sentences": ["anything_else"], "query": {"round": 3}}),
    ("anything_else", {"sentences": [], "query": {"round": 3}}),
    *(("on", {**SAID, "sentences": ["registered", when], "path": webhook_paths.BYE}) for when in WHEN),
    *(
        ("on", {**SAID, "sentences": [why, when], "path": webhook_paths.BYE})
        for why, when in product(("moment_none", "moment_stays", "moment_gone"), WHEN)
    ),
    ("on", {**PROMISE, "sentences": ["moment_booked"], "path": webhook_paths.BYE}),
    ("on", {"sentences": ["farewell_bye"], "path": webhook_paths.BYE}),
    ("on", {"sentences": [], "path": webhook_paths.MESSAGE}),
    *(
        ("moments", {"before": before, "lines": lines, "query": {"round": 1, "slots": "29889660"}})
        for before, lines in product(("", "moment_gone", "moment_no_later"), (LINES, []))
    ),
]
