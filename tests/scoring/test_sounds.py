"""Technical terms under another spelling, as recognisers wrote them."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jellyfish import levenshtein_distance, metaphone

from tests.support.judging import answer_of, assembly, question
from voicecoach.practice.reading import read_rubric
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.clauses import split_clauses, windows
from voicecoach.scoring.coverage import features
from voicecoach.scoring.sounds import Lexicon, heard_by_sound, lexicon_of, matches
from voicecoach.scoring.text import stem, tokens

PHRASINGS = (
    "churn prediction needs a horizon, so define churn first",
    "start with logistic regression, then try gradient boosted trees or xgboost",
    "recall is the share of the actual positives that were found",
    "without regularisation the model is overfitting",
    "measure the mean absolute error and ndcg",
    "an ablation takes one part out",
    "a calibration curve of the scores, and drop the spam filter",
)
WRONG = "the model has a high position in the folder"
LEXICON = lexicon_of(PHRASINGS, (*PHRASINGS, WRONG, "How would you predict churn?"))


def found(text: str, lexicon: Lexicon = LEXICON) -> list[tuple[str, str]]:
    return [(" ".join(match.heard), " ".join(match.term)) for match in matches(lexicon, tokens(text))]


@pytest.mark.parametrize(
    ("heard", "run", "term"),
    [
        ("i would look at re call", "re call", "recall"),
        ("we used x g boost for it", "x g boost", "xgboost"),
        ("XG boost was best", "xg boost", "xgboost"),
        ("for ranking i take n d c g", "n d c g", "ndcg"),
        ("it was over fitting badly", "over fitting", "overfitting"),
        ("then the logistical gresham was better", "logistical gresham", "logistic regression"),
        ("in a noble asian you take one out", "a noble asian", "ablation"),
        ("regulars asian is anything that holds it back", "regulars asian", "regularisation"),
        ("regularization holds it back", "regularization", "regularisation"),
        ("the main absolute terror", "terror", "error"),
        ("for turn prediction we wait", "turn", "churn"),
        ("then gradient instead trees", "instead", "boosted"),
        ("a recoil of eighty percent", "recoil", "recall"),
    ],
)
def test_a_term_is_found_under_another_spelling(heard: str, run: str, term: str) -> None:
    assert (run, term) in found(heard)


@pytest.mark.parametrize(
    "said",
    [
        "if the alert rate climbs we turn it off and call the person on duty",
        "it is our turn to return the train to the station",
        "the celebration was in a good position",
        "we had a position in the folder with a fault in a long list",
        "a recruiter, a referral and a rally",
        "the trees in the park are bare and it rains all day",
        "churn prediction with xgboost, logistic regression and recall",
    ],
)
def test_what_can_be_meant_as_it_was_heard_is_left_alone(said: str) -> None:
    assert found(said) == []


def test_a_word_that_the_rubric_uses_is_never_taken_for_another() -> None:
    assert found("a recoil of eighty percent")
    knowing = lexicon_of(PHRASINGS, (*PHRASINGS, "the recoil of the spring"))
    assert found("a recoil of eighty percent", knowing) == []


def test_a_match_counts_in_the_windows_that_hold_all_of_it() -> None:
    transcript = transcript_of(
        "We looked at the scores again. It was over fitting badly. Then we stopped it.", 9.0
    )
    clauses = split_clauses(transcript, ())
    cut = windows(clauses)
    sounding = heard_by_sound(LEXICON, clauses, cut)
    assert len(clauses) == 3
    for window, stems in zip(cut, sounding, strict=True):
        assert stems == ({stem("overfitting")} if window.first <= 1 <= window.last else set())


EVERYDAY = "monday yellow apple window summer husband village piano umbrella weather the and of"
TERMS = [*LEXICON.singles.values(), *map("".join, LEXICON.pairs.values())]


def is_near(run: str) -> bool:
    """Whether a run of words, written as one, has more than half of a term's sounds."""
    for term in TERMS:
        codes = metaphone(run), metaphone(term)
        if levenshtein_distance(*codes) < max(map(len, codes)) / 2:
            return True
    return False


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.lists(st.sampled_from(EVERYDAY.split()), max_size=12),
    st.sampled_from(["", "churn", "recall", "error"]),
)
def test_without_a_word_that_sounds_like_a_term_nothing_changes(before: list[str], term: str) -> None:
    runs = ("".join(before[i : i + n]) for n in (1, 2, 3, 4) for i in range(len(before) - n + 1))
    assume(not any(map(is_near, runs)))
    words = [*before, term, *before] if term else before
    assert matches(LEXICON, words) == ()
    clauses = split_clauses(transcript_of(" ".join(words), None), ())
    cut = windows(clauses)
    assert heard_by_sound(LEXICON, clauses, cut) == [frozenset()] * len(cut)


PIECES = (
    "re call over fitting x g boost turn prediction gradient instead trees a of asian noble absolute terror"
)


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES.split()), st.text("abcdefgt", max_size=7)), max_size=30))
def test_matches_are_runs_of_what_was_heard_and_do_not_overlap(words: list[str]) -> None:
    every = matches(LEXICON, words)
    for match in every:
        assert tuple(words[match.first : match.last + 1]) == match.heard
        assert match.heard != match.term
        assert all(word in tokens(" ".join(PHRASINGS)) for word in match.term)
    assert all(one.last < other.first for one, other in pairwise(every))


def test_a_misheard_term_is_evidence_for_its_point_and_for_nothing_else(tmp_path: Path) -> None:
    wired = assembly(tmp_path)
    rubric = read_rubric(question(wired, "how-regularization-works"), wired.engines.rubric_vectors)
    deaf = replace(rubric, lexicon=lexicon_of((), ()))

    def words_said(text: str, by: object) -> np.ndarray:
        answer = answer_of(wired, rubric, transcript_of(text, None))
        table = features(rubric if by is rubric else deaf, answer)
        assert table.shape[2] >= 2
        return table[:, :, 1]

    misheard = "Regulars asian adds a penalty on large weights to the loss."
    gained = words_said(misheard, rubric) - words_said(misheard, deaf)
    assert gained.max() > 0
    assert gained.min() >= 0
    spelt = misheard.replace("Regulars asian", "Regularisation")
    assert words_said(misheard, rubric).max() <= words_said(spelt, rubric).max()
    plain = "We adopted a dog on Sunday and then the garden was full of holes."
    assert np.array_equal(words_said(plain, rubric), words_said(plain, deaf))
