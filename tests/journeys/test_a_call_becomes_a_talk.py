"""A customer calls the hotline, and is called back: the whole way, for whoever calls."""

from models.vocabulary import CallbackState
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.stories import are_joined, asks_to_be_called, talk_and_solve


def test_an_outage_inside_hours_is_called_back_at_once_and_timed(desk: Desk) -> None:
    peeters, sofie = desk.customer("Bakkerij Peeters"), desk.agent("Sofie Claes")
    call = peeters.dials_in().hears("Welkom bij de Service Desk").hears("storing").presses("1")
    call.hears("Klopt dat").presses("1").hears("geregistreerd: ticket")
    call.hears("We bellen u deze voormiddag terug, tussen tien uur en half elf").hears(
        "Een mail volgt"
    ).stays_silent().ends()
    whisper = sofie.is_rung().answers().hears("Bakkerij Peeters").hears("Managed").hears("Dringende storing")
    whisper.hears("Aannemen").presses("1")
    talk = peeters.is_rung()
    assert talk.now()["from_"] == "+3234603535"
    talk.answers().hears("Dag, met de Service Desk").is_joined_with(whisper)
    desk.passes(seconds=247)
    talk.hangs_up()
    whisper.hears("Hoe is het afgelopen").presses("1").hears("het ticket is gesloten").ends()
    ticket = desk.ticket_is("closed")
    assert (ticket.option, ticket.company, ticket.contact) == (1, "Bakkerij Peeters", "An Peeters")
    assert ticket.minutes_worked == 5
    assert desk.callback_is(CallbackState.DONE).attempts[0].talk_seconds in range(247, 260)
    assert str(ticket.number) in desk.mail_about("geregistreerd")["Subject"]
    assert "5 minuten" in desk.mail_text("afgesloten")
    desk.agent_is(sofie, "free")


@on("postgresql")
def test_a_question_is_called_back_too_and_counts_the_minutes_begun(desk: Desk) -> None:
    maes, bart = desk.customer("Drukkerij Maes", agreement="hours_bundle"), desk.agent("Bart Wouters")
    call = maes.dials_in().hears("Welkom").presses("2").hears("Klopt dat").presses("1").hears("ticket")
    call.stays_silent().ends()
    whisper = bart.is_rung().answers().hears("Drukkerij Maes").hears("Urenbundel").hears("Een vraag").presses("1")
    talk = maes.is_rung().answers().is_joined_with(whisper)
    desk.passes(seconds=61)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    ticket = desk.ticket_is("closed")
    assert (ticket.option, ticket.minutes_worked) == (2, 2)
    assert "2 minuten" in desk.mail_text("afgesloten")


@on("sqlite")
def test_a_caller_from_brussels_is_spoken_to_called_back_and_mailed_in_french(desk: Desk) -> None:
    dubois = desk.customer("Imprimerie Dubois", contact="Claire Dubois", agreement="time_and_materials", language="fr")
    bart, sofie = desk.agent("Bart Wouters", languages="nl;en"), desk.agent("Sofie Claes", languages="nl;fr")
    call = dubois.dials_in().hears("bonjour", language="fr").hears("panne", language="fr").presses("2")
    call.hears("C'est bien ça", language="fr").presses("1").hears("Demande enregistrée").hears("Un e-mail suit")
    call.stays_silent().ends()
    whisper = sofie.is_rung().answers().hears("Imprimerie Dubois").never_heard("spreekt").presses("1")
    talk = dubois.is_rung().answers().hears("Bonjour, ici le service desk", language="fr").is_joined_with(whisper)
    desk.passes(seconds=30)
    talk.hangs_up()
    whisper.hears("afgelopen", language="nl").presses("1").ends()
    assert desk.mail_about("Votre appel est enregistré")["To"] == "klant1@klant.example"
    desk.mail_about("clôturé")
    assert desk.state_of(bart).state == "free"


