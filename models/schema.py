"""All tables in one place, for migrations and for tests that hold them against the migrated database."""

from models import agent, announcement, calendar, callback, customer, history, number_guard, outbox, ticket, upkeep
from models.base import Base

METADATA = Base.metadata
TABLES = (agent, announcement, calendar, callback, customer, history, number_guard, outbox, ticket, upkeep)
