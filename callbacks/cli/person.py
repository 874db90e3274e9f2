"""Who gives a command, for the history."""

import getpass


def signed_in_name() -> str:
    """Return the name of the user at the keyboard, and that it was by command."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):
        # A container may run under a number that has no name.
        return "command line"
