"""Who is called first, and how many at once."""

from models.vocabulary import CallbackState
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.stories import asks_to_be_called, is_taken_up


def test_four_reasons_are_called_by_priority_whatever_their_order_of_arrival(desk: Desk) -> None:
    desk.at("2026-11-24 08:00:00")
    sofie = desk.agent()
    other = desk.customer("Regie", contact="R", agreement="time_and_materials")
    managed = desk.customer("Beheerd", contact="B", agreement="managed")
    outage = desk.customer("Stilstand", contact="S", agreement="hours_bundle")
    both = desk.customer("Rampspoed", contact="D", agreement="managed")
    for caller, key in ((other, "2"), (managed, "2"), (outage, "1"), (both, "1")):
        asks_to_be_called(caller, key)
    desk.nobody_is_rung()
    desk.at("2026-11-24 09:00:00")
    for company, caller in (("Rampspoed", both), ("Stilstand", outage), ("Beheerd", managed), ("Regie", other)):
        is_taken_up(sofie, company, caller)
    assert all(row.state is CallbackState.RESTING for row in desk.callbacks())


@on("postgresql")
def test_within_a_class_it_is_the_order_of_arrival_and_a_day_of_waiting_outweighs_a_managed_contract(
    desk: Desk,
) -> None:
    sofie = desk.agent()
    desk.goes_off_duty(sofie)
    first = desk.customer("Eerste", contact="E", agreement="time_and_materials")
    second = desk.customer("Tweede", contact="T", agreement="time_and_materials")
    managed = desk.customer("Beheerd", contact="B", agreement="managed")
    asks_to_be_called(first, "2")
    desk.passes(minutes=1)
    asks_to_be_called(second, "2")
    desk.at("2026-11-25 11:00:00")
    asks_to_be_called(managed, "2")
    desk.nobody_is_rung()
    desk.comes_on_duty(sofie)
    for company, caller in (("Eerste", first), ("Tweede", second), ("Beheerd", managed)):
        is_taken_up(sofie, company, caller)


def test_three_agents_talk_with_three_customers_at_once(desk: Desk) -> None:
    desk.at("2026-11-24 08:50:00")
    agents = [desk.agent(name) for name in ("Sofie Claes", "Bart Wouters", "Lien Maes")]
    customers = {n: desk.customer(f"Klant {n}", contact=f"C{n}") for n in "ABC"}
    for customer in customers.values():
        asks_to_be_called(customer)
    desk.at("2026-11-24 09:00:00")
    whispers = [agent.is_rung() for agent in agents]
    assert [whisper.now()["status"] for whisper in whispers] == ["ringing"] * 3
    talks = []
    for whisper in whispers:
        said = " ".join(whisper.answers().hears("Aannemen").words(whisper.now()))
        customer = next(customers.pop(n) for n in list(customers) if f"Klant {n}" in said)
        whisper.presses("1")
        talks.append(customer.is_rung().answers().is_joined_with(whisper))
    desk.passes(seconds=200)
    for talk, whisper in zip(talks, whispers, strict=True):
        talk.hangs_up()
        whisper.hears("afgelopen").presses("1").ends()
    for n in range(3):
        assert desk.ticket_is("closed", n).minutes_worked == 4
