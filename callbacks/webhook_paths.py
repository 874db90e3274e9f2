"""The paths the telephone provider requests, in one place for those who hand them out and those who serve them.

`token` is the secret of one attempt. Nothing personal stands in a path: it ends up in logs on both sides.
"""

INCOMING = "/voice/incoming"
MENU = "/voice/menu"
NUMBER = "/voice/number"
NUMBER_TYPED = "/voice/number/typed"
NUMBER_READ_BACK = "/voice/number/read-back"
FAREWELL = "/voice/farewell"
AGAIN = "/voice/again"
AGAIN_SAME = "/voice/again/same"
AGAIN_CANCEL = "/voice/again/cancel"
MOMENT = "/voice/moment"
MESSAGE = "/voice/message"
MESSAGE_LEFT = "/voice/message/left"
MESSAGE_STATUS = "/voice/status/message"
DESK = "/voice/desk"
DESK_MENU = "/voice/desk/menu"
DESK_OUTCOME = "/voice/desk/outcome"
DESK_DOSSIER = "/voice/desk/dossier"
BYE = "/voice/bye"
INBOUND_STATUS = "/voice/status/inbound"


def agent(token: str) -> str:
    """Where the agent's leg gets what it hears when he answers."""
    return f"/voice/agent/{token}"


def agent_key(token: str) -> str:
    """Where the agent's key during the whisper goes."""
    return f"/voice/agent/{token}/key"


def agent_message(token: str, recording_sid: str) -> str:
    """Where the sound of a customer's message is fetched for the agent: no webhook, the secret and the SID open it."""
    return f"/voice/agent/{token}/message/{recording_sid}"


def after_talk(token: str) -> str:
    """Where the agent's leg goes on when the customer's side has ended."""
    return f"/voice/agent/{token}/after"


def outcome_key(token: str) -> str:
    """Where the agent's key after the talk goes."""
    return f"/voice/agent/{token}/outcome"


def customer(token: str) -> str:
    """Where the customer's leg gets what he hears before he is joined to the agent."""
    return f"/voice/customer/{token}"


def customer_key(token: str) -> str:
    """Where the key goes by which the customer takes the call, where the house asks for one."""
    return f"/voice/customer/{token}/key"


def agent_status(token: str) -> str:
    """Where the progress of the agent's leg is told."""
    return f"/voice/status/agent/{token}"


def customer_status(token: str) -> str:
    """Where the progress of the customer's leg is told."""
    return f"/voice/status/customer/{token}"


def moment_page(link: str) -> str:
    """Where a customer chooses another moment: no webhook, but an address that we hand out all the same."""
    return f"/moment/{link}"
