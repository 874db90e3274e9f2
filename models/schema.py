"""All tables in one place, for migrations and for tests that hold them against the migrated database."""

from models import (
    agent,
    alarm,
    announcement,
    calendar,
    callback,
    customer,
    history,
    incident,
    number_guard,
    outbox,
    ticket,
    upkeep,
    wall_link,
)
from models.base import Base

METADATA = Base.metadata
TABLES = (
    agent,
    alarm,
    announcement,
    calendar,
    callback,
    customer,
    history,
    incident,
    number_guard,
    outbox,
    ticket,
    upkeep,
    wall_link,
)
