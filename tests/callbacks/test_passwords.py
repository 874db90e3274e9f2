"""What a password costs in earnest; all other tests hash in the cheapest way there is."""

import subprocess
import sys

HASHES = "from callbacks.passwords import HASHER, hashed; print(hashed('a few words together'), HASHER.hash('123456'))"


def test_passwords_and_pins_are_hashed_as_owasp_recommends() -> None:
    words = subprocess.run([sys.executable, "-c", HASHES], capture_output=True, check=True, text=True).stdout.split()
    assert [word.rpartition("$")[0].rpartition("$")[0] for word in words] == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2
