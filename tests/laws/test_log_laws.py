"""Nothing that is logged says who somebody is, what they wrote, or what lets somebody in."""

import io
import json
import logging
from contextlib import contextmanager

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import bound_contextvars
from tests.duty_examples import World
from tests.live_examples import in_order, room
from tests.rooms import signal
from tests.service.conftest import House

from conductor.access.rights import Role
from conductor.domain.bus import Message
from conductor.domain.signals import ChatDetail, Kind
from conductor.errors import BusUnavailable
from conductor.telemetry.logs import LEFT_OUT, LOUD, LogFormat, formatter, hush, without_people
from conductor.telemetry.metrics import CountedRecords, Metrics
from conductor.telemetry.requests import MeasuredApp

NAME, TEXT, PERSON = "Hermione Okonkwo", "my secret opinion of the speaker", "attendee-4711"
TRACES = ("Hermione", "Okonkwo", "opinion", PERSON)
FALLS_AT = 180.0

FORMS = pytest.mark.parametrize("form", list(LogFormat))


@contextmanager
def logged(form=LogFormat.JSON, level=logging.DEBUG):
    """Everything that is logged within, written as a process that serves writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(form))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    hush(level)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        for name in LOUD:
            logging.getLogger(name).setLevel(logging.NOTSET)


def logged_as_failed(error):
    logging.getLogger("somewhere").error("failed", exc_info=error)


def records(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def scenario():
    """A room with a person in it falls; messages of all wrong kinds come; the bus goes away and comes back."""
    world = World()
    async with world.surroundings(), world.worker() as duty:
        await world.seen_as(NAME)
        joined = signal("a", 1.0, Kind.JOIN, PERSON)
        chat = [signal("a", at, user=PERSON, detail=ChatDetail(f"m{at}", TEXT)) for at in (20.0, 100.0)]
        await world.live(in_order([*room(falls_at=FALLS_AT, until=600.0), joined, *chat]), FALLS_AT + 30.0)
        for channel in ("chat:message:new", "poll:vote:new", f"session:{NAME}:presence", "session:a:answers", NAME):
            for body in (
                {"content": TEXT, "userId": PERSON},
                {"sessionId": NAME, "eventId": {TEXT: NAME}},
                [NAME],
                NAME,
            ):
                await world.bus.publish([Message(channel, json.dumps(body).encode())])
        await world.live([], FALLS_AT + 100.0)
        world.bus.refused = {"publish", "append"}
        await world.live([], FALLS_AT + 110.0)
        world.bus.refused = set()
        await world.live([], FALLS_AT + 200.0)
        return duty.sieve.rejected


@FORMS
async def test_a_whole_evening_is_logged_without_anybody_in_it(form):
    with logged(form) as stream:
        assert await scenario() > 0
    assert "did not fit" in stream.getvalue()
    assert "the bus is back" in stream.getvalue()
    assert [trace for trace in TRACES if trace in stream.getvalue()] == []


@FORMS
async def test_requests_are_logged_without_tokens_names_or_addresses(form):
    house = House()

    async def fail():
        raise ValueError(f"{NAME} wrote {TEXT}")

    house.checks = {"database": fail}
    app = MeasuredApp(house.app(), Metrics("1"))
    token = house.token(Role.ORGANISER)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    with logged(form) as stream:
        async with httpx.AsyncClient(transport=transport, base_url="http://here", headers=headers) as client:
            await client.get(f"/api/v1/agent/sessions/{PERSON}")
            await client.get(f"/{NAME}?token={token}")
            await client.get("/health/ready", headers={"X-Request-Id": "r-1"})
            await client.post("/api/v1/signals", content=json.dumps({"channel": TEXT, "data": {"userId": PERSON}}))
    assert "request answered" in stream.getvalue()
    assert "r-1" in stream.getvalue()
    assert [trace for trace in (*TRACES[:3], token) if trace in stream.getvalue()] == []


def test_a_record_has_a_time_a_level_and_what_is_bound_to_the_work():
    with logged() as stream, bound_contextvars(request_id="r-1", session_id="s-1"):
        logging.getLogger("somewhere").warning("no %s", "bus", extra={"decision_id": "d-1"})
    (record,) = records(stream)
    assert record.pop("time").endswith("Z")
    assert record == {
        "event": "no bus", "level": "warning", "logger": "somewhere", "request_id": "r-1", "session_id": "s-1",
        "decision_id": "d-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
        "whsec_" + "c2VjcmV0" * 5,
        "sk-ant-hunter2hunter2",
        "xoxb-hunter2hunter2",
        "postgresql://ana:hunter2@db",
        "token=hunter2",
        "invite=hunter2",
        "Bearer hunter2",
        "hermione.okonkwo@example.org",
    ],
)
@FORMS
def test_what_looks_like_a_secret_is_taken_out_of_any_text(secret, form):
    with logged(form) as stream:
        logging.getLogger("somewhere").error("refused by %s", secret, extra={"why": [secret, {"a": secret}]})
        logged_as_failed(OSError(f"https://{secret} does not answer"))
    assert [part for part in ("hunter2", "eyJhb", "c2VjcmV0", "okonkwo") if part in stream.getvalue()] == []


@FORMS
def test_of_an_error_that_may_quote_somebody_only_the_kind_and_the_place_are_told(form):
    def fail():
        try:
            int(TEXT)
        except ValueError as error:
            raise KeyError(NAME) from error

    with logged(form) as stream:
        try:
            fail()
        except KeyError:
            logging.getLogger("somewhere").exception("failed")
    told = stream.getvalue()
    assert [trace for trace in TRACES if trace in told] == []
    assert "KeyError" in told
    assert "ValueError" in told
    assert "in fail" in told


def test_an_error_of_ours_says_what_to_do():
    with logged() as stream:
        logged_as_failed(BusUnavailable("start the bus"))
    assert "BusUnavailable: start the bus" in records(stream)[0]["exception"]


@given(
    st.recursive(
        st.text(min_size=1), lambda inner: st.dictionaries(st.sampled_from(["a", "content", "user_id", "name"]), inner)
    )
)
def test_what_people_wrote_and_who_they_are_is_left_out_wherever_it_lies(value):
    record = without_people(None, "", {"event": "e", "content": value, "about": {"content": value, "user_id": PERSON}})
    assert record["content"] == LEFT_OUT
    assert record["about"]["content"] == LEFT_OUT
    assert PERSON not in str(record["about"]["user_id"])


def test_records_of_one_person_can_be_found_to_belong_together():
    one, same, other = (without_people(None, "", {"user_id": who})["user_id"] for who in ("a", "a", "b"))
    assert one == same != other


def test_warnings_and_errors_are_counted_by_level():
    metrics = Metrics("1")
    handler = CountedRecords(metrics)
    log = logging.getLogger("counted")
    log.addHandler(handler)
    log.warning("one")
    log.error("two")
    log.removeHandler(handler)
    value = metrics.registry.get_sample_value
    assert value("conductor_log_records_total", {"level": "warning"}) == 1
    assert value("conductor_log_records_total", {"level": "error"}) == 1
