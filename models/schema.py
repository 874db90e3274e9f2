"""All tables in one place, for migrations and for tests that hold them against the migrated database."""

from models import agent, calendar, callback, customer, history, outbox, ticket, upkeep
from models.base import Base

METADATA = Base.metadata
TABLES = (agent, calendar, callback, customer, history, outbox, ticket, upkeep)
