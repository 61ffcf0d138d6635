"""What holds for every draft, whatever the room."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.act_examples import PROFILES, decision

from conductor.act.content import draft
from conductor.act.label import labelled
from conductor.act.people import People
from conductor.act.questions import OpenQuestion, rank
from conductor.act.review import review
from conductor.act.templates import TemplateKind, general, numbered, plain, templates, vocabulary
from conductor.act.wording import headline, normalised
from conductor.domain.audience import NAME_MAX, fill
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, QnaContent
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.strategies import ContentStyle
from conductor.errors import InvalidInput

seeds = st.integers(0, 2**32)
arms = st.sampled_from(Arm)
phases = st.sampled_from(Phase)
types = st.sampled_from(SessionType)
anomalies = st.sampled_from(AnomalyType)

everyday = st.sampled_from(sorted(vocabulary())).map(str.capitalize)
display_names = st.lists(st.text(max_size=12) | everyday | st.sampled_from(["Ada Lovelace", "Will", "愛子", "APIs"]))

topics = st.lists(
    st.text(max_size=45) | st.sampled_from(["event sourcing", "APIs", "iOS", "www.example.org"]), max_size=4
)
profiles = st.sampled_from(list(PROFILES.values())) | st.builds(
    SessionProfile, title=st.text(max_size=70), type=types, topics=topics.map(tuple)
)
questions = st.lists(
    st.builds(
        OpenQuestion,
        question_id=st.text("abcdef", min_size=1, max_size=3),
        content=st.text("why how cat dog", max_size=20),
        asked_at=st.floats(0, 2e9),
        upvotes=st.integers(0, 50),
    ),
    max_size=6,
)


@settings(max_examples=25)  # each of them 60 drafts long
@given(profiles, st.lists(st.tuples(arms, phases, anomalies, st.booleans()), min_size=60, max_size=60), seeds)
def test_sixty_drafts_in_one_session_never_say_the_same_twice(profile, moments, seed):
    rng = Random(seed)
    used: list[str] = []
    said: list[str] = []
    for arm, phase, anomaly_type, in_use in moments:
        found = draft(decision(arm, anomaly_type=anomaly_type), profile, phase, used, rng, qna_in_use=in_use)
        used.append(found.template_id)
        said.append(normalised(headline(found.content)))
    assert all(said)
    assert len(set(said)) == 60
    assert len(set(used)) == 60


@settings(max_examples=25)  # each of them 60 drafts long
@given(arms, phases, profiles, st.integers(0, 40))
def test_one_arm_and_one_phase_never_run_dry(arm, phase, profile, seed):
    rng = Random(seed)
    used: list[str] = []
    said: list[str] = []
    for _ in range(60):
        found = draft(decision(arm), profile, phase, used, rng)
        used.append(found.template_id)
        said.append(normalised(headline(found.content)))
    assert len(set(said)) == 60


@given(arms, phases, profiles, anomalies, display_names, questions, st.booleans(), seeds)
def test_a_draft_always_passes_the_review(arm, phase, profile, anomaly_type, names, asked, in_use, seed):
    found = draft(
        decision(arm, anomaly_type=anomaly_type),
        profile,
        phase,
        (),
        Random(seed),
        names=names,
        questions=asked,
        qna_in_use=in_use,
        slides_in_use=in_use,
    )
    assert review(found.content, names=names) == ()


@given(arms, phases, profiles, questions, seeds)
def test_the_same_seed_gives_the_same_draft(arm, phase, profile, asked, seed):
    first, second = (draft(decision(arm), profile, phase, (), Random(seed), questions=asked) for _ in range(2))
    assert first == second


@given(arms, phases, profiles, st.integers(1, 30), st.randoms(use_true_random=False), seeds)
def test_the_order_in_which_templates_were_used_does_not_matter(arm, phase, profile, how_many, shuffler, seed):
    used: list[str] = []
    for n in range(how_many):
        used.append(draft(decision(arm), profile, phase, used, Random(n)).template_id)
    reordered = [*used, "a-model", *used[:2]]
    shuffler.shuffle(reordered)
    drafts = [draft(decision(arm), profile, phase, ids, Random(seed)) for ids in (used, reordered, frozenset(used))]
    assert drafts[0] == drafts[1] == drafts[2]


@given(questions, st.integers(1, 4), seeds)
def test_no_question_is_surfaced_twice(asked, rounds, seed):
    promoted: list[str] = []
    for _ in range(rounds):
        content = draft(
            decision(Arm.QNA_PROMOTE), SessionProfile(), Phase.QA, (), Random(seed), questions=asked, promoted=promoted
        ).content
        assert isinstance(content, QnaContent)
        assert set(promoted).isdisjoint(content.question_ids)
        assert review(content, promoted=promoted) == ()
        promoted.extend(content.question_ids)


@given(st.lists(everyday, max_size=40))
def test_no_template_names_anybody_even_if_people_are_called_like_its_words(names):
    people = People.named(names)
    for kind in TemplateKind:
        every = [template for style in ContentStyle for template in templates(kind, style)]
        for filled in (*map(plain, every), numbered(general(kind), 7)):
            if filled:
                said = filled.text.replace("{{name}}", "…").replace("{{action}}", "…")
                assert not any(map(people.are_named_in, (said, *filled.options, filled.call_to_action)))


@given(questions, st.randoms(use_true_random=False), st.floats(0, 2e9))
def test_the_ranking_does_not_depend_on_the_order_of_the_questions(asked, shuffler, now):
    shuffled = list(asked)
    shuffler.shuffle(shuffled)
    assert rank(asked, now, ["why cat"]) == rank(shuffled, now, ["why cat"])


@given(questions, st.floats(0, 2e9))
def test_every_question_is_ranked_or_folded_exactly_once(asked, now):
    ranked = rank(asked, now, top=len(asked))
    listed = [question_id for found in ranked for question_id in (found.question_id, *found.folded)]
    assert sorted(listed) == sorted({question.question_id for question in asked})
    assert [found.score for found in ranked] == sorted((found.score for found in ranked), reverse=True)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text)


@given(st.text(max_size=80), st.text(max_size=60))
def test_a_name_is_filled_in_as_text_and_never_expanded(name, action):
    message = fill("{{name}} | {{action}}", f"x{name}", action)
    shown, _, rest = message.partition(" | ")
    assert shown == fill("{{name}}", f"x{name}", "")
    assert rest == fill("{{action}}", "", action)
    assert len(shown) <= NAME_MAX or "|" in name


@given(st.text(max_size=80), profiles, arms)
def test_a_label_is_refused_or_shown(wording, profile, arm):
    content = draft(decision(arm), profile, Phase.MIDDLE, (), Random(1)).content
    try:
        shown = labelled(content, wording)
    except InvalidInput:
        return
    assert any(c.isalpha() for c in shown.label)
    assert shown.line.startswith(shown.label)
