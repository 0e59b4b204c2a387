"""Spoken answers beside a rubric, as the judge reads them; with the real MiniLM."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.judging import assembly, judged, question
from voicecoach.content.model import Point, Question
from voicecoach.practice.reading import read_rubric
from voicecoach.scoring.evidence import nearest_contrast
from voicecoach.wiring import Assembly

MUSHROOMS = "of what's in my basket nine in ten mushrooms are fine to eat"
BASKET = "Well, of the mushrooms in my basket eight in ten are fine to eat."
ACCURACY = "um it tells you the share of all the answers that were right"
SHED = "my uncle came up with it in a shed"


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return assembly(tmp_path_factory.mktemp("spoken"))


def recall(wired: Assembly, *, spoken: tuple[str, ...] = (), denied: tuple[str, ...] = ()) -> Question:
    """The term, with these spoken answers alone to its first point."""
    term = question(wired, "define-recall")

    def of(point: Point) -> Point:
        said = (spoken, denied) if point is term.points[0] else ((), ())
        return replace(point, spoken=said[0], denied=said[1])

    return replace(term, points=tuple(map(of, term.points)))


def test_a_point_is_known_by_how_it_was_said(wired: Assembly) -> None:
    without = judged(wired, recall(wired), BASKET).points[0]
    with_it = judged(wired, recall(wired, spoken=(MUSHROOMS,)), BASKET).points[0]
    assert without.state != "covered"
    assert with_it.probability > without.probability + 0.2


def test_what_was_said_against_a_point_joins_the_contrast_that_says_so(wired: Assembly) -> None:
    question = recall(wired, denied=(ACCURACY, SHED))
    contrasts = read_rubric(question, wired.engines.rubric_vectors).contrasts[0]
    holding = [number for number, each in enumerate(contrasts) if ACCURACY.removeprefix("um ") in each.texts]
    assert len(holding) == 1
    written = question.points[0].contrasts[holding[0]].phrasings
    assert any("of all" in text for text in written)
    assert not any(SHED in each.texts for each in contrasts)


def test_the_lexicon_knows_nothing_of_spoken_answers(wired: Assembly) -> None:
    def lexicon(spoken: tuple[str, ...]) -> object:
        return read_rubric(recall(wired, spoken=spoken), wired.engines.rubric_vectors).lexicon

    assert lexicon((MUSHROOMS,)) == lexicon(())


def test_a_denial_falls_into_a_contrast_that_is_clearly_nearest() -> None:
    one, other = np.array([[1, 0, 0]], np.float32), np.array([[0, 1, 0], [0.6, 0.8, 0]], np.float32)
    assert nearest_contrast(np.array([0.9, 0.1, 0.42], np.float32), [one, other]) == 0
    assert nearest_contrast(np.array([0.1, 0.9, 0.42], np.float32), [one, other]) == 1
    assert nearest_contrast(np.array([0.7, 0.35, 0.6], np.float32), [one, other]) is None, "as near to both"
    assert nearest_contrast(np.array([0.3, 0, 0.95], np.float32), [one]) is None, "near to none"
    assert nearest_contrast(np.array([0.5, 0, 0.8], np.float32), [one]) == 0
    assert nearest_contrast(np.array([1, 0, 0], np.float32), []) is None
