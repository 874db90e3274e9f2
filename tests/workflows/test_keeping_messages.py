"""What callers said is fetched once, played from our folder, and deleted after its time and not before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from callbacks.errors import PhoneRefused, PhoneUncertain
from callbacks.workflows import keeping_messages
from callbacks.workflows.keeping_messages import DELETED_AT_ONCE, MOST_TRIES
from models.callback import Callback
from models.ticket import VoiceMessage
from tests.call_desk import CallDesk
from tests.recordings_stand_in import KeptRecordings

SID = "RE" + "a" * 32
SOUND = b"RIFF....WAVE"
MONTH = timedelta(days=30)


@pytest.fixture
def folder(desk: CallDesk) -> KeptRecordings:
    """The recordings folder of the desk."""
    folder = KeptRecordings()
    desk.services = replace(desk.services, recordings=folder)
    return folder


Leave = Callable[..., str]


@pytest.fixture
def leave(desk: CallDesk, folder: KeptRecordings) -> Leave:
    """A function by which a customer leaves a message, whose sound the provider has ready."""
    del folder
    callback_id = desk.waits()

    def leave(recording_sid: str = SID, *, ready: bool = True) -> str:
        with desk.services.database.write() as session:
            ticket_id = session.get_one(Callback, callback_id).ticket_id
            left = {"ticket_id": ticket_id, "call_sid": "CA" + "1" * 32, "seconds": 9, "left_at": desk.clock.now()}
            session.add(VoiceMessage(recording_sid=recording_sid, **left))
        if ready:
            desk.phone.sounds[recording_sid] = SOUND
        return recording_sid

    return leave


def row(desk: CallDesk, recording_sid: str = SID) -> VoiceMessage:
    with desk.services.database.read() as session:
        found = session.get_one(VoiceMessage, recording_sid)
        session.expunge(found)
        return found


def sweep(desk: CallDesk) -> tuple[int, int]:
    done = keeping_messages.sweep(desk.services)
    return done["messages_stored"], done["messages_deleted"]


def test_a_message_is_fetched_once_by_its_name(desk: CallDesk, folder: KeptRecordings, leave: Leave) -> None:
    leave()
    assert sweep(desk) == (1, 0)
    assert folder.sounds == {SID: SOUND}
    assert row(desk).stored_at == desk.clock.now()
    assert sweep(desk) == (0, 0)
    assert desk.phone.sounds_asked == [SID]
    assert keeping_messages.sound(desk.services, SID) == SOUND
    assert desk.phone.sounds_asked == [SID]


def test_one_that_is_not_ready_yet_is_asked_for_again_at_ever_longer_intervals(
    desk: CallDesk, folder: KeptRecordings, leave: Leave
) -> None:
    leave(ready=False)
    for _ in range(3):
        assert sweep(desk) == (0, 0)
    assert len(desk.phone.sounds_asked) == 1
    desk.clock.move(seconds=5)
    sweep(desk)
    sweep(desk)
    assert len(desk.phone.sounds_asked) == 2
    desk.clock.move(seconds=9)
    sweep(desk)
    assert len(desk.phone.sounds_asked) == 2
    desk.phone.sounds[SID] = SOUND
    desk.clock.move(seconds=1)
    assert sweep(desk) == (1, 0)
    assert folder.sounds == {SID: SOUND}


def test_after_enough_tries_nobody_asks_any_more_and_it_is_fetched_when_it_is_played(
    desk: CallDesk, folder: KeptRecordings, leave: Leave
) -> None:
    leave(ready=False)
    for _ in range(MOST_TRIES + 5):
        desk.clock.move(hours=13)
        sweep(desk)
    assert len(desk.phone.sounds_asked) == MOST_TRIES
    assert row(desk).stored_at is None
    desk.phone.sounds[SID] = SOUND
    assert keeping_messages.sound(desk.services, SID) == SOUND
    assert folder.sounds == {}


def test_a_clock_set_back_delays_nothing(desk: CallDesk, leave: Leave) -> None:
    leave()
    desk.clock.move(hours=-5)
    assert sweep(desk) == (1, 0)


def test_one_message_that_cannot_be_had_keeps_no_other_waiting(desk: CallDesk, leave: Leave) -> None:
    leave("RE" + "0" * 32, ready=False)
    leave()
    assert sweep(desk) == (1, 0)
    assert row(desk).stored_at is not None


def test_a_full_disk_loses_nothing(desk: CallDesk, folder: KeptRecordings, leave: Leave) -> None:
    leave()
    folder.trouble = OSError(28, "No space left on device")
    assert sweep(desk) == (0, 0)
    assert (row(desk).stored_at, row(desk).tries) == (None, 1)
    folder.trouble = None
    desk.clock.move(seconds=5)
    assert sweep(desk) == (1, 0)


def test_nothing_is_deleted_before_its_time(desk: CallDesk, folder: KeptRecordings, leave: Leave) -> None:
    leave()
    sweep(desk)
    desk.phone.recordings_age = MONTH
    desk.clock.move(days=29, hours=23)
    assert sweep(desk) == (0, 0)
    assert (folder.sounds, desk.phone.deleted) == ({SID: SOUND}, [])


def test_after_its_time_it_is_deleted_here_and_at_the_provider_and_nobody_can_play_it(
    desk: CallDesk, folder: KeptRecordings, leave: Leave
) -> None:
    leave()
    sweep(desk)
    desk.phone.recordings_age = MONTH
    desk.clock.move(days=30)
    assert sweep(desk) == (0, 1)
    assert (folder.sounds, desk.phone.deleted) == ({}, [SID])
    assert row(desk).gone_at == desk.clock.now()
    desk.phone.sounds[SID] = SOUND
    assert keeping_messages.sound(desk.services, SID) is None
    assert sweep(desk) == (0, 0)


def test_the_house_says_how_long_a_message_is_kept(desk: CallDesk, leave: Leave) -> None:
    desk.rules(message_days=7)
    leave()
    sweep(desk)
    desk.phone.recordings_age = timedelta(days=7)
    desk.clock.move(days=7)
    assert sweep(desk) == (0, 1)


def test_a_wall_clock_set_forward_by_a_year_deletes_nothing(
    desk: CallDesk, folder: KeptRecordings, leave: Leave
) -> None:
    for n in range(12):
        leave(f"RE{n:032x}")
    sweep(desk)
    desk.clock.at += timedelta(days=365)
    for _ in range(20):
        assert sweep(desk) == (0, 0)
    assert len(folder.sounds) == 12
    assert desk.phone.deleted == []


def test_a_sweep_asks_about_a_few_and_each_gets_its_turn(desk: CallDesk, leave: Leave) -> None:
    every = [leave(f"RE{n:032x}") for n in range(DELETED_AT_ONCE + 3)]
    sweep(desk)
    desk.clock.move(days=31)
    sweep(desk)
    desk.phone.recordings_age = MONTH
    assert sweep(desk) == (0, DELETED_AT_ONCE)
    # Those that were not asked about the first time.
    assert set(every[-3:]) <= set(desk.phone.deleted)


@pytest.mark.parametrize("trouble", [PhoneUncertain("HTTP 500"), PhoneRefused("HTTP 401", 20003)])
def test_where_the_provider_does_not_delete_ours_stays_too(
    desk: CallDesk, folder: KeptRecordings, leave: Leave, trouble: PhoneUncertain | PhoneRefused
) -> None:
    leave()
    sweep(desk)
    desk.clock.move(days=31)
    desk.phone.recordings_age, desk.phone.trouble = MONTH, trouble
    assert sweep(desk) == (0, 0)
    assert folder.sounds == {SID: SOUND}
    assert row(desk).gone_at is None


def test_what_was_never_left_is_never_fetched(desk: CallDesk, folder: KeptRecordings) -> None:
    folder.sounds["RE" + "f" * 32] = SOUND
    assert keeping_messages.sound(desk.services, "RE" + "f" * 32) is None
    assert keeping_messages.sound(desk.services, "../../etc/passwd") is None
    assert desk.phone.sounds_asked == []
