"""Whose telephone is whose, in all stories."""

AGENTS = {"Bart": "+32470000001", "Els": "+32470000002"}
CUSTOMERS = {"An": "+32470111111", "Karim": "+32470222222"}
OTHER_PHONE = "+32470333333"
HOTLINE = "+3234603535"
ABROAD = "+12125550123"
PREMIUM = "+3290212345"
ORDINARY = frozenset({*CUSTOMERS.values(), OTHER_PHONE})
"""The only numbers that may ever be dialled for a customer here."""

_NAMES = {
    **{phone: name for name, phone in (AGENTS | CUSTOMERS).items()},
    OTHER_PHONE: "the other phone",
    ABROAD: "somebody abroad",
}


def whose(phone: str) -> str:
    """Return whose telephone it is."""
    return _NAMES.get(phone, phone)
