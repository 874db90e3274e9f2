"""Several processes' output as one stream of whole lines, each with its process's name before it."""

import os
import selectors
from typing import IO

_LONGEST = 65536
"""Bytes of a line without end that are kept back; beyond it the piece is passed on as it is."""


class Forwarder:
    """Reads pipes as they fill, never waiting for one of them."""

    def __init__(self, selector: selectors.BaseSelector, out: IO[bytes]) -> None:
        """Register pipes with `selector`, write lines to `out`."""
        self._selector = selector
        self._out = out
        self._halves: dict[int, bytes] = {}

    def follow(self, pipe: IO[bytes], name: str) -> None:
        """Pass on what comes out of `pipe` until its last writer has closed it."""
        os.set_blocking(pipe.fileno(), False)
        self._selector.register(pipe, selectors.EVENT_READ, (pipe, name))

    def read(self, key: selectors.SelectorKey) -> None:
        """Pass on what one ready pipe holds, as far as it is whole lines."""
        pipe, name = key.data
        try:
            data = os.read(key.fd, _LONGEST)
        except BlockingIOError:
            return
        *lines, rest = (self._halves.pop(key.fd, b"") + data).split(b"\n")
        if rest and data and len(rest) <= _LONGEST:
            self._halves[key.fd] = rest
        elif rest:
            lines.append(rest)
        if not data:
            self._selector.unregister(pipe)
            pipe.close()
        self.write(b"".join(b"%s | %s\n" % (name.encode(), line) for line in lines))

    def drain(self) -> None:
        """Pass on the last words that are already in the pipes, then close them."""
        for key in list(self._selector.get_map().values()):
            if key.data is not None:
                self.read(key)
                key.data[0].close()

    def write(self, data: bytes) -> None:
        """Write whole lines; that nobody reads our output any more is no reason to stop the service."""
        try:
            self._out.write(data)
            self._out.flush()
        except (BrokenPipeError, ValueError):
            self._halves.clear()
