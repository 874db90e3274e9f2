"""What a customer who picks up hears, in every branch."""

from typing import Any

from callbacks import webhook_paths

TOKEN = "x" * 32
WHO = {"service": "Accel", "number": "1 0 0 0 1"}
ASKED = {**WHO, "action": webhook_paths.customer_key(TOKEN), "turn": 2}
MACHINE = {**WHO, "hotline": "0 3, 4 6 0, 3 5, 3 5"}
CUSTOMER: list[tuple[str, dict[str, Any]]] = [
    *(("ask_customer", {**ASKED, "required": required}) for required in (True, False)),
    ("join_customer", {}),
    *(("voicemail", {**MACHINE, "when": when}) for when in ("morgen vanaf negen uur", "")),
]
