"""How passwords are kept: argon2id with OWASP's recommended parameters (19 MiB, two passes, one lane).

The library's own default takes 64 MiB and four lanes a sign-in, which a web process of sixteen threads cannot spare
while the hotline answers. Hashes name their parameters, so older ones stay valid.
Source: OWASP Password Storage Cheat Sheet, Argon2id.
"""

from argon2 import PasswordHasher

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
