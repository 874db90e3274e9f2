"""Documents of the number to call, beside those in moments.py: the number on file, extensions, enough requests."""

from typing import Any

from callbacks import webhook_paths

Moment = tuple[str, dict[str, Any]]

TOKEN = "y" * 32
NUMBER: list[Moment] = [
    ("confirm_number", {"query": {"round": 1}, "number": "0 4 7 0, 1 2, 3 4, 5 6", "on_file": True}),
    ("read_back", {"query": {"round": 1, "turn": 1}, "number": "0 3, 4 6 0", "extension": "1 2 3"}),
    ("known_request", {"between": ""}),
    ("known_request", {"between": "deze namiddag, tussen kwart na twee en kwart voor drie"}),
]
EXTENSION: list[Moment] = [
    (
        "dial_customer",
        {
            "number": "+3233445566",
            "tones": "wwww123",
            "caller_id": "+3234603535",
            "ring_seconds": 20,
            "limit_seconds": 7200,
            "after": webhook_paths.after_talk(TOKEN),
            "whisper": webhook_paths.customer(TOKEN),
            "status": webhook_paths.customer_status(TOKEN),
        },
    ),
]
