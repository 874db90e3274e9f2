"""The migrated database is the one the models describe, on both databases."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine, text

from models import migrate
from models.schema import METADATA


def test_migrating_gives_exactly_the_tables_of_the_models(own_database_url: str) -> None:
    with create_engine(own_database_url, poolclass=NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_indexes_and_their_conditions_are_those_of_the_models(empty_database_url: str) -> None:
    # Alembic's comparison does not look at the condition of a partial index, so the databases' own words are compared.
    with create_engine(empty_database_url, poolclass=NullPool).begin() as connection:
        METADATA.create_all(connection)
        wanted = _indexes(connection)
        METADATA.drop_all(connection)
    migrate.upgrade(empty_database_url)
    with create_engine(empty_database_url, poolclass=NullPool).connect() as connection:
        assert _indexes(connection) == wanted
    assert sum("WHERE" in index for index in wanted) >= 8


def _indexes(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        question = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        question = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    return {row[0] for row in connection.execute(text(question)) if "alembic_version" not in row[0]}


def test_a_database_is_current_only_after_migrating(empty_database_url: str) -> None:
    assert not migrate.is_current(empty_database_url)
    migrate.upgrade(empty_database_url)
    assert migrate.is_current(empty_database_url)


def test_asking_whether_a_file_is_current_does_not_make_it(tmp_path: Path) -> None:
    assert not migrate.is_current(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_migrating_twice_keeps_what_is_in_it(own_database_url: str) -> None:
    engine = create_engine(own_database_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            METADATA.tables["switch"]
            .insert()
            .values(name="dialling", is_on=True, why="", at=datetime(2026, 10, 12, 9, tzinfo=UTC))
        )
    migrate.upgrade(own_database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM switch")) == 1


@pytest.mark.timeout(60)
def test_several_that_migrate_at_once_all_succeed(empty_database_url: str) -> None:
    troubles: list[Exception] = []
    ready = threading.Barrier(3)

    def migrate_now() -> None:
        ready.wait()
        try:
            migrate.upgrade(empty_database_url)
        except Exception as trouble:  # noqa: BLE001 - whatever went wrong fails the test
            troubles.append(trouble)

    threads = [threading.Thread(target=migrate_now) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert migrate.is_current(empty_database_url)


def test_the_last_step_can_be_taken_back_though_the_desk_was_written_to(own_database_url: str) -> None:
    engine = create_engine(own_database_url, poolclass=NullPool)
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    mail = {"kind": "alarm", "copy": 0, "recipient": "els@accel.test", "message_id": "m", "subject": "s"}
    mail |= {"body_text": "t", "body_html": "h", "state": "sent", "tries": 0, "written_at": at, "due_at": at}
    with engine.begin() as connection:
        connection.execute(METADATA.tables["outbox_mail"].insert().values(mail))
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
        assert connection.scalar(text("SELECT count(*) FROM outbox_mail")) == 0
    migrate.upgrade(own_database_url)
    assert migrate.is_current(own_database_url)
