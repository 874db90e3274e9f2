"""An agent with a PIN, in each language, and what she does with her telephone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.store import queue
from models.agent import Agent
from models.history import History
from models.sessions import Database
from models.vocabulary import (
    Language,
    Subject,
)
from tests.call_desk import CallDesk
from tests.ivr.by_telephone.words import WORDS

PIN, WRONG = "2580", "9999"
in_one_language = pytest.mark.parametrize("sofie", [Language.FR], indirect=True)
"""What is told there is no matter of words."""


@dataclass
class Sofie:
    """An agent with a PIN, and a telephone to dial the hotline with."""

    desk: CallDesk
    id: int
    language: str
    services: Any
    caller: Callable[..., Any]
    database: Database

    @property
    def words(self) -> dict[str, str]:
        return WORDS[self.language]

    @property
    def row(self) -> Agent:
        return self.desk.person(self.id)

    def dials_in(self) -> Any:
        return self.caller(str(self.row.phone)).dials_in()

    def proves(self) -> Any:
        """Dial in and key the PIN."""
        return self.dials_in().presses(PIN)

    def fails(self, times: int) -> Any:
        """Key wrong PINs, three a call."""
        call = self.dials_in()
        for n in range(times):
            if n and n % 3 == 0:
                call = self.dials_in()
            call.presses(WRONG)
        return call

    def can_be_rung(self) -> bool:
        with self.database.read() as session:
            return self.id in {agent.id for agent in queue.free_agents(session, self.desk.clock.at)}

    def change(self, **columns: Any) -> None:
        """Set columns of his row by hand."""
        self.desk.change(Agent, self.id, **columns)

    def talked(self) -> int:
        """Let him talk with a customer, and hang up without a word on how it went."""
        waiting = self.desk.waits()
        self.desk.ring()
        self.desk.talks()
        self.desk.hangs_up()
        return waiting

    def whys(self) -> list[str]:
        with self.database.read() as session:
            rows = select(History.why).where(History.subject == Subject.AGENT, History.subject_id == self.id)
            return list(session.scalars(rows.order_by(History.id)))
