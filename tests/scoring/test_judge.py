"""The whole judge on the shipped bank, with the real MiniLM."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.judging import assembly, judged, question
from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.contract import from_json, to_dict, to_json
from voicecoach.scoring.coverage import covered_fraction
from voicecoach.scoring.overall import weights_for
from voicecoach.scoring.rambling import SHORTEST_STRETCH_S
from voicecoach.wiring import Assembly

DATA = Path(__file__).parents[1] / "data"
ANSWERS = {
    (entry["question"], entry["style"]): entry
    for entry in map(json.loads, (DATA / "answers.jsonl").read_text("utf-8").splitlines())
}
LONG = sorted(
    question
    for (question, style), entry in ANSWERS.items()
    if style == "strong" and entry["set"] == "development"
)
"""Of the answers that the judge was set on; `voicecoach eval` measures it on the others."""


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return assembly(tmp_path_factory.mktemp("judge"))


def card_of(wired: Assembly, question_id: str, style: str) -> ScoreCard:
    entry = ANSWERS[question_id, style]
    return judged(wired, question(wired, question_id), entry["text"], entry["duration_s"])


@pytest.mark.parametrize("question_id", LONG)
def test_a_strong_answer_beats_a_partial_and_a_vague_one(wired: Assembly, question_id: str) -> None:
    strong, partial, vague = (card_of(wired, question_id, s).overall for s in ("strong", "partial", "vague"))
    assert strong > partial
    assert strong > vague + 15


def test_repeating_the_question_covers_next_to_nothing(wired: Assembly) -> None:
    for question_id in LONG:
        asked = question(wired, question_id)
        card = judged(
            wired, asked, f"So the question is, {asked.text} Yes, {asked.text} That is the question."
        )
        assert covered_fraction(card.points) <= 0.2, question_id


def test_a_swapped_definition_is_wrong_and_says_why(wired: Assembly) -> None:
    swapped = (
        "Overfitting is when the model is too simple to capture the pattern, "
        "so it does badly on the training data."
    )
    card = judged(wired, question(wired, "define-overfitting"), swapped, 12.0)
    assert card.accuracy.verdict == "wrong"
    note = card.accuracy.contradictions[0]
    assert "too simple" in note.quote
    assert note.why
    assert card.cue.startswith("Mend what you said at 0:00")


def test_every_claim_carries_its_quote_and_its_second(wired: Assembly) -> None:
    card = card_of(wired, "imbalanced-data", "strong")
    text = ANSWERS["imbalanced-data", "strong"]["text"]
    spoken = " ".join(text.split())
    for point in card.points:
        if point.state in ("covered", "partly", "unsure"):
            assert point.quote in spoken
            assert point.start_s is not None
            assert point.end_s is not None
            assert 0 <= point.start_s < point.end_s <= card.duration_s + 1e-6
        elif point.state == "missing":
            assert (point.quote, point.start_s, point.end_s) == ("", None, None)
    assert " ".join(note.text for note in card.clauses) == spoken


def test_vague_talk_on_the_question_beats_an_answer_to_another_one(wired: Assembly) -> None:
    for question_id in ("imbalanced-data", "fraud-auc-blocks-good-users"):
        vague, off = (card_of(wired, question_id, style) for style in ("vague", "offtopic"))
        assert vague.rambling.relevance > off.rambling.relevance
        assert vague.overall > off.overall


def test_relevance_knows_chatter_from_an_answer_and_silence(wired: Assembly) -> None:
    asked = question(wired, "imbalanced-data")
    chatter = "On Sunday we drove to the lake. The dog chased a duck. My aunt makes a plum cake every summer."
    for text in ("", chatter):
        card = judged(wired, asked, text)
        assert (card.rambling.relevance, card.overall) == (0.0, 0.0)
    strong = judged(wired, asked, ANSWERS["imbalanced-data", "strong"]["text"])
    assert strong.rambling.relevance > 80
    more = judged(wired, asked, f"{ANSWERS['imbalanced-data', 'strong']['text']} {chatter}")
    assert more.rambling.relevance == strong.rambling.relevance


def test_the_parts_add_up_to_the_number(wired: Assembly) -> None:
    for question_id, style in (("val-loss-rises", "partial"), ("define-recall", "right1")):
        card = card_of(wired, question_id, style)
        assert sum(p.weight for p in card.parts) == pytest.approx(1.0)
        assert card.overall == pytest.approx(sum(p.weight * p.score for p in card.parts))
        assert 0 <= card.overall <= 100
        assert all(0 <= p.score <= 100 + 1e-9 for p in card.parts)
        assert {p.name: p.weight for p in card.parts} == {
            name: weight for name, weight in weights_for(question(wired, question_id)).items() if weight
        }


def test_an_answer_that_is_too_long_is_told_what_to_cut(wired: Assembly) -> None:
    card = card_of(wired, "prevent-leakage", "rambling")
    assert card.duration_s > 90
    assert card.rambling.cut
    assert card.rambling.cut_note.startswith("Drop")
    carried = {n.text for n in card.clauses if n.role == "point"}
    assert all(not any(text in q.quote for text in carried) for q in card.rambling.cut)


def without_punctuation(text: str) -> str:
    """As PocketSphinx writes."""
    return " ".join(re.findall(r"[a-z0-9'%-]+", text.lower()))


@pytest.mark.parametrize("question_id", ["prevent-leakage", "imbalanced-data", "val-loss-rises"])
def test_what_to_cut_is_told_where_no_word_says_that_a_sentence_ends(
    wired: Assembly, question_id: str
) -> None:
    asked = question(wired, question_id)
    text = without_punctuation(ANSWERS[question_id, "rambling"]["text"])
    card = judged(wired, asked, text)
    shortest, longest = asked.target_s
    assert card.duration_s > longest
    assert card.rambling.cut
    assert card.rambling.cut_note.startswith("Drop")
    assert "stretch" in card.rambling.cut_note
    rest = text
    for stretch in card.rambling.cut:
        assert stretch.end_s - stretch.start_s >= SHORTEST_STRETCH_S
        assert {stretch.start_s} <= {clause.start_s for clause in card.clauses}
        assert {stretch.end_s} <= {clause.end_s for clause in card.clauses}
        assert stretch.quote in rest
        rest = rest.replace(stretch.quote, "", 1)
    again = judged(wired, asked, rest)
    assert shortest <= again.duration_s <= longest
    carried = {point.id for point in card.points if point.state in ("covered", "partly")}
    assert carried <= {point.id for point in again.points if point.state in ("covered", "partly")}


def test_a_stretch_gives_no_more_than_the_window_can_spare(wired: Assembly) -> None:
    asked = question(wired, "imbalanced-data")
    chatter = "on sunday we drove to the lake and had a picnic with my cousins from the north " * 25
    card = judged(wired, asked, chatter)
    (cut,) = card.rambling.cut
    shortest, longest = asked.target_s
    assert shortest <= card.duration_s - (cut.end_s - cut.start_s) <= longest


def test_no_stretch_can_go_where_only_short_ones_carry_no_point(wired: Assembly) -> None:
    asked = replace(question(wired, "define-recall"), target_s=(1.0, 2.0))
    card = judged(wired, asked, "recall is the share of all actual positives that the model finds")
    assert card.rambling.cut == ()
    assert "no stretch of 5 s or more is without a point" in card.rambling.cut_note


def test_the_same_answer_gives_the_same_card(wired: Assembly) -> None:
    assert card_of(wired, "skew-vs-drift", "strong") == card_of(wired, "skew-vs-drift", "strong")


def test_one_word_is_judged_too(wired: Assembly) -> None:
    card = judged(wired, question(wired, "define-precision"), "Precision.")
    assert card.accuracy.verdict == "vague"
    assert card.overall < 10
    assert card.cue


def test_the_card_survives_its_json(wired: Assembly) -> None:
    card = card_of(wired, "imbalanced-data", "rambling")
    again = from_json(to_json(card))
    assert to_dict(again) == to_dict(card)


def test_a_card_from_before_filled_pauses_is_read(wired: Assembly) -> None:
    kept = to_dict(card_of(wired, "imbalanced-data", "rambling"))
    del kept["delivery"]["filled_pauses"]
    assert from_json(json.dumps(kept)).delivery.filled_pauses == ()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "x"}', '{"schema": 1, "question": 3}'])
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a scorecard"):
        from_json(text)
