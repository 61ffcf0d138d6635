"""Tokens and invitations that are called back."""

import asyncio

import pytest
from tests.service.conftest import NOW
from typer.testing import CliRunner

from conductor.access.revocation import CalledBack, invitation_key
from conductor.access.rights import Principal, Role
from conductor.access.tokens import Access
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.bootstrap.revocation import call_back
from conductor.bootstrap.signing import access_of
from conductor.cli import app
from conductor.domain.events import SessionOpened
from conductor.domain.sessions import SessionProfile
from conductor.duty.clock import SystemClock
from conductor.errors import Unauthenticated
from conductor.service.invitations import MOST_CALLED_BACK
from conductor.settings import Settings, read_settings
from conductor.wire.events import event_message

ANA = Principal("ana", Role.ORGANISER)


@pytest.fixture
async def known(house, tmp_path):
    for session_id, event_id in (("s1", "e1"), ("s2", "e2")):
        house.overview.take(event_message(SessionOpened(session_id, event_id, NOW, SessionProfile())))
    store = await SqlStore.open(sqlite_url(tmp_path / "conductor.db"))
    house.revoked = store.revoked
    yield house
    await store.close()


async def invited(house, session_id="s1"):
    async with house.client(Role.ORGANISER) as client:
        answer = await client.post(f"/api/v1/sessions/{session_id}/invitations", json={"role": "attendee"})
    return answer.json()


async def accepted(house, invitation):
    async with house.client() as client:
        return await client.post("/api/v1/invitations/accept", json={"invitation": invitation["token"]})


async def me(house, token):
    async with house.client() as client:
        return await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})


async def test_an_invitation_that_is_called_back_lets_nobody_in_and_puts_out_who_came_by_it(known):
    one, other = await invited(known), await invited(known)
    inside = [(await accepted(known, each)).json()["token"] for each in (one, other)]
    async with known.client(Role.ORGANISER) as client:
        gone = await client.delete(f"/api/v1/sessions/s1/invitations/{one['invitation_id']}")
    assert gone.status_code == 204
    late = await accepted(known, one)
    assert (late.status_code, late.json()["error"]["code"]) == (401, "token_revoked")
    assert [(await me(known, token)).status_code for token in inside] == [401, 200]
    assert (await accepted(known, other)).status_code == 200
    assert len(await known.revoked.all(NOW)) == 1


async def test_nobody_calls_back_an_invitation_into_a_session_that_is_not_theirs(known):
    theirs = await invited(known, "s2")
    async with known.client(Role.ORGANISER, "e1") as client:
        elsewhere = await client.delete(f"/api/v1/sessions/s2/invitations/{theirs['invitation_id']}")
        by_another_name = await client.delete(f"/api/v1/sessions/s1/invitations/{theirs['invitation_id']}")
    assert (elsewhere.status_code, by_another_name.status_code) == (403, 204)
    assert (await accepted(known, theirs)).status_code == 200


async def test_so_many_are_called_back_in_a_session_and_no_more(known):
    for number in range(MOST_CALLED_BACK):
        known.access.called_back.add(invitation_key("s1", str(number)))
    async with known.client(Role.ORGANISER) as client:
        more = await client.delete("/api/v1/sessions/s1/invitations/made-up")
        again = await client.delete("/api/v1/sessions/s1/invitations/0")
        elsewhere = await client.delete("/api/v1/sessions/s2/invitations/made-up")
    assert (more.status_code, more.json()["error"]["code"]) == (409, "too_many_called_back")
    assert (again.status_code, elsewhere.status_code) == (204, 204)


def test_a_token_is_called_back_alone():
    access = Access(["s" * 40], lambda: NOW)
    one, other = (access.issue(ANA, 60.0) for _ in range(2))
    access.called_back.add(access.read_whole(one).ids[0])
    with pytest.raises(Unauthenticated, match="called back"):
        access.read(one)
    assert access.read(other) == ANA


def test_a_list_that_says_the_same_is_no_change():
    called_back = CalledBack()
    for ids in ({"a"}, ["a"], set(), ()):
        called_back.replace(ids)
    assert called_back.changes == 2
    assert invitation_key("s1", "x") != invitation_key("s2", "x")


async def test_what_is_called_back_is_forgotten_when_it_would_have_run_out(known):
    await known.revoked.add("soon", NOW + 10.0, NOW)
    assert await known.revoked.all(NOW) == {"soon"}
    assert await known.revoked.all(NOW + 11.0) == frozenset()
    await known.revoked.add("later", NOW + 99.0, NOW + 20.0)
    assert await known.revoked.all(NOW) == {"later"}


def test_the_command_takes_the_token_from_standard_input_where_nobody_else_sees_it(tmp_path):
    env = {"CONDUCTOR_HOME": str(tmp_path), "JWT_SECRET": "s" * 40}
    token = access_of(read_settings(env), SystemClock()).issue(ANA, 600.0)

    async def kept():
        store = await SqlStore.open(sqlite_url(tmp_path / "conductor.db"))
        ids = await store.revoked.all(0.0)
        await store.close()
        return ids

    assert asyncio.run(kept()) == frozenset()
    done = CliRunner().invoke(app, ["token", "--revoke", "-"], input=f"{token}\n", env=env)
    assert (done.exit_code, token in done.output, len(asyncio.run(kept()))) == (0, False, 1)
    empty = CliRunner().invoke(app, ["token", "--revoke", "-"], input="", env=env)
    assert isinstance(empty.exception, Unauthenticated)


async def test_the_command_calls_a_token_back_for_all_processes(tmp_path):
    settings = Settings(home=tmp_path, jwt_secrets=("s" * 40,))
    store = await SqlStore.open(sqlite_url(tmp_path / "conductor.db"))
    access = access_of(settings, SystemClock())
    token = access.issue(ANA, 60.0)
    await call_back(settings, token)
    access.called_back.replace(await store.revoked.all(0.0))
    await store.close()
    with pytest.raises(Unauthenticated, match="called back"):
        access.read(token)


def test_tokens_of_before_are_read_and_new_ones_are_signed_with_the_new_secret():
    old, new = "o" * 40, "n" * 40
    before = access_of(Settings(jwt_secrets=(old,)), SystemClock()).issue(ANA, 60.0)
    changing = access_of(Settings(jwt_secrets=(new,), jwt_previous=(old,)), SystemClock())
    assert changing.read(before) == ANA
    fresh = changing.issue(ANA, 60.0)
    assert access_of(Settings(jwt_secrets=(new,)), SystemClock()).read(fresh) == ANA
    with pytest.raises(Unauthenticated):
        access_of(Settings(jwt_secrets=(old,)), SystemClock()).read(fresh)
