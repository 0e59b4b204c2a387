"""Fixed words and ruled verdicts, undone and combined, with the real judge."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.judging import answer_of, assembly, question
from voicecoach.content.model import Question
from voicecoach.practice.reading import read_rubric
from voicecoach.practice.typed import TYPED, transcript_of
from voicecoach.scoring.card import Corrections, Ruled, ScoreCard, WordFix
from voicecoach.scoring.contract import corrections_from_json, from_json, to_dict, to_json
from voicecoach.scoring.corrections import clause_words, fixed, offered, refixed, ruling_on
from voicecoach.scoring.evidence import Rubric, Terms
from voicecoach.scoring.judge import judge
from voicecoach.scoring.judging_anew import corrected
from voicecoach.scoring.thresholds import SHIPPED
from voicecoach.transcript import Transcript, Word
from voicecoach.wiring import Assembly

DATA = Path(__file__).parents[1] / "data"
STRONG = next(
    entry
    for entry in map(json.loads, (DATA / "answers.jsonl").read_text("utf-8").splitlines())
    if (entry["question"], entry["style"]) == ("choose-a-metric", "partial")
)
NOW = "2026-11-21T20:00:00.000000+00:00"

texts = st.lists(st.sampled_from(("a", "b", "c", "churn", "turn")), max_size=8).map(tuple)


def transcript(words: tuple[str, ...]) -> Transcript:
    """Words of a quarter of a second, each overlapping the next a little, as recognisers let them."""
    timed = (Word(word, i * 0.25, i * 0.25 + 0.3, 0.5) for i, word in enumerate(words))
    return Transcript(tuple(timed), "en", 0.25 * len(words) + 1, TYPED)


def texts_of(heard: Transcript) -> tuple[str, ...]:
    return tuple(word.text for word in heard.words)


@given(st.data())
def test_any_stretch_can_be_reworded_again_and_again_and_put_back(data: st.DataObject) -> None:
    heard = transcript(data.draw(texts))
    fixes: tuple[WordFix, ...] = ()
    for _ in range(data.draw(st.integers(1, 4))):
        before = texts_of(fixed(heard, fixes))
        first = data.draw(st.integers(0, len(before)))
        last = data.draw(st.integers(first, len(before)))
        said = data.draw(texts)
        fixes = refixed(heard, fixes, first, last, said)
        after = fixed(heard, fixes)
        assert texts_of(after) == before[:first] + said + before[last:]
        starts = [word.start_s for word in after.words]
        assert starts == sorted(starts)
        assert all(word.start_s <= word.end_s for word in after.words)
    whole = len(texts_of(fixed(heard, fixes)))
    assert refixed(heard, fixes, 0, whole, texts_of(heard)) == ()


def test_a_fix_keeps_the_times_of_what_was_heard() -> None:
    heard = transcript(("precision", "and", "re", "call", "differ"))

    one = refixed(heard, (), 0, 1, ("Precision",))
    joined = refixed(heard, one, 2, 4, ("recall",))
    words = fixed(heard, joined).words

    assert joined == (
        WordFix(0, ("precision",), ("Precision",)),
        WordFix(2, ("re", "call"), ("recall",)),
    )
    assert (words[0].start_s, words[0].end_s) == (heard.words[0].start_s, heard.words[0].end_s)
    assert (words[2].start_s, words[2].end_s) == (0.5, 1.0)
    assert words[1] == heard.words[1]
    assert refixed(heard, joined, 2, 3, ("re", "call")) == one


@pytest.mark.parametrize(
    "fix",
    [WordFix(0, ("c",), ("a",)), WordFix(9, (), ("a",)), WordFix(-1, (), ()), WordFix(1, ("b", "b"), ())],
)
def test_fixes_of_another_transcript_are_refused(fix: WordFix) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        fixed(transcript(("a", "b")), (fix,))


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return assembly(tmp_path_factory.mktemp("corrections"))


class Judged:
    """One answer, ready to be corrected."""

    def __init__(self, wired: Assembly, question: Question, heard: Transcript) -> None:
        self.rubric: Rubric = read_rubric(question, wired.engines.rubric_vectors)
        self.heard = heard
        self.answer = answer_of(wired, self.rubric, heard)
        # As a history gives it back.
        self.card = from_json(to_json(judge(self.rubric, self.answer)))

    def ruled(self, states: dict[str, Ruled]) -> ScoreCard:
        rulings = tuple(ruling_on(self.card, point, state, NOW) for point, state in states.items())
        return corrected(self.rubric, self.answer, self.answer, self.card, Corrections(rulings))


@pytest.fixture(scope="module")
def strong(wired: Assembly) -> Judged:
    asked = question(wired, STRONG["question"])
    return Judged(wired, asked, transcript_of(STRONG["text"], STRONG["duration_s"]))


def test_a_rejected_accusation_vanishes_and_the_number_rises(strong: Judged) -> None:
    wrong = {note.point for note in strong.card.accuracy.contradictions}
    assert wrong, "an answer that the judge accuses falsely"

    card = strong.ruled(dict.fromkeys(wrong, "covered"))

    assert card.accuracy.contradictions == ()
    assert card.overall > strong.card.overall + 4
    assert {point.id: point.state for point in card.points}.items() >= dict.fromkeys(wrong, "covered").items()
    assert not any(note.role == "contradiction" for note in card.clauses)
    assert sum(part.weight * part.score for part in card.parts) == pytest.approx(card.overall)
    assert card.judged == strong.card
    assert card.corrections is not None
    assert all(ruling.margin is not None for ruling in card.corrections.rulings)


def test_agreeing_changes_nothing_but_is_kept(strong: Judged) -> None:
    told = {note.point for note in strong.card.accuracy.contradictions}
    said: tuple[Ruled, ...] = ("covered", "missing")
    points = [point for point in strong.card.points if point.id not in told]
    agreed = {point.id: state for state in said for point in points if point.state == state}
    assert agreed

    card = strong.ruled(agreed)

    assert card.corrections is not None
    assert all(ruling.state == ruling.judged for ruling in card.corrections.rulings)
    assert to_dict(replace(card, corrections=None, judged=None)) == to_dict(strong.card)


def test_a_statement_that_the_speaker_calls_wrong_costs_what_an_accusation_costs(strong: Judged) -> None:
    told = {note.point for note in strong.card.accuracy.contradictions}
    right = next(p for p in strong.card.points if p.state == "covered" and p.id not in told)

    card = strong.ruled({right.id: "contradicted"})

    note = next(note for note in card.accuracy.contradictions if note.point == right.id)
    assert (note.quote, note.margin) == (right.quote, None)
    assert card.overall < strong.card.overall
    assert next(p.state for p in card.points if p.id == right.id) == "contradicted"


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_rulings_stand_whatever_they_are_and_undoing_them_all_gives_the_first_card(
    strong: Judged, data: st.DataObject
) -> None:
    choices = {
        point.id: data.draw(st.none() | st.sampled_from(offered(point, strong.card.accuracy)))
        for point in strong.card.points
    }
    states = {point: state for point, state in choices.items() if state is not None}

    card = strong.ruled(states)

    assert {p.id: p.state for p in card.points}.items() >= states.items()
    if states:
        assert card.judged == strong.card
        assert corrections_from_json(json.dumps(to_dict(card)["corrections"])) == (
            from_json(to_json(card)).corrections
        )
    assert (
        corrected(strong.rubric, strong.answer, strong.answer, card.judged or card, Corrections())
        == strong.card
    )


def test_a_misheard_word_put_right_covers_a_point(wired: Assembly) -> None:
    asked = question(wired, "design-churn-delayed-labels")
    text = (
        "First I would define what counts as turn, a customer who cancels. Then I train a model on old data."
    )
    judged = Judged(wired, asked, transcript_of(text, None))
    assert judged.card.points[0].state != "covered"
    first, last = clause_words(judged.card, 0)
    clause = texts_of(judged.heard)[first:last]
    said = tuple(word.replace("turn", "churn") for word in clause)

    fixes = refixed(judged.heard, (), first, last, said)
    right = answer_of(wired, judged.rubric, fixed(judged.heard, fixes))
    card = corrected(judged.rubric, judged.answer, right, judged.card, Corrections(fixes=fixes))

    assert fixes == (WordFix(7, ("turn,",), ("churn,",)),)
    assert card.points[0].state == "covered"
    assert "churn" in card.points[0].quote
    assert card.overall > judged.card.overall
    assert card.notices == judged.card.notices


def test_a_card_judged_by_another_judge_says_that_the_whole_of_it_is_judged_anew(strong: Judged) -> None:
    lenient = replace(SHIPPED, covered=0.2, partly=0.15, unsure=0.1)
    other = judge(strong.rubric, strong.answer, Terms(lenient))
    # The card says that the shipped thresholds cut it, which they no longer do.
    strange = replace(other, thresholds=None)
    agreed = Corrections((ruling_on(strange, strange.points[0].id, "covered", NOW),))

    of_today = corrected(strong.rubric, strong.answer, strong.answer, strange, agreed)
    by_its_own = corrected(strong.rubric, strong.answer, strong.answer, other, agreed)

    assert any("has changed since" in notice for notice in of_today.notices)
    assert by_its_own.notices == ()
    assert by_its_own.thresholds == lenient
