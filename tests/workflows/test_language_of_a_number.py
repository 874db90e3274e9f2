"""In which language a number is spoken to when it rings."""

from collections.abc import Callable

from sqlalchemy import select, update

from callbacks.workflows import registering
from callbacks.workflows.registering import Line
from models.customer import Contact, ContactNumber
from models.vocabulary import Language
from tests.call_desk import CallDesk
from tests.stand_ins import add_contact

NUMBER = "+32470555555"
Rings = Callable[..., Line]


def test_an_unknown_number_is_spoken_to_in_the_language_of_its_last_call(desk: CallDesk, rings: Rings) -> None:
    assert rings().language is Language.NL
    for language in (Language.EN, Language.FR):
        desk.clock.move(minutes=1)
        line = rings()
        registering.speaks(desk.services, line, language, f"{line.call_sid}|menu|1|x")
    desk.clock.move(minutes=1)
    assert rings().language is Language.FR
    assert rings("+32470555552").language is Language.NL


def test_a_contacts_own_language_counts_more_than_his_last_call(desk: CallDesk, rings: Rings) -> None:
    with desk.services.database.write() as session:
        add_contact(session, phone=NUMBER, language=Language.EN)
    line = rings()
    assert line.language is Language.EN
    desk.clock.move(minutes=1)
    registering.speaks(desk.services, line, Language.FR, "event")
    with desk.services.database.write() as session:
        session.execute(update(Contact).values(language=Language.EN))  # as the desk corrects it
    assert rings().language is Language.EN


def test_a_contact_who_changes_the_language_is_spoken_to_in_it_from_then_on(desk: CallDesk, rings: Rings) -> None:
    with desk.services.database.write() as session:
        add_contact(session, phone=NUMBER, language=Language.NL)
    line = rings()
    registering.speaks(desk.services, line, Language.FR, "event")
    registering.speaks(desk.services, line, Language.EN, "another event")
    registering.speaks(desk.services, line, Language.FR, "event")
    with desk.services.database.read() as session:
        assert list(session.scalars(select(Contact.language))) == [Language.EN], "told again later, it does not go back"
    assert rings().language is Language.EN


def test_one_of_two_people_behind_a_switchboard_changes_the_language_of_neither(desk: CallDesk, rings: Rings) -> None:
    with desk.services.database.write() as session:
        an = add_contact(session, phone=NUMBER)
        bo = Contact(customer_id=an.customer_id, name="Bo", language=Language.NL)
        session.add(bo)
        session.flush()
        session.add(ContactNumber(contact_id=bo.id, number=NUMBER))
    line = rings()
    assert registering.speaks(desk.services, line, Language.FR, "event").language is Language.FR
    with desk.services.database.read() as session:
        assert list(session.scalars(select(Contact.language))) == [Language.NL, Language.NL]
