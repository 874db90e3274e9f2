"""A customer who missed our call rings back: he is next in line, for the agent who had prepared."""

from callbacks.ports import Services


def ring_back(services: Services, callback_id: int, call_sid: str) -> bool:
    """Put the call-back first in line where it rests because its customer was not reached; say whether it stands there.

    `call_sid` is the hotline call he rings on; told again of the same call, nothing changes. He is called once he has
    hung up: while he is on the line the dispatcher passes over him.
    """
    raise NotImplementedError
