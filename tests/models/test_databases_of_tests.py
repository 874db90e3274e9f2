"""Tests may share a database and leave cases out only where nobody can notice."""

from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, PendingRollbackError, ProgrammingError

from models.customer import Customer
from models.schema import METADATA
from models.sessions import Database
from models.vocabulary import Agreement, Language
from tests.breadth import once_a_language
from tests.databases import Postgres
from tests.emptied import Emptied


@pytest.fixture
def shared(postgres: Postgres) -> Iterator[Emptied]:
    emptied = Emptied(postgres)
    yield emptied
    emptied.close()
    postgres.drop(emptied.name)


@pytest.fixture
def database(shared: Emptied) -> Iterator[Database]:
    opened = Database(shared.url)
    yield opened
    opened.close()


def add(database: Database, name: str) -> int:
    with database.write() as session:
        customer = Customer(name=name, agreement=Agreement.MANAGED)
        session.add(customer)
        session.flush()
        return customer.id


def test_of_what_one_test_leaves_the_next_finds_nothing(shared: Emptied, database: Database) -> None:
    with database.read() as session:
        migrated = session.execute(text("SELECT * FROM alembic_version")).all()
    assert (add(database, "a"), add(database, "b")) == (1, 2)
    with database.write() as session:
        session.execute(text("DELETE FROM alembic_version"))
    database.close()
    shared.empty()
    with database.read() as session:
        assert [table.name for table in METADATA.sorted_tables if session.execute(select(table)).first()] == []
        assert session.execute(text("SELECT * FROM alembic_version")).all() == migrated
    assert add(database, "c") == 1


def test_a_transaction_that_was_left_open_is_ended_and_stops_nobody(shared: Emptied, database: Database) -> None:
    with suppress(PendingRollbackError), database.write() as session:
        session.add(Customer(name="a", agreement=Agreement.MANAGED))
        session.flush()
        shared.empty()
        with pytest.raises(OperationalError, match="terminat"):
            session.execute(select(Customer))
    assert add(database, "b") == 1


def test_the_tables_that_tests_share_cannot_be_changed(database: Database) -> None:
    with pytest.raises(ProgrammingError, match="own_database_url"), database.write() as session:
        session.execute(text("ALTER TABLE customer ADD COLUMN shoe_size integer"))


def case(room: str, database: str, **values: object) -> Any:
    spec = SimpleNamespace(params={"database_url": database, **values})
    name = "-".join([database, *map(str, values.values())])
    return SimpleNamespace(nodeid=f"tests/{room}/test_x.py::test_y[{name}]", callspec=spec)


def test_a_language_alone_makes_no_second_case_on_postgresql() -> None:
    dutch, french = (case("ivr", "postgresql", sofie=each, key="1") for each in (Language.NL, Language.FR))
    other_key = case("ivr", "postgresql", sofie=Language.FR, key="2")
    elsewhere = [case("workflows", "postgresql", language=each) for each in Language]
    on_sqlite = [case("ivr", "sqlite", sofie=each, key="1") for each in Language]
    assert once_a_language([dutch, french, other_key, *elsewhere, *on_sqlite]) == [french]
