"""Where a process that serves listens: bound before anything begins, so that nobody is told of an address in vain."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from conductor.errors import InvalidInput, NotWorking

PORTS_TRIED = 50
"""More than anybody starts demos at once."""


@contextmanager
def bound(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Sockets at every address of a host, closed at the end of the context at the latest.

    They do not listen yet: whoever comes before there are answers is refused at once.

    Raises:
        InvalidInput: There is no such host.
        NotWorking: An address cannot be had: something else has the port, say, or it is another machine's.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InvalidInput(f"--host is {host!r}; no host of this name is known here") from None
    with ExitStack() as stack:
        sockets = []
        for family, kind, protocol, _, where in dict.fromkeys(found):
            own = stack.enter_context(socket.socket(family, kind, protocol))
            try:
                _bind(own, where)
            except OSError as error:
                raise NotWorking(
                    f"cannot listen at {url_of(host, port)} ({error.strerror}); {_mended(error)}"
                ) from error
            sockets.append(own)
        yield sockets


def first_free(host: str, port: int) -> int:
    """The first port from this one on that can be had at every address of a host.

    Raises:
        InvalidInput: There is no such host.
        NotWorking: None of many is free.
    """
    for each in range(port, port + PORTS_TRIED):
        try:
            with bound(host, each):
                return each
        except NotWorking:
            continue
    last = port + PORTS_TRIED - 1
    raise NotWorking(f"all ports from {port} to {last} are in use; choose another one with --port")


def url_of(host: str, port: int) -> str:
    """The address of pages there."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _mended(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "end what listens there, or choose another --port"
    return "choose another --host or --port"


def _bind(own: socket.socket, where: tuple[object, ...]) -> None:
    # A service that is started again takes its port back while old connections to it die away.
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if own.family == socket.AF_INET6:
        # The same port of IPv4 has a socket of its own, where it is wanted.
        own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    own.bind(where)
