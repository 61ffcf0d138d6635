"""Where links lead that are handed to people."""

from __future__ import annotations

import ipaddress

from fastapi import Request

from conductor.errors import InvalidInput
from conductor.service.parts import params_of


def base_of(request: Request) -> str:
    """The beginning of a link: as it is set, or else where somebody asked, if that is known to be here.

    Whoever asks says in `Host` where that was, and could say anything: a link would then lead to somebody else's page,
    with an invitation in it.

    Raises:
        InvalidInput: Nobody said that this is reached there.
    """
    params = params_of(request)
    if params.public_url:
        return params.public_url.rstrip("/")
    host = request.url.hostname or ""
    if host not in {*params.allowed_hosts, "localhost", _server(request)} and not _is_loopback(host):
        raise InvalidInput(
            f"nobody said that this service is reached at {host[:100]!r}; set CONDUCTOR_PUBLIC_URL to the address that"
            " links are to lead to, or name the host in CONDUCTOR_ALLOWED_HOSTS",
            code="host_unknown",
        )
    return str(request.base_url).rstrip("/")


def _server(request: Request) -> str | None:
    """The address at which the connection arrived."""
    server = request.scope.get("server")
    return str(server[0]) if server else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
