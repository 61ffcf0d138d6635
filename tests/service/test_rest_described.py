"""A client can be generated from the description: it says what everything is, and what is sent is what it says."""

from dataclasses import replace
from operator import itemgetter

import pytest
from pydantic import BaseModel
from tests.service.test_rest_sessions import DECISION
from tests.wire_examples import EVERY_KIND, held, opened, update

from conductor.domain.events import ContextAnalysed, DecisionMade, DecisionWorded
from conductor.domain.interventions import Arm, Generation, GenerationMethod, PollContent
from conductor.domain.organisers import Answer, Verdict
from conductor.domain.outages import AgentDegraded, Component
from conductor.domain.wording import Analysis
from conductor.overview import Overview
from conductor.wire import (
    rest_answers,
    rest_content,
    rest_decisions,
    rest_errors,
    rest_events,
    rest_health,
    rest_messages,
)
from conductor.wire.answered import answered_message
from conductor.wire.events import event_message
from conductor.wire.rest_errors import ANSWERED_ALREADY, NOBODY_ASKED, RECOVERED, TOO_LATE, Problem
from conductor.wire.rest_messages import AgentSnapshot, EventMessage

HAIKU = Generation(GenerationMethod.HAIKU, "small", 310.0, 0.0004)
ANALYSIS = Analysis("bees", ("The pace is high.",), Arm.POLL, HAIKU)
WORDED = replace(DECISION, content=PollContent("What next?", ("Honey", "Wax", "Hives")), generation=HAIKU)
TOLD = [
    *EVERY_KIND,
    DecisionMade(DECISION),
    DecisionWorded(WORDED),
    ContextAnalysed("d1", "s1", "e1", DECISION.at, ANALYSIS),
    replace(held(), hold=replace(held().hold, foreseen=Arm.NUDGE)),
]
MESSAGES = [
    event_message(AgentDegraded("s1", "e1", DECISION.at, Component.BUS, DECISION.at - 5.0, is_over=False)),
    *map(event_message, TOLD),
    answered_message(Answer("d1", "s1", DECISION.at, Verdict.REJECTED, "olga"), "e1"),
]
MODULES = [rest_answers, rest_content, rest_decisions, rest_errors, rest_events, rest_health, rest_messages]
OURS = {
    name
    for module in MODULES
    for name, each in vars(module).items()
    if isinstance(each, type) and issubclass(each, BaseModel)
}


@pytest.fixture
def schemas(house):
    return house.app().openapi()["components"]["schemas"]


def fields(schemas):
    return [
        (name, field, told)
        for name, schema in schemas.items()
        if name in OURS
        for field, told in schema.get("properties", {}).items()
    ]


def shapeless(schema):
    """Objects of which nothing is said."""
    if isinstance(schema, list):
        return [found for each in schema for found in shapeless(each)]
    if not isinstance(schema, dict):
        return []
    says_nothing = schema.get("additionalProperties") in (True, None) and "properties" not in schema
    own = [schema] if schema.get("type") == "object" and says_nothing else []
    return own + [found for each in schema.values() for found in shapeless(each)]


def names_its_values(told):
    return "$ref" in str(told) or "enum" in str(told) or "const" in told or told.get("type") == "boolean"


def test_every_field_of_every_answer_says_what_it_is(schemas):
    assert len(fields(schemas)) > 200
    assert [f"{name}.{field}" for name, field, told in fields(schemas) if not told.get("description")] == []


def test_every_field_has_an_example_unless_its_type_names_every_value(schemas):
    missing = [(name, field) for name, field, told in fields(schemas) if "examples" not in told]
    told = {(name, field): told for name, field, told in fields(schemas)}
    assert [each for each in missing if not names_its_values(told[each])] == []


def test_no_answer_is_an_object_of_which_nothing_is_said(schemas):
    assert [name for name, schema in schemas.items() if name in OURS and shapeless(schema)] == []
    assert shapeless({"items": {"type": "object"}}) == [{"type": "object"}]


def test_answers_have_no_field_that_may_be_left_out(schemas):
    taken = {"PollBody", "PromptBody", "NudgeBody", "QnaBody"}
    loose = [
        name
        for name, schema in schemas.items()
        if name in OURS - taken and {*schema.get("properties", {})} != {*schema.get("required", ())}
    ]
    assert loose == []


@pytest.mark.parametrize("message", MESSAGES, ids=itemgetter("type"))
def test_what_sockets_tell_is_what_the_description_says(message):
    read = EventMessage.model_validate(message)
    assert read.model_dump(mode="json", by_alias=True) == message


def test_every_type_of_message_is_described(schemas):
    described = {*schemas["EventMessage"]["discriminator"]["mapping"]}
    assert described == {str(message["type"]) for message in MESSAGES}


def test_what_comes_on_subscribing_is_what_the_description_says():
    overview = Overview()
    for message in [*map(event_message, [opened(), update(DECISION.at)]), *MESSAGES[-5:]]:
        overview.take(message)
    told = overview.snapshot("s1", DECISION.at + 1.0)
    read = AgentSnapshot.model_validate(told).model_dump(mode="json", by_alias=True)
    assert read == told
    assert (read["pending"]["analysis"]["topic"], read["pending"]["answered"]["by"]) == ("bees", "olga")
    assert [each["data"]["foreseen"] for each in read["history"] if each["type"] == "agent.hold"] == ["NUDGE"]


@pytest.mark.parametrize("example", [ANSWERED_ALREADY, NOBODY_ASKED, RECOVERED, TOO_LATE], ids=lambda e: e["summary"])
def test_examples_of_conflicts_are_errors_as_they_are_sent(example):
    assert Problem.model_validate(example["value"]).model_dump(mode="json") == example["value"]


def test_how_an_approval_may_be_refused_is_described(house):
    approve = house.app().openapi()["paths"]["/api/v1/agent/sessions/{session_id}/decisions/{decision_id}/approve"][
        "post"
    ]
    told = approve["responses"]["409"]["content"]["application/json"]
    codes = {each["value"]["error"]["code"] for each in told["examples"].values()}
    assert codes == {"decision_not_pending", "room_recovered"}
    assert told["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "room_recovered" in approve["description"]
