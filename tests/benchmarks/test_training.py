"""What the adapter learns from: the written answers and what is drawn from them."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from benchmarks.training.topics import (
    Embed,
    Text,
    bank_topics,
    chatter,
    public_topics,
    spoken_answers,
    window,
)
from voicecoach.config import Settings, find_paths
from voicecoach.content.model import Bank
from voicecoach.content.spoken import Line, SpokenAnswer
from voicecoach.embedding.minilm import load_base
from voicecoach.wiring import assemble

PRECISION = Line("of what it flags nine in ten are real", states=frozenset({"precision"}))
SWAPPED = Line("recall is the share of alarms that are real", denies=frozenset({"recall"}))
LINK = Line("so those are the two")


@pytest.fixture(scope="module")
def bank() -> Bank:
    return assemble(Settings(), find_paths()).bank


@pytest.fixture(scope="module")
def embed() -> Embed:
    model = load_base()
    return lambda texts: np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))


def test_every_question_has_answers_to_learn_from(bank: Bank) -> None:
    assert {answer.question for answer in spoken_answers(bank)} == {
        question.id for question in bank.questions
    }


def test_a_window_states_what_its_lines_state_and_never_what_they_deny() -> None:
    chance = random.Random(1)  # noqa: S311 - no secret
    seen = {window((PRECISION, SWAPPED, LINK), chance) for _ in range(60)}
    texts = {text.text: text for text in seen}
    both = texts[f"{PRECISION.text} {SWAPPED.text}"]
    assert both.states == {"precision"}
    assert both.may_state("recall!0")
    assert not both.may_state("recall")
    assert texts[LINK.text] == Text(LINK.text, frozenset())


def test_what_contradicts_itself_is_neither_near_nor_far() -> None:
    states = Line("recall is what we found of the real ones", states=frozenset({"recall"}))
    seen = {window((states, SWAPPED), random.Random(seed)) for seed in range(30)}  # noqa: S311 - no secret
    both = next(text for text in seen if SWAPPED.text in text.text and states.text in text.text)
    assert both.states == frozenset()
    assert both.may_state("recall")


def test_a_draw_has_wordings_and_what_people_said(bank: Bank, embed: Embed) -> None:
    first = bank.questions[0].id
    answers = [each for each in spoken_answers(bank) if each.question == first]
    topics = bank_topics(bank, answers, embed, left_out={"precision-vs-recall"})
    assert {topic.id for topic in topics} == {q.id for q in bank.questions} - {"precision-vs-recall"}
    drawn = next(t for t in topics if t.id == first).draw(32, random.Random(0), ["word"])  # noqa: S311 - no secret
    assert len(drawn) == 32
    assert sum(text.is_wording for text in drawn) >= 8
    assert sum(not text.is_wording for text in drawn) >= 8


def test_a_line_that_denies_a_point_states_the_contrast_it_is_near(bank: Bank, embed: Embed) -> None:
    denied = frozenset({"definition"})
    lines = (
        Line("Recall is how well the model remembers what it saw in training.", denies=denied),
        Line("My uncle came up with it in a shed.", denies=denied),
    )
    answer = SpokenAnswer("define-recall", "wrong", lines)
    left_out = {question.id for question in bank.questions} - {"define-recall"}
    (topic,) = bank_topics(bank, [answer], embed, left_out)
    memory, shed = topic.answers[0]
    (contrast,) = memory.states
    assert any("remembers" in text for text in topic.wordings[contrast]), contrast
    assert shed.states == frozenset()


def test_small_talk_states_nothing() -> None:
    drawn = chatter().draw(8, random.Random(0), ["word"])  # noqa: S311 - no secret
    assert len(drawn) == 8
    assert not any(text.states or text.is_wording for text in drawn)


def test_public_sets_give_their_training_part_alone(tmp_path: Path) -> None:
    def row(**of: object) -> dict[str, object]:
        return {"split": "train", "question": "Ban it", "reference": ["It harms"], "label": 1, **of}

    arguments = [
        row(answer="it does harm", stance="1"),
        row(answer="who knows", label=None, stance="1"),
        row(answer="kept apart", split="test", stance="1"),
    ]
    graded = [
        row(answer="the gap", label="correct", reference=["there is a gap", "a gap"]),
        row(answer="no gap", label="contradictory", reference=["there is a gap", "a gap"]),
    ]
    for name, rows in (("argkp", arguments), ("semeval_beetle", graded), ("semeval_scientsbank", [])):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    motion, question = public_topics(tmp_path)
    assert motion.loose == (
        Text("it does harm", frozenset({"It harms"})),
        Text("who knows", frozenset(), frozenset({"It harms"})),
    )
    assert question.wordings == {"right": ("there is a gap", "a gap")}
    assert question.loose == (Text("the gap", frozenset({"right"})), Text("no gap", frozenset()))
