"""Documents of the message after the tone, with values that take each branch both ways."""

from typing import Any

from callbacks import webhook_paths

MESSAGE: list[tuple[str, dict[str, Any]]] = [
    ("message", {"longest": 90}),
    *(
        ("on", {"sentences": [sentence], "path": webhook_paths.FAREWELL})
        for sentence in ("message_kept", "message_nothing", "message_enough")
    ),
]
