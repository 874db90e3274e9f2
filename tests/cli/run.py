"""What a command leaves behind: exit code, standard output, standard error."""

from collections.abc import Callable

Run = Callable[..., tuple[int, str, str]]
