"""The secret that signs forms and sessions, where nobody set one: made once, and kept in the home folder."""

import os
import secrets
from pathlib import Path

from callbacks.errors import RefusedInput

SHORTEST_SECRET = 8
"""Characters; shorter is a slip of the pen. A good one is longer: `openssl rand -base64 48`."""


def ensure_secret_key(home: Path) -> str:
    """Return the secret kept in `home`, made at the first call and readable by this user alone."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text(encoding="ascii").strip()
        if len(kept) < SHORTEST_SECRET:
            message = f"{path} holds no secret of {SHORTEST_SECRET} characters; delete it, and all sign in again."
            raise RefusedInput(message) from None
        return kept
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(f"{secret}\n")
    return secret
