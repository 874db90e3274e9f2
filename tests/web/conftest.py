"""A desk on each database, and browsers that are signed in to it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from models.sessions import Database
from models.vocabulary import Role
from tests.web.desk import PASSWORD, Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    """An open desk with one supervisor, Els, and one agent, Ann."""
    desk = Desk(database)
    desk.open()
    return desk


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    """The desk with Els, a supervisor, and Ann, an agent."""
    desk.person("Els Wouters", Role.SUPERVISOR)
    desk.person("Ann De Smet", phone="+32470000001")
    return desk


@pytest.fixture
def anonymous(desk: Desk) -> FlaskClient:
    """A browser nobody has signed in with."""
    return desk.app().test_client()


SignIn = Callable[..., FlaskClient]


@pytest.fixture
def signed_in(desk: Desk) -> SignIn:
    """A function that returns a browser signed in as `els` or `ann`."""

    def sign_in(first_name: str) -> FlaskClient:
        browser = desk.app().test_client()
        page = browser.get("/sign-in").text
        answer = browser.post(
            "/sign-in",
            data={"email": f"{first_name}@accel.example", "password": PASSWORD, "csrf_token": token(page)},
        )
        assert answer.status_code == 303, answer.text
        return browser

    return sign_in


def token(page: str) -> str:
    """Return the form token in a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]