@on("postgresql")
def test_where_nobody_speaks_french_the_agent_is_told_before_he_accepts(desk: Desk) -> None:
    dubois, bart = desk.customer("Imprimerie Dubois", language="fr"), desk.agent("Bart Wouters", languages="nl;en")
    dubois.dials_in().presses("2").hears("C'est bien ça").presses("1").hears("enregistrée").stays_silent().ends()
    whisper = bart.is_rung().answers().hears("De klant spreekt Frans", language="nl").presses("1")
    talk = dubois.is_rung().answers().hears("Bonjour").is_joined_with(whisper)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    desk.ticket_is("closed")


@on("sqlite")
def test_an_english_contact_may_go_on_in_dutch_by_a_key(desk: Desk) -> None:
    baker, sofie = desk.customer("Harbour Freight", contact="Tom Baker", language="en"), desk.agent()
    call = baker.dials_in().hears("Welcome", language="en").hears("Voor Nederlands, druk 7", language="nl").presses("7")
    call.hears("Ligt uw bedrijf stil", language="nl").presses("1").hears("Klopt dat").presses("1").hears("ticket")
    call.stays_silent().ends()
    desk.mail_about("Uw oproep is geregistreerd")
    talk_and_solve(desk, sofie, baker)


@on("sqlite")
def test_a_stranger_is_called_back_but_promised_no_mail(desk: Desk) -> None:
    stranger, sofie = desk.stranger(), desk.agent()
    call = stranger.dials_in().hears("Welkom").presses("1").hears("Klopt dat").presses("1").hears("We bellen u")
    call.never_heard("mail").stays_silent().ends()
    whisper = sofie.is_rung().answers().hears("Een onbekende beller").presses("1")
    talk = stranger.is_rung().answers().is_joined_with(whisper)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    ticket = desk.ticket_is("closed")
    assert ticket.company is None
    assert desk.stack.post_office.mails == []


@on("sqlite")
def test_a_caller_who_withholds_his_number_keys_it_in_and_hears_it_back(desk: Desk) -> None:
    stranger, sofie = desk.stranger(), desk.agent()
    typed = "0" + stranger.number.removeprefix("+32")
    call = stranger.dials_in(withheld=True).presses("2").hears("Op welk nummer").presses(f"{typed}#")
    call.hears("U toetste").presses("1").hears("geregistreerd").stays_silent().ends()
    assert desk.callback().number == stranger.number
    talk_and_solve(desk, sofie, stranger)


@on("postgresql")
def test_another_number_than_the_callers_own_is_rung_once_confirmed(desk: Desk) -> None:
    peeters, colleague, sofie = desk.customer(), desk.stranger("een collega"), desk.agent()
    call = peeters.dials_in().presses("1").hears("Klopt dat").presses("2").hears("Op welk nummer")
    call.presses("090012345#").hears("Betaalnummers bellen we niet terug")
    call.presses("0" + colleague.number.removeprefix("+32") + "#").hears("U toetste").presses("1").hears("ticket")
    call.stays_silent().ends()
    whisper = sofie.is_rung().answers().hears("Bakkerij Peeters").presses("1")
    talk = colleague.is_rung().answers().is_joined_with(whisper)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    desk.ticket_is("closed")


def test_two_problems_behind_one_number_are_called_one_after_the_other(desk: Desk) -> None:
    desk.at("2026-11-24 08:30:00")
    switchboard, sofie, bart = desk.customer(), desk.agent("Sofie Claes"), desk.agent("Bart Wouters")
    asks_to_be_called(switchboard, "1")
    colleague = switchboard.dials_in().hears("loopt al een oproep").presses("2").hears("Andere vragen").presses("2")
    colleague.hears("Klopt dat").presses("1").hears("geregistreerd: ticket").stays_silent().ends()
    desk.at("2026-11-24 09:00:00")
    first = desk.rung_first((sofie, bart))
    whisper, talk = are_joined(first, switchboard)
    desk.nobody_is_rung()
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    talk_and_solve(desk, desk.rung_first((sofie, bart)), switchboard)
    assert [row.state for row in desk.callbacks()] == [CallbackState.DONE] * 2
