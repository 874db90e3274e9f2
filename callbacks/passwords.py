"""How passwords and PINs are kept: argon2id with OWASP's recommended parameters (19 MiB, two passes, one lane).

The library's own default takes 64 MiB and four lanes a sign-in, which a web process of sixteen threads cannot spare
while the hotline answers. Hashes name their parameters, so older ones stay valid.
Source: OWASP Password Storage Cheat Sheet, Argon2id.
"""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


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
