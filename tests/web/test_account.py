"""One's own account: password, browsers, and the language of the pages."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.vocabulary import Role
from tests.web.conftest import SignIn, token
from tests.web.desk import PASSWORD, Desk
from tests.web.test_schedule import text_of
from web.sign_in_limit import MOST_FAILURES

NEW = "boterbloem-en-distel"


def send(browser: FlaskClient, deed: str, /, **fields: str) -> TestResponse:
    return browser.post(f"/account/{deed}", data={**fields, "csrf_token": token(browser.get("/account").text)})


def change(browser: FlaskClient, current: str = PASSWORD, password: str = NEW, again: str = NEW) -> TestResponse:
    return send(browser, "password", current=current, password=password, again=again)


def signs_in(desk: Desk, password: str) -> bool:
    browser = desk.app().test_client()
    form = {"email": "ann@accel.example", "password": password, "csrf_token": token(browser.get("/sign-in").text)}
    return browser.post("/sign-in", data=form).status_code == 303


@pytest.mark.usefixtures("staffed")
def test_the_name_on_top_of_every_page_leads_to_the_account(signed_in: SignIn) -> None:
    for who, page in (("ann", "/desk"), ("els", "/schedule")):
        assert '<a class="name" href="/account">' in signed_in(who).get(page).text
    account = signed_in("ann").get("/account").text
    assert "ann@accel.example · Agent" in account
    assert 'aria-current="page">Ann De Smet' in account


def test_a_new_password_counts_at_once_and_this_browser_alone_stays_signed_in(staffed: Desk, signed_in: SignIn) -> None:
    here, there = signed_in("ann"), signed_in("ann")
    answer = change(here)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Uw wachtwoord is gewijzigd." in here.get("/account").text
    assert there.get("/account").status_code == 303
    assert signs_in(staffed, NEW)
    assert not signs_in(staffed, PASSWORD)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"current": "geraden-misschien"}, "current", "Dit is niet uw huidige wachtwoord."),
        ({"password": "kort", "again": "kort"}, "password", "Dat is korter dan 12 tekens."),
        ({"password": "x" * 300, "again": "x" * 300}, "password", "Dat is langer dan 254 tekens."),
        ({"again": "iets anders dan dat"}, "again", "Dit is niet twee keer hetzelfde."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_no_password_is_sent_back(
    staffed: Desk, signed_in: SignIn, typed: dict[str, str], field: str, words: str
) -> None:
    ann = signed_in("ann")
    answer = change(ann, **typed)
    assert answer.status_code == 422
    assert f'<p id="{field}-problem" class="problem" role="alert">{words}' in answer.text
    for secret in (PASSWORD, NEW, *typed.values()):
        assert len(secret) < 5 or secret not in answer.text
    assert ann.get("/account").status_code == 200
    assert signs_in(staffed, PASSWORD)


def test_guessing_the_current_password_has_to_wait_as_a_sign_in_does(staffed: Desk, signed_in: SignIn) -> None:
    ann = signed_in("ann")
    for _ in range(MOST_FAILURES):
        assert change(ann, current="geraden-misschien").status_code == 422
    answer = change(ann)
    assert answer.status_code == 429
    assert "Probeer opnieuw over 10 min." in answer.text
    # In another process, which counts for itself.
    assert signs_in(Desk(staffed.database), PASSWORD)


@pytest.mark.usefixtures("staffed")
def test_a_new_password_typed_twice_in_two_ways_is_no_guess(signed_in: SignIn) -> None:
    ann = signed_in("ann")
    for _ in range(MOST_FAILURES):
        change(ann, again="iets anders dan dat")
    assert change(ann).status_code == 303


@pytest.mark.usefixtures("staffed")
def test_another_browser_is_signed_out_and_this_one_is_marked(signed_in: SignIn) -> None:
    here, there = signed_in("ann"), signed_in("ann")
    page = here.get("/account").text
    assert text_of(page, "browsers").count("aangemeld sinds 10:40") == 2
    assert text_of(page, "browsers").count("deze browser") == 1
    handle = page.split('name="browser" value="')[1].split('"')[0]
    assert send(here, "sign-out", browser=handle).status_code == 303
    assert there.get("/account").status_code == 303
    assert "Die browser is afgemeld." in here.get("/account").text


@pytest.mark.usefixtures("staffed")
def test_nobody_signs_out_a_browser_of_somebody_else(signed_in: SignIn) -> None:
    ann, els = signed_in("ann"), signed_in("els")
    here = signed_in("els")
    handle = here.get("/account").text.split('name="browser" value="')[1].split('"')[0]
    send(ann, "sign-out", browser=handle)
    assert [browser.get("/account").status_code for browser in (els, here, ann)] == [200, 200, 200]


@pytest.mark.usefixtures("staffed")
def test_signing_out_everywhere_ends_this_browser_too(signed_in: SignIn) -> None:
    here, there, els = signed_in("ann"), signed_in("ann"), signed_in("els")
    answer = send(here, "sign-out-everywhere")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert "U bent overal afgemeld." in here.get("/sign-in").text
    assert [browser.get("/account").status_code for browser in (here, there, els)] == [303, 303, 200]


def test_the_language_of_the_pages_is_chosen_in_this_browser_and_speech_stays(staffed: Desk, signed_in: SignIn) -> None:
    ann, other = signed_in("ann"), signed_in("ann")
    assert send(ann, "language", language="fr").status_code == 303
    page = ann.get("/account").text
    assert '<html lang="fr"' in page
    assert "Les pages sont maintenant en français." in page
    assert '<html lang="nl"' in other.get("/account").text
    assert send(ann, "language", language="de").status_code == 400
    ann.set_cookie("language", "de")
    assert '<html lang="nl"' in ann.get("/account").text
    staffed.person("Odile Renard", Role.SUPERVISOR, languages="fr,nl")
    assert '<html lang="fr"' in signed_in("odile").get("/account").text
