"""Documents of the message after the tone, with values that take each branch both ways."""

from typing import Any

from callbacks import webhook_paths

TOKEN = "x" * 32
SID = "RE" + "a" * 32
WHISPER: dict[str, Any] = {
    "action": webhook_paths.agent_key(TOKEN),
    "turn": 1,
    "number": "1 0 0 0 1",
    "company": "Bakkerij Peeters & zonen",
    "agreement": None,
    "option": 1,
    "customer_language": "nl",
    "speaks_it": True,
}
PLAYED: list[tuple[str, dict[str, Any]]] = [
    ("whisper_agent", {**WHISPER, "message": True}),
    *(
        ("whisper_message", {"action": webhook_paths.agent_key(TOKEN), "turn": 2, "sounds": sounds})
        for sounds in ([webhook_paths.agent_message(TOKEN, SID)] * 3, [])
    ),
]
"""What an agent hears of it."""

MESSAGE: list[tuple[str, dict[str, Any]]] = [
    ("message", {"longest": 90}),
    *(
        ("on", {"sentences": [sentence], "path": webhook_paths.FAREWELL})
        for sentence in ("message_kept", "message_nothing", "message_enough")
    ),
]
