"""What was played is kept for a while, and never more than a demo can hold."""

from __future__ import annotations

from simulator.sounds import KEPT, LARGEST, Sound, Sounds


def test_the_oldest_sounds_give_way_and_one_that_is_played_again_stays() -> None:
    sounds = Sounds()
    names = [sounds.keep(Sound("audio/wav", bytes([n]))) for n in range(KEPT)]
    assert sounds.keep(Sound("audio/wav", bytes([0]))) == names[0]
    sounds.keep(Sound("audio/wav", b"another"))
    assert sounds.find(names[0]) is not None
    assert sounds.find(names[1]) is None


def test_a_sound_too_large_to_be_kept_has_no_name() -> None:
    assert Sounds().keep(Sound("audio/wav", bytes(LARGEST + 1))) == ""
