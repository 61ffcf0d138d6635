"""Alerts over Apprise, to a real server on this machine."""

from __future__ import annotations

import pytest
from aiohttp import web

from conductor.adapters.alerts import AppriseAlerts
from conductor.domain.alerts import Alert, AlertLevel
from conductor.errors import InvalidInput, NotDelivered

ALERT = Alert("k", AlertLevel.CRITICAL, "A room falls", "Go and look.", "https://here.example.org/x")


class Endpoint:
    """A server that takes what it is sent."""

    def __init__(self):
        self.got = []
        self.status = 200
        self.elsewhere = ""

    async def _take(self, request):
        if self.elsewhere:
            raise web.HTTPTemporaryRedirect(self.elsewhere)
        self.got.append((request.path, await request.json()))
        return web.Response(status=self.status)

    async def open(self):
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.place = f"127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self):
        await self._runner.cleanup()


@pytest.fixture
async def endpoint():
    opened = Endpoint()
    await opened.open()
    yield opened
    await opened.close()


async def test_an_alert_arrives_with_its_link(endpoint):
    await AppriseAlerts([f"json://{endpoint.place}/hook"], may_be_private=True).send(ALERT)
    ((path, said),) = endpoint.got
    assert path.strip("/") == "hook"
    assert (said["title"], said["type"]) == ("A room falls", "failure")
    assert said["message"] == "Go and look.\nhttps://here.example.org/x"


async def test_that_it_is_over_arrives_as_a_success(endpoint):
    over = Alert("k", AlertLevel.INFO, "Settled", "It is.", is_over=True)
    await AppriseAlerts([f"json://{endpoint.place}"], may_be_private=True).send(over)
    assert endpoint.got[0][1]["type"] == "success"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "192.168.0.1"])
async def test_a_private_address_is_asked_nothing_unless_that_is_allowed(endpoint, host):
    port = endpoint.place.rpartition(":")[2]
    with pytest.raises(NotDelivered, match="CONDUCTOR_ALERTS_PRIVATE"):
        await AppriseAlerts([f"json://{host}:{port}/hook"], may_be_private=False).send(ALERT)
    assert endpoint.got == []


async def test_mail_is_handed_to_no_private_machine_either():
    alerts = AppriseAlerts(["mailto://ana:hunter2@example.org?smtp=127.0.0.1"], may_be_private=False)
    with pytest.raises(NotDelivered) as refused:
        await alerts.send(ALERT)
    assert "hunter2" not in refused.value.message


@pytest.mark.parametrize("wish", ["", "?redirect=yes"])
async def test_a_redirect_leads_nowhere_even_where_the_address_asks_for_it(endpoint, wish):
    other = Endpoint()
    await other.open()
    endpoint.elsewhere = f"http://{other.place}/inside"
    with pytest.raises(NotDelivered):
        await AppriseAlerts([f"json://{endpoint.place}/hook{wish}"], may_be_private=True).send(ALERT)
    await other.close()
    assert other.got == []


async def test_a_service_that_refuses_is_named_by_its_number_alone(endpoint):
    endpoint.status = 500
    urls = [f"json://ana:hunter2@{endpoint.place}/hook"]
    with pytest.raises(NotDelivered, match="address 1 of ALERT_URLS") as refused:
        await AppriseAlerts(urls, may_be_private=True).send(ALERT)
    assert "hunter2" not in refused.value.message


async def test_if_one_service_fails_the_others_are_told(endpoint):
    urls = ["json://127.0.0.1:1/", f"json://{endpoint.place}/hook"]
    with pytest.raises(NotDelivered, match="address 1 of"):
        await AppriseAlerts(urls, may_be_private=True).send(ALERT)
    assert len(endpoint.got) == 1


def test_an_address_that_cannot_be_used_is_refused_without_repeating_it():
    with pytest.raises(InvalidInput, match="address 2") as refused:
        AppriseAlerts(["json://here", "slack://hunter2"], may_be_private=False)
    assert "hunter2" not in refused.value.message


@pytest.mark.parametrize(
    "url",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "mailtos://ana:secret@example.org?to=ops@example.org",
        f"pagerduty://A{'1' * 31}@B{'2' * 19}",
        f"opsgenie://{'a' * 36}",
        "jsons://example.org/hook",
    ],
)
def test_each_service_that_the_page_names_can_be_used(url):
    AppriseAlerts([url], may_be_private=False)
