"""What a caller says after the tone is what the agent hears before he takes the call."""

from urllib.parse import urlsplit

from sqlalchemy import select

from models.ticket import VoiceMessage
from models.vocabulary import CallbackState
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.phones import Line, Person
from tests.journeys.watching import until


def is_at_the_tone(caller: Person) -> Line:
    """Let a Dutch caller choose, confirm his number, and ask to add something."""
    line = caller.dials_in().presses("1").hears("Klopt dat").presses("1").hears("Iets toevoegen").presses("2")
    return line.hears("Spreek uw bericht in")


def speaks(desk: Desk, line: Line, words: str, seconds: float) -> Line:
    desk.stack.telephones.speaks(line.sid, words, seconds=seconds)
    return line


def messages(desk: Desk) -> list[VoiceMessage]:
    with desk.stack.database.read() as session:
        found = list(session.scalars(select(VoiceMessage).order_by(VoiceMessage.left_at)))
        session.expunge_all()
    return found


def stored(desk: Desk) -> VoiceMessage:
    def is_stored() -> list[VoiceMessage]:
        return [each for each in messages(desk) if each.stored_at is not None]

    return until("the sound lies in our folder", is_stored)[0]


def fetched(desk: Desk) -> list[dict[str, object]]:
    """Return what the network fetched in order to play it."""
    return [entry for entry in desk.entries() if entry["kind"] == "media"]


def heard_by(desk: Desk, agent: Line, message: VoiceMessage) -> None:
    agent.hears("Bericht: 4").presses("4").hears(message.recording_sid).hears("Aannemen")
    [sound] = fetched(desk)
    assert (sound["status"], sound["content_type"]) == (200, "audio/wav")
    assert urlsplit(str(sound["url"])).netloc == urlsplit(desk.stack.env["PUBLIC_BASE_URL"]).netloc


@on("sqlite")
def test_a_message_is_kept_and_the_agent_hears_it_before_he_takes_the_call(desk: Desk) -> None:
    peeters = desk.customer()
    line = speaks(desk, is_at_the_tone(peeters), "De kassa start niet meer op", 12).presses("#")
    line.hears("uw bericht is bewaard").hears("Tot ziens").ends()
    message = stored(desk)
    assert message.seconds == 12
    sound = desk.stack.folder / "recordings" / f"{message.recording_sid}.wav"
    assert sound.read_bytes().startswith(b"RIFF")
    sofie = desk.agent()
    whisper = sofie.is_rung().answers()
    heard_by(desk, whisper, message)
    whisper.presses("1")
    talk = peeters.is_rung().answers()
    talk.is_joined_with(whisper)
    desk.passes(seconds=95)
    talk.hangs_up()
    whisper.hears("Hoe is het afgelopen").presses("1").hears("gesloten").ends()


@on("postgresql")
def test_who_hangs_up_in_the_middle_of_his_message_is_heard_and_called(desk: Desk) -> None:
    peeters = desk.customer()
    desk.goes_wrong("record-action", "lose")
    speaks(desk, is_at_the_tone(peeters), "De server ligt plat en", 4).hangs_up()
    message = stored(desk)
    desk.works_again()
    assert message.seconds == 4
    desk.callback_is(CallbackState.WAITING)
    sofie = desk.agent()
    whisper = sofie.is_rung().answers()
    heard_by(desk, whisper, message)
    whisper.presses("2").hears("een collega neemt over").ends()


@on("sqlite")
def test_after_thirty_days_a_message_is_gone_everywhere_and_key_4_is_not_offered(desk: Desk) -> None:
    peeters = desk.customer()
    line = speaks(desk, is_at_the_tone(peeters), "De kassa", 3).presses("#").hears("bewaard").hears("Tot ziens")
    line.ends()
    sid = stored(desk).recording_sid
    desk.passes(days=31)
    until("the message is deleted", lambda: [each for each in messages(desk) if each.gone_at is not None])
    assert not (desk.stack.folder / "recordings" / f"{sid}.wav").exists()
    deleted = [entry for entry in desk.entries() if entry["kind"] == "rest" and entry["method"] == "DELETE"]
    assert [str(entry["path"]).rpartition("/")[2] for entry in deleted] == [f"{sid}.json"]


@on("postgresql")
def test_silence_after_the_tone_is_no_message_and_the_call_goes_on(desk: Desk) -> None:
    peeters = desk.customer()
    line = is_at_the_tone(peeters).stays_silent().hears("We hebben niets gehoord").hears("Tot ziens")
    line.ends()
    assert messages(desk) == []
    sofie = desk.agent()
    sofie.is_rung().answers().hears("Aannemen").never_heard("Bericht").presses("2").hears("collega").ends()
