"""How passwords and PINs are kept: argon2id with OWASP's recommended parameters (19 MiB, two passes, one lane).

The library's own default takes 64 MiB and four lanes a sign-in, which a web process of sixteen threads cannot spare
while the hotline answers. Hashes name their parameters, so older ones stay valid.
Source: OWASP Password Storage Cheat Sheet, Argon2id.
"""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from callbacks.errors import Rule, RuleRefused

SHORTEST, LONGEST = 12, 254
"""Characters of a password. Length is what guessing costs; no letter, digit or sign is asked for. What is longer would
not fit the field of the sign-in."""

SHORTEST_IN_FILE = 6
"""Of a password in agents.csv: files that were taken in before stay good."""

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hashed(password: str, shortest: int = SHORTEST) -> str:
    """Return the hash to keep of a new password. Raises RuleRefused where it is too short or too long.

    It takes tens of milliseconds: no transaction may be open meanwhile.
    """
    if len(password) < shortest:
        message = f"the password is shorter than {shortest} characters; a few words together are long enough"
        raise RuleRefused(Rule.TOO_SHORT, message, "password", least=shortest)
    if len(password) > LONGEST:
        message = f"the password is longer than {LONGEST} characters"
        raise RuleRefused(Rule.TOO_LONG, message, "password", most=LONGEST)
    return HASHER.hash(password)


def verified(stored: str | None, secret: str) -> bool:
    """Say whether the secret is the one that was hashed; None, for somebody who has none, costs the same time.

    It takes tens of milliseconds: no transaction may be open meanwhile.
    """
    try:
        HASHER.verify(stored or _nobodys_hash(), secret)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
