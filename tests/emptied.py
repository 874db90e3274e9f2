"""One migrated PostgreSQL database a test process, which each test finds as if it had just been made.

A copy of a template costs a tenth of a second a test, emptying it a few milliseconds.
"""

import psycopg
from psycopg import sql

from models import migrate
from tests.databases import Postgres

TRUNCATED_EVERY = 40
"""Tests. Truncating takes a tenth of a second, deleting a few milliseconds, but what is deleted stays where it was.

Vacuuming is no way out: new rows would fill its holes, and whoever asks for no order would read them in a strange one.
"""

NUMBERS_FROM_THE_FIRST = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""

NO_OTHER_TABLES = """
CREATE FUNCTION public.the_tables_are_shared() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE 'the tables of this database are shared by many tests: one that changes them takes own_database_url';
END $$;
CREATE EVENT TRIGGER the_tables_are_shared ON ddl_command_start EXECUTE FUNCTION public.the_tables_are_shared();
"""


class Emptied:
    """A migrated database that is emptied between tests; its tables cannot be changed."""

    def __init__(self, cluster: Postgres) -> None:
        """Make and migrate it. What the migrations wrote is kept aside, to be put back."""
        self.name = cluster.create()
        self.url = cluster.url(self.name)
        migrate.upgrade(self.url)
        self._connection = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
        tables = self._column("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        used = [table for table in tables if self._run(f'SELECT FROM "{table}" LIMIT 1').rowcount]
        assert not self._column("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL")
        self._run("CREATE SCHEMA as_migrated")
        for table in used:
            self._run(f'CREATE TABLE as_migrated."{table}" AS TABLE public."{table}"')
        # Without the foreign keys' triggers the order is no matter.
        begin = "SET session_replication_role = replica"
        end = "".join(
            f'; INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE TABLE as_migrated."{table}"' for table in used
        )
        end += f"; {NUMBERS_FROM_THE_FIRST}"
        self._delete = begin + "".join(f'; DELETE FROM public."{table}"' for table in tables) + end
        self._truncate = f"{begin}; TRUNCATE {', '.join(tables)}{end}"
        self._run(NO_OTHER_TABLES)
        self._emptied = 0

    def empty(self) -> None:
        """Take away what a test left: its connections, its rows, the numbers it used up."""
        self._run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        self._emptied += 1
        self._run(self._delete if self._emptied % TRUNCATED_EVERY else self._truncate)

    def close(self) -> None:
        """Let go of it; the cluster ends with the test process."""
        self._connection.close()

    def _run(self, statements: str) -> psycopg.Cursor[tuple[object, ...]]:
        return self._connection.execute(sql.SQL(statements))

    def _column(self, query: str) -> list[str]:
        return [str(row[0]) for row in self._run(query).fetchall()]
