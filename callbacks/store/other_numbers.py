"""The other number on file of somebody who is known by the one he rings from."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from callbacks.ports import HouseRules
from callbacks.store import callers
from models.customer import ContactNumber


def of_his_own(session: Session, rules: HouseRules, number: str | None, now: datetime) -> str | None:
    """Return the first other number that may be dialled and is this one person's alone; None where there is none.

    A number that several people share tells of none of them, neither the one he rings from nor the one he is rung on.
    """
    contact_id = callers.recognise(session, number).contact_id
    if contact_id is None:
        return None
    theirs = aliased(ContactNumber)
    is_shared = select(theirs.id).where(theirs.number == ContactNumber.number, theirs.contact_id != contact_id).exists()
    others = select(ContactNumber.number).where(
        ContactNumber.contact_id == contact_id,
        ContactNumber.number != number,
        ~is_shared,
    )
    found = session.scalars(others.order_by(ContactNumber.id))
    return next((each for each in found if callers.dialable(session, rules, each, now)), None)
