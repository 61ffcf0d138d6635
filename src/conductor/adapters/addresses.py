"""Machines on the open internet, and those that are not: what goes out by somebody's wish must not reach the latter."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""An IPv4 address stands in the last 32 bits of these (RFC 6052)."""

_ONLY_OPEN: ContextVar[bool] = ContextVar("only_open", default=False)


def is_open_host(host: str) -> bool:
    """Whether a name or an address, however it is written, stands for machines on the open internet only."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(is_open_address(str(where[0])) for *_, where in found)


def is_open_address(text: str) -> bool:
    """Whether an address is one of the open internet, and so are those that stand within it."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(each.is_global and not each.is_multicast for each in (_inside(address) or (address,)))


@contextmanager
def only_open_connections() -> Iterator[None]:
    """Within the context this thread (or task) connects to machines on the open internet only.

    A name that was looked up before is looked up again to connect, and may then stand for another machine. So it is
    asked at the last moment, of the address itself, whatever library connects and wherever it was led to.

    Raises:
        PermissionError: Where something connects to another machine.
    """
    _watch_connections()
    token = _ONLY_OPEN.set(True)
    try:
        yield
    finally:
        _ONLY_OPEN.reset(token)


def _inside(address: Address) -> tuple[Address, ...]:
    """IPv4 addresses to which an IPv6 address leads in the end; none for others."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    if address in NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return tuple(each for each in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if each is not None)


@cache
def _watch_connections() -> None:
    # A hook cannot be taken away, so that there is one for the process; it lets everybody through elsewhere.
    sys.addaudithook(_refuse_private)


def _refuse_private(event: str, said: tuple[object, ...]) -> None:
    if event != "socket.connect" or not _ONLY_OPEN.get():
        return
    where = said[1]
    if not (isinstance(where, tuple) and where and is_open_address(str(where[0]))):
        raise PermissionError("a connection to a machine that is not on the open internet is refused")
