"""A CSV file is taken in whole or not at all; twice the same file changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from callbacks.ports import Services
from callbacks.workflows.csv_rows import FileRefused
from callbacks.workflows.importing import Imported, import_agents, import_customers
from callbacks.workflows.signing_in import sign_in
from models.agent import Agent
from models.customer import Contact, ContactNumber, Customer
from models.history import History
from models.sessions import Database
from models.vocabulary import AgentState, Agreement, Language
from tests.set_clock import SetClock
from tests.stand_ins import RecordingBell, services_with

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
CUSTOMERS = """company,agreement,contact,phone,email,language
Bakkerij Peeters,managed,An Peeters,0470 11 11 11;03 460 11 11,an@peeters.test,nl
Bakkerij Peeters,managed,Tom Peeters,03 460 11 11,,fr
"Van Damme, NV",time_and_materials,Els Van Damme,+32 471 22 22 22,els@vandamme.test,
"""
AGENTS = """name,phone,email,role,languages,password
Bart,0470 00 00 01,bart@accel.test,agent,nl;fr,welkombijons1
Sofie,,Sofie@accel.test,supervisor,nl,welkombijons2
"""
File = Callable[[str], Path]


@pytest.fixture
def services(database: Database) -> Services:
    return services_with(database, SetClock(NOW))


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


@pytest.fixture
def customers_csv(tmp_path: Path) -> File:
    return partial(written, tmp_path / "customers.csv")


@pytest.fixture
def agents_csv(tmp_path: Path) -> File:
    return partial(written, tmp_path / "agents.csv")


def test_customers_come_in_with_every_number_normalised(services: Services, customers_csv: File) -> None:
    assert import_customers(services, customers_csv(CUSTOMERS)) == Imported(rows=3, added=3, changed=0)
    with services.database.read() as session:
        assert {each.name: each.agreement for each in session.scalars(select(Customer))} == {
            "Bakkerij Peeters": Agreement.MANAGED,
            "Van Damme, NV": Agreement.TIME_AND_MATERIALS,
        }
        numbers = session.execute(select(Contact.name, ContactNumber.number).join(ContactNumber)).all()
        assert sorted(tuple(row) for row in numbers) == [
            ("An Peeters", "+3234601111"),
            ("An Peeters", "+32470111111"),
            ("Els Van Damme", "+32471222222"),
            ("Tom Peeters", "+3234601111"),
        ]
        tom = session.scalars(select(Contact).where(Contact.name == "Tom Peeters")).one()
        assert (tom.email, tom.language) == (None, Language.FR)
        assert session.scalars(select(Contact.language).where(Contact.name == "Els Van Damme")).one() is Language.NL


def test_the_same_customers_twice_change_nothing_and_ring_no_bell(services: Services, customers_csv: File) -> None:
    path = customers_csv(CUSTOMERS)
    import_customers(services, path)
    assert isinstance(services.bell, RecordingBell)
    assert services.bell.rung == ["dispatch"]
    assert import_customers(services, path) == Imported(rows=3, added=0, changed=0)
    assert services.bell.rung == ["dispatch"]


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble(services: Services, customers_csv: File) -> None:
    assert import_customers(services, customers_csv("\ufeff" + CUSTOMERS.replace("\n", "\r\n"))).added == 3


def test_changed_customers_are_brought_up_to_date(services: Services, customers_csv: File) -> None:
    import_customers(services, customers_csv(CUSTOMERS))
    changed = CUSTOMERS.replace("0470 11 11 11;03 460 11 11", "0470 11 11 12").replace("els@", "e@")
    assert import_customers(services, customers_csv(changed)) == Imported(rows=3, added=0, changed=2)
    with services.database.read() as session:
        an = select(ContactNumber.number).join(Contact).where(Contact.name == "An Peeters")
        assert session.scalars(an).all() == ["+32470111112"]


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        (",managed,An", ",gold,An", "line 2: agreement must be managed or hours_bundle or time_and_materials"),
        (",managed,Tom", ",hours_bundle,Tom", "line 3: Bakkerij Peeters has agreement managed on line 2"),
        ("Tom Peeters", "An Peeters", "line 3: An Peeters of Bakkerij Peeters is on line 2 already"),
        ("0470 11 11 11", "12", "line 2: phone: This is not a number that exists"),
        ("0470 11 11 11", "0900 12 345", "line 2: phone: This number costs extra"),
        ("0470 11 11 11", "112", "line 2: phone: This is an emergency number"),
        ("0470 11 11 11", "03 460 35 35", "line 2: phone: This is our own number"),
        ("+32 471 22 22 22", "+1 212 555 0123", "line 4: phone: "),
        ("+32 471 22 22 22", "", "line 4: phone is empty"),
        (",fr", ",de", "line 3: language must be nl or fr or en"),
        ("els@vandamme.test", "els", "line 4: email is no address"),
        ("els@vandamme.test", "els@vandamme.test\x00", "line 4: "),
        ("Els Van Damme", "", "line 4: contact is empty"),
        ("Els Van Damme", "Els,Van Damme", "line 4: 7 columns instead of 6"),
        ("Els Van Damme", '"Els\nVan Damme"', "line 4: a cell holds a line break"),
        ('"Van Damme, NV"', '"Van Damme" NV', "line 4: "),
        ("company,", "firm,", "line 1: the header must be company,agreement,contact,phone,email,language"),
    ],
)
def test_one_bad_row_refuses_the_whole_file_with_line_and_reason(
    services: Services,
    customers_csv: File,
    old: str,
    new: str,
    mistake: str,
) -> None:
    assert old in CUSTOMERS
    with pytest.raises(FileRefused) as refused:
        import_customers(services, customers_csv(CUSTOMERS.replace(old, new, 1)))
    assert refused.value.mistakes[0].startswith(f"customers.csv, {mistake}")
    with services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 0


def test_every_mistake_of_a_file_is_told_at_once(services: Services, customers_csv: File) -> None:
    bad = CUSTOMERS.replace("0470 11 11 11", "12").replace(",fr", ",de").replace("els@vandamme.test", "els")
    with pytest.raises(FileRefused) as refused:
        import_customers(services, customers_csv(bad))
    assert [sentence.split(":")[0] for sentence in refused.value.mistakes] == [
        f"customers.csv, line {n}" for n in (2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("raw", "mistake"),
    [
        (b"", "line 1: the header must be"),
        (CUSTOMERS.replace(",", ";").encode(), "line 1: the header must be .*, separated by commas"),
        (CUSTOMERS.splitlines()[0].encode(), "line 2: there is no row below the header"),
        (CUSTOMERS.replace("An P", "Ané P").encode("latin-1"), "line 2: not UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused(services: Services, tmp_path: Path, raw: bytes, mistake: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(raw)
    with pytest.raises(FileRefused, match=mistake):
        import_customers(services, path)


def test_a_file_that_is_not_there_is_one_sentence(services: Services, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"none\.csv: No such file"):
        import_customers(services, tmp_path / "none.csv")


def test_agents_start_on_duty_and_supervisors_do_not_and_both_can_sign_in(services: Services, agents_csv: File) -> None:
    assert import_agents(services, agents_csv(AGENTS)) == Imported(rows=2, added=2, changed=0)
    with services.database.read() as session:
        people = {agent.name: agent for agent in session.scalars(select(Agent))}
        assert (people["Bart"].state, people["Bart"].phone, people["Bart"].languages) == (
            AgentState.FREE,
            "+32470000001",
            "nl,fr",
        )
        assert (people["Sofie"].state, people["Sofie"].phone) == (AgentState.OFF_DUTY, None)
        assert session.scalar(select(func.count()).select_from(History)) == 2
    assert sign_in(services, "sofie@accel.test", "welkombijons2")


def test_the_same_agents_twice_change_nothing_not_even_their_hashes(services: Services, agents_csv: File) -> None:
    path = agents_csv(AGENTS)
    import_agents(services, path)
    with services.database.read() as session:
        before = session.scalars(select(Agent.password_hash).order_by(Agent.id)).all()
    assert import_agents(services, path) == Imported(rows=2, added=0, changed=0)
    with services.database.read() as session:
        assert session.scalars(select(Agent.password_hash).order_by(Agent.id)).all() == before
        assert session.scalar(select(func.count()).select_from(History)) == 2


def test_a_new_password_works_and_signs_out_and_an_empty_one_leaves_the_old(
    services: Services, agents_csv: File
) -> None:
    import_agents(services, agents_csv(AGENTS))
    assert import_agents(services, agents_csv(AGENTS.replace("welkombijons1", ""))) == Imported(
        rows=2, added=0, changed=0
    )
    assert sign_in(services, "bart@accel.test", "welkombijons1")
    assert import_agents(services, agents_csv(AGENTS.replace("welkombijons1", "anders-dan-toen"))).changed == 1
    assert not sign_in(services, "bart@accel.test", "welkombijons1")
    assert sign_in(services, "bart@accel.test", "anders-dan-toen")


def test_two_agents_may_swap_telephones(services: Services, agents_csv: File) -> None:
    two = AGENTS + "Karim,0470 00 00 02,karim@accel.test,agent,nl,welkombijons3\n"
    import_agents(services, agents_csv(two))
    swapped = two.replace("00 00 01", "00 00 xx").replace("00 00 02", "00 00 01").replace("00 00 xx", "00 00 02")
    assert import_agents(services, agents_csv(swapped)).changed == 2
    with services.database.read() as session:
        assert session.scalars(select(Agent.phone).order_by(Agent.name)).all() == ["+32470000002", "+32470000001", None]


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        (",agent,", ",boss,", "line 2: role must be agent or supervisor"),
        ("0470 00 00 01", "", "line 2: phone is empty; only a supervisor can do without"),
        ("0470 00 00 01", "0471 22 22 22", "line 2: this is the number of a customer"),
        ("0470 00 00 01", "03 460 35 35", "line 2: phone: This is our own number"),
        ("Sofie,,", "Sofie,+32470000001,", "line 3: the same phone is on line 2 already"),
        ("Sofie@", "BART@", "line 3: the same email is on line 2 already"),
        ("Sofie,", "Bart,", "line 3: the same name is on line 2 already"),
        ("welkombijons1", "", "line 2: Bart is new and needs a password"),
        ("welkombijons1", "kort", "line 2: the password is shorter than 6"),
        ("bart@accel.test", "", "line 2: email is no address"),
        ("nl;fr", "nl;de", "line 2: languages must be of nl, fr, en"),
    ],
)
def test_one_bad_agent_refuses_the_whole_file(
    services: Services,
    customers_csv: File,
    agents_csv: File,
    old: str,
    new: str,
    mistake: str,
) -> None:
    import_customers(services, customers_csv(CUSTOMERS))
    assert old in AGENTS
    with pytest.raises(FileRefused) as refused:
        import_agents(services, agents_csv(AGENTS.replace(old, new, 1)))
    assert refused.value.mistakes[0].startswith(f"agents.csv, {mistake}")
    with services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Agent)) == 0


def test_a_customer_with_an_agents_number_is_refused(services: Services, customers_csv: File, agents_csv: File) -> None:
    import_agents(services, agents_csv(AGENTS))
    with pytest.raises(FileRefused, match="line 2: phone: This is the number of an agent"):
        import_customers(services, customers_csv(CUSTOMERS.replace("0470 11 11 11", "0470 00 00 01")))
