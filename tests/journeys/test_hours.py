"""No telephone rings outside the desk's hours, to the second; who called meanwhile is called when it opens."""

from models.vocabulary import CallbackState, CustomerOutcome
from tests.journeys.desk import Desk
from tests.journeys.kinds import in_turn, on
from tests.journeys.stories import asks_to_be_called, talk_and_solve


@on("postgresql")
def test_ten_seconds_before_the_margin_an_agent_is_rung_and_the_talk_outlasts_closing_time(desk: Desk) -> None:
    desk.at("2026-11-23 11:50:00")
    peeters, sofie = desk.customer(), desk.agent()
    desk.goes_off_duty(sofie)
    asks_to_be_called(peeters)
    desk.at("2026-11-23 11:57:50").comes_on_duty(sofie)
    whisper = sofie.is_rung().answers().hears("Bakkerij Peeters").presses("1")
    talk = peeters.is_rung().answers().is_joined_with(whisper)
    desk.at("2026-11-23 12:04:00")
    assert talk.now()["bridged"]
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    assert desk.ticket_is("closed").minutes_worked in {6, 7}


@in_turn("moment", margin=("11:58:01",), last_second=("11:59:59",), noon=("12:00:00",), before_one=("12:59:50",))
def test_at_the_end_of_the_morning_nobody_is_rung_before_one_o_clock(desk: Desk, moment: str) -> None:
    desk.at(f"2026-11-23 {moment}")
    peeters, sofie = desk.customer(), desk.agent()
    call = peeters.dials_in().hears("Welkom").presses("1").hears("Klopt dat").presses("1").hears("geregistreerd")
    call.never_heard("zodra een medewerker vrij is").hears("We bellen u").stays_silent().ends()
    desk.nobody_is_rung()
    for later in ("12:00:00", "12:30:00", "12:59:50"):
        if later > moment:
            desk.at(f"2026-11-23 {later}").nobody_is_rung()
    desk.at("2026-11-23 13:00:00")
    talk_and_solve(desk, sofie, peeters)


@on("sqlite")
def test_at_five_the_day_is_over_and_the_call_back_waits_for_nine(desk: Desk) -> None:
    desk.at("2026-11-23 17:00:00")
    peeters, sofie = desk.customer(), desk.agent()
    peeters.dials_in().hears("We zijn nu gesloten en bellen u morgen vanaf negen uur").presses("1").hears(
        "Klopt dat"
    ).presses("1").hears("We bellen u morgen terug, tussen negen uur en half tien").stays_silent().ends()
    desk.nobody_is_rung()
    desk.at("2026-11-24 08:59:50").nobody_is_rung()
    desk.at("2026-11-24 09:00:00")
    talk_and_solve(desk, sofie, peeters)


@in_turn(
    "called, closed_at, opens",
    weekend=(
        "2026-11-27 18:30:00",
        ("2026-11-28 10:00:00", "2026-11-29 10:00:00", "2026-11-30 08:59:50"),
        "2026-11-30",
    ),
    armistice=("2026-11-11 10:00:00", ("2026-11-11 13:30:00", "2026-11-12 08:59:50"), "2026-11-12"),
    clocks_go_back=(
        "2026-10-23 18:30:00",
        ("2026-10-25 02:30:00", "2026-10-26 08:00:00", "2026-10-26 08:59:50"),
        "2026-10-26",
    ),
    clocks_go_forward_and_easter=(
        "2027-03-26 18:30:00",
        ("2027-03-28 03:30:00", "2027-03-29 10:00:00", "2027-03-30 08:59:50"),
        "2027-03-30",
    ),
)
def test_over_a_weekend_a_holiday_and_a_clock_change_the_next_opening_is_the_right_one(
    desk: Desk, called: str, closed_at: tuple[str, ...], opens: str
) -> None:
    desk.at(called)
    peeters, sofie = desk.customer(), desk.agent()
    call = peeters.dials_in().hears("We zijn nu gesloten").presses("1").hears("Klopt dat").presses("1")
    call.hears("geregistreerd").stays_silent().ends()
    for moment in closed_at:
        desk.at(moment).nobody_is_rung()
    desk.at(f"{opens} 09:00:00")
    talk_and_solve(desk, sofie, peeters)


def test_an_agent_who_accepts_after_closing_time_hears_so_and_the_customer_is_left_alone(desk: Desk) -> None:
    desk.at("2026-11-23 11:57:00")
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen")
    desk.service_is_at("2026-11-23 12:00:01")
    whisper.presses("1").hears("Het is sluitingstijd").ends()
    assert desk.callback_is(CallbackState.WAITING).attempts[0].customer_outcome is CustomerOutcome.NOT_DIALLED
    desk.at("2026-11-23 12:00:10").nobody_is_rung()
    desk.at("2026-11-23 13:00:00")
    talk_and_solve(desk, sofie, peeters)


@on("postgresql")
def test_a_closure_entered_by_a_supervisor_keeps_all_telephones_still(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    desk.is_closed("2026-11-24 10:30", "2026-11-24 15:00")
    desk.at("2026-11-24 10:29:00")
    asks_to_be_called(peeters)
    desk.nobody_is_rung()
    desk.at("2026-11-24 10:31:00")
    maes = desk.customer("Drukkerij Maes", contact="Jef Maes")
    call = maes.dials_in().presses("2").hears("Klopt dat").presses("1").hears("tussen drie uur en kwart voor vier")
    call.stays_silent().ends()
    desk.nobody_is_rung()
    desk.at("2026-11-24 14:59:50").nobody_is_rung()
    desk.at("2026-11-24 15:00:00")
    talk_and_solve(desk, sofie, peeters)
    talk_and_solve(desk, sofie, maes)


@on("sqlite")
def test_the_kill_switch_stops_new_calls_and_the_customer_of_an_agent_already_rung(desk: Desk) -> None:
    peeters, maes, sofie = desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes"), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen")
    desk.stack.command("dialling", "off", "--why", "de lijnen worden verlegd")
    whisper.presses("1").hears("het bellen staat op pauze").ends()
    asks_to_be_called(maes)
    desk.nobody_is_rung()
    desk.passes(minutes=10).nobody_is_rung()
    desk.stack.command("dialling", "on", "--why", "klaar")
    desk.passes(seconds=1)
    talk_and_solve(desk, sofie, peeters)
    talk_and_solve(desk, sofie, maes)
