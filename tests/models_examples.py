"""A question of each shape to a language model, and its answer."""

from tests.messages_api import Json

from conductor.domain.interventions import (
    Arm,
    Content,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.wording import Analysis, Prompt, Shape

KEY = "sk-very-private"
FIXED, MOVING = "You write polls for live sessions.", "chat: my salary is 90k"
PROMPT = Prompt(Shape.POLL, FIXED, MOVING, 300)
QUESTION, OPTIONS = "Which part shall we see again?", ("The demo", "The numbers", "The plan")
POLL: Json = {"question": QUESTION, "options": [*OPTIONS]}
PATIENCE_S = 30.0
ANSWERS: dict[Shape, tuple[Json, Content | Analysis]] = {
    Shape.POLL: (POLL, PollContent(QUESTION, OPTIONS)),
    Shape.CHAT_PROMPT: ({"message": "What would you try first?"}, PromptContent("What would you try first?")),
    Shape.NUDGE: (
        {"message": "Vote!", "call_to_action": "Vote", "segment": "LURKERS"},
        NudgeContent("Vote!", "Vote", Segment.LURKERS),
    ),
    Shape.SEED_QUESTION: (
        {"message": "How does it scale?"},
        QnaContent(QnaStrategy.SEED_QUESTION, (), "How does it scale?"),
    ),
    Shape.ANALYSIS: (
        {"topic": "Caches", "hypotheses": ["Too fast", "Too long"], "suggested_intervention": "POLL"},
        Analysis("Caches", ("Too fast", "Too long"), Arm.POLL),
    ),
}
