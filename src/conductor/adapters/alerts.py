"""Alerts by Apprise: Slack, Discord, mail, PagerDuty, Opsgenie and others, each by an address."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from conductor.adapters.addresses import is_open_host, only_open_connections
from conductor.domain.alerts import Alert, AlertLevel
from conductor.errors import InvalidInput, NotDelivered

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

WITHIN_S = 20.0
"""So long a service may take to accept an alert."""

THEIR_OWN = frozenset({"slack", "discord", "pagerduty", "opsgenie", "msteams", "tgram"})
"""Ways that lead to the hosts of one company, which the library knows: nothing in the address names a machine."""


class AppriseAlerts:
    """Tells everybody whose address is given (an `Alerts`).

    Args:
        urls: As Apprise writes them.
        may_be_private: Whether they may lead to private and loopback addresses.

    Raises:
        InvalidInput: An address is none that Apprise can use. It is never repeated, as it holds secrets.
    """

    def __init__(self, urls: Sequence[str], *, may_be_private: bool) -> None:
        self._may_be_private = may_be_private
        self._ways = [_Way(url, number) for number, url in enumerate(urls, 1)]

    async def send(self, alert: Alert) -> None:
        """Tell it to everybody, all at once.

        Raises:
            NotDelivered: Somebody was not told, or may not be.
        """
        told = await asyncio.gather(*(self._tell(way, alert) for way in self._ways))
        failed = [str(number) for number, was_told in enumerate(told, 1) if not was_told]
        if failed:
            raise NotDelivered(
                f"an alert did not reach address {', '.join(failed)} of ALERT_URLS; "
                "look whether it is right, reachable and, if it is a private one, allowed by CONDUCTOR_ALERTS_PRIVATE"
            )

    async def _tell(self, way: _Way, alert: Alert) -> bool:
        try:
            # Its own threads wait for services; ours goes on.
            async with asyncio.timeout(WITHIN_S):
                return await asyncio.to_thread(self._tell_now, way, alert)
        except TimeoutError:
            return False

    def _tell_now(self, way: _Way, alert: Alert) -> bool:
        # Looked up each time: what a name stands for can change after the start.
        if not self._may_be_private and way.is_private():
            return False
        body = f"{alert.text}\n{alert.link}" if alert.link else alert.text
        with nullcontext() if self._may_be_private else only_open_connections():
            try:
                return bool(way.apprise.notify(title=alert.title, body=body, notify_type=_kind(alert)))
            except PermissionError:
                return False


def _kind(alert: Alert) -> str:
    if alert.is_over:
        return "success"
    return {AlertLevel.INFO: "info", AlertLevel.WARNING: "warning", AlertLevel.CRITICAL: "failure"}[alert.level]


def _asset() -> AppriseAsset:
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="Conductor", app_desc="Engagement Conductor", app_url="", async_mode=False, http_redirects=False
    )


class _Way:
    """One address, and what leads there."""

    def __init__(self, url: str, number: int) -> None:
        # Imported late: most commands tell nobody anything.
        from apprise import Apprise

        with warnings.catch_warnings():
            # It loads all its ways at once, and some use what Python is about to drop; nothing that we can mend.
            warnings.simplefilter("ignore", DeprecationWarning)
            way = Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)
        if not way:
            raise InvalidInput(
                f"ALERT_URLS: address {number} cannot be used; see docs/configuration.md on how it is written"
            )
        self._scheme = url.partition("://")[0].lower()
        # An address may ask for redirects itself; they could lead anywhere.
        way.redirects = False
        self.apprise: NotifyBase = way

    def is_private(self) -> bool:
        """Whether it leads to a machine that is not on the open internet, or to none that is known."""
        if self._scheme in THEIR_OWN or getattr(self.apprise, "mode", None) == "cloud":
            return False
        # The domain of an address of mail need not be a machine; the one that takes the mail is.
        host = getattr(self.apprise, "smtp_host", None) or getattr(self.apprise, "host", None)
        return not host or not is_open_host(str(host))
