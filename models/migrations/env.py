"""What Alembic runs: all steps on one connection, in one transaction.

`models.migrate` hands over a connection on which it already holds the lock; `alembic -x url=…` opens its own, for
writing a new step.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine

from models.base import Number, UtcDateTime, Word
from models.schema import METADATA


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic hands over any schema item
    """Write our types as plain ones: a step must mean the same when the vocabulary has changed."""
    if kind != "type":
        return False
    if isinstance(item, Word):
        return "sa.String(length=32)"
    if isinstance(item, Number):
        return "sa.SmallInteger()"
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Apply what is asked on this connection; batch mode, since SQLite cannot alter a column in place."""
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, render_item=render_item)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).begin() as own:
        run(own)
else:
    run(given)
