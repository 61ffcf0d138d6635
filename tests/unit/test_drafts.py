import msgspec
import pytest

from conductor.domain.interventions import Arm, NudgeContent, PollContent, Segment
from conductor.domain.wording import Analysis, Shape
from conductor.errors import InvalidInput
from conductor.wire.content import MAX_CALL_CHARS, MAX_MESSAGE_CHARS, MAX_OPTION_CHARS, MAX_QUESTION_CHARS
from conductor.wire.drafts import DRAFTS, MAX_HYPOTHESIS_CHARS, MAX_TOPIC_CHARS, read_draft, schema_of
from conductor.wire.signals import Fields

POLL: Fields = {"question": "Which?", "options": ["One", "Two", "Three"]}
NUDGE: Fields = {"message": "Vote now, {{name}}.", "call_to_action": "Vote"}
ANALYSIS: Fields = {"topic": "Caches", "hypotheses": ["Too fast", "Too long"], "suggested_intervention": "NUDGE"}
BY_SHAPE: dict[Shape, Fields] = {
    Shape.POLL: POLL,
    Shape.CHAT_PROMPT: {"message": "What next?"},
    Shape.NUDGE: NUDGE,
    Shape.SEED_QUESTION: {"message": "Does it scale?"},
    Shape.ANALYSIS: ANALYSIS,
}


def reason(shape, fields):
    with pytest.raises(InvalidInput) as refused:
        read_draft(shape, fields)
    return refused.value.message


@pytest.mark.parametrize("shape", Shape)
def test_every_schema_is_closed_and_asks_for_every_field_of_its_draft(shape):
    schema = schema_of(shape)
    names = [field.encode_name for field in msgspec.structs.fields(DRAFTS[shape])]
    assert schema["required"] == [*schema["properties"]]
    assert schema["required"] == names
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("shape", Shape)
def test_schemas_use_only_what_every_provider_understands(shape):
    words = set()

    def gather(schema):
        words.update(schema)
        for each in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
            gather(each)

    gather(schema_of(shape))
    known = {"type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "enum"}
    assert words <= known


@pytest.mark.parametrize("shape", Shape)
def test_an_answer_that_keeps_to_the_schema_is_read_from_json_and_from_fields(shape):
    fields = BY_SHAPE[shape]
    assert read_draft(shape, msgspec.json.encode(fields)) == read_draft(shape, fields)


@pytest.mark.parametrize("shape", Shape)
def test_more_fields_than_asked_for_do_no_harm(shape):
    assert read_draft(shape, {**BY_SHAPE[shape], "note": "Here you are!"}) == read_draft(shape, BY_SHAPE[shape])


def test_a_nudge_may_leave_open_whom_it_is_for():
    assert read_draft(Shape.NUDGE, NUDGE) == NudgeContent("Vote now, {{name}}.", "Vote", Segment.DISENGAGED)
    said = {**NUDGE, "segment": "FIRST_TIME"}
    assert read_draft(Shape.NUDGE, said) == NudgeContent("Vote now, {{name}}.", "Vote", Segment.FIRST_TIME)


def test_an_analysis_may_suggest_to_do_nothing():
    assert read_draft(Shape.ANALYSIS, ANALYSIS) == Analysis("Caches", ("Too fast", "Too long"), Arm.NUDGE)
    nothing = read_draft(Shape.ANALYSIS, {**ANALYSIS, "suggested_intervention": "NONE"})
    assert nothing == Analysis("Caches", ("Too fast", "Too long"), None)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_poll_has_three_or_four_options(count):
    assert "field options" in reason(Shape.POLL, {**POLL, "options": [f"Option {n}" for n in range(count)]})
    four = {**POLL, "options": ["a", "b", "c", "d"]}
    assert read_draft(Shape.POLL, four) == PollContent("Which?", ("a", "b", "c", "d"))


@pytest.mark.parametrize("count", [0, 1, 4])
def test_an_analysis_has_two_or_three_hypotheses(count):
    assert "field hypotheses" in reason(Shape.ANALYSIS, {**ANALYSIS, "hypotheses": ["Because"] * count})


@pytest.mark.parametrize(
    ("shape", "field", "longest"),
    [
        (Shape.POLL, "question", MAX_QUESTION_CHARS),
        (Shape.CHAT_PROMPT, "message", MAX_MESSAGE_CHARS),
        (Shape.NUDGE, "call_to_action", MAX_CALL_CHARS),
        (Shape.SEED_QUESTION, "message", MAX_MESSAGE_CHARS),
        (Shape.ANALYSIS, "topic", MAX_TOPIC_CHARS),
    ],
)
def test_texts_are_as_long_as_they_may_be_anywhere_else(shape, field, longest):
    read_draft(shape, {**BY_SHAPE[shape], field: "x" * longest})
    assert f"field {field}" in reason(shape, {**BY_SHAPE[shape], field: "x" * (longest + 1)})


def test_pieces_of_lists_are_bounded_too():
    assert "field options" in reason(Shape.POLL, {**POLL, "options": ["a", "b", "x" * (MAX_OPTION_CHARS + 1)]})
    long = {**ANALYSIS, "hypotheses": ["a", "x" * (MAX_HYPOTHESIS_CHARS + 1)]}
    assert "field hypotheses" in reason(Shape.ANALYSIS, long)


@pytest.mark.parametrize(
    ("shape", "change"),
    [
        (Shape.NUDGE, {"segment": "private words"}),
        (Shape.NUDGE, {"segment": 7}),
        (Shape.ANALYSIS, {"suggested_intervention": "private words"}),
        (Shape.ANALYSIS, {"topic": "private\x00words"}),
        (Shape.CHAT_PROMPT, {"message": "private\x1bwords"}),
        (Shape.CHAT_PROMPT, {"message": "\u200b"}),
        (Shape.POLL, {"options": ["private", "Private ", "words"]}),
    ],
)
def test_what_does_not_fit_is_refused_without_quoting_it(shape, change):
    said = reason(shape, {**BY_SHAPE[shape], **change})
    assert said.startswith(shape.value)
    assert "private" not in said.lower()


@pytest.mark.parametrize("text", ["", "private words", "[]", '"private words"', "null", '{"question": "private'])
@pytest.mark.parametrize("shape", Shape)
def test_what_is_no_object_is_refused_without_quoting_it(shape, text):
    assert "private" not in reason(shape, text)
