"""The real parts, put together for one command and let go after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from callbacks import wiring
from callbacks.ports import Services
from models.sessions import Database


@contextmanager
def composed() -> Iterator[Services]:
    """Give what a command works with; the database's connections are closed at the end of the block."""
    services = wiring.build(wiring.settings())
    try:
        yield services
    finally:
        if isinstance(services.database, Database):
            services.database.close()
