"""One question over HTTP, of which only the status of the answer counts."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from conductor.errors import NotWorking


def status_of(url: str, headers: Mapping[str, str], within_s: float) -> int:
    """The status with which an address answers a GET; redirects are not followed.

    Raises:
        NotWorking: Nobody answers there in time, or not in HTTP.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=within_s)
    try:
        connection.request("GET", parts.path, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise NotWorking(f"{parts.hostname}: no answer ({type(error).__name__})") from error
    finally:
        connection.close()
