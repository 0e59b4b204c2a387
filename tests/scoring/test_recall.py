from collections.abc import Sequence
from dataclasses import replace
from math import log10

import numpy as np
import pytest

from tests.support.judging import answer_of, assembly, question
from voicecoach.content.model import Question
from voicecoach.content.spelling import per_million
from voicecoach.practice.reading import read_rubric
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.coverage import BARE, cover, regression_for
from voicecoach.scoring.evidence import Rubric
from voicecoach.scoring.recall import COMMONEST, EMPTY_WEIGHT, RAREST, WordVectors, is_bare, recalls
from voicecoach.wiring import Assembly

WORDINGS = ("name a baseline", "compare it with the nightly average")
QUESTION = "How would you evaluate a demand forecast?"


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return assembly(tmp_path_factory.mktemp("recall"))


def bare(wired: Assembly, *phrasings: str) -> Question:
    """A person's own question: one point, without contrasts and spoken answers."""
    shipped = question(wired, "improve-mediocre-model")
    point = replace(shipped.points[0], phrasings=phrasings, contrasts=(), spoken=(), denied=())
    return replace(shipped, text=QUESTION, title=QUESTION, points=(point,), remarks=())


def rubric_of(wired: Assembly, own: Question) -> Rubric:
    return read_rubric(own, wired.engines.rubric_vectors)


def recall(wired: Assembly, own: Question, text: str) -> float:
    """How much of the first point the answer says, in its best window."""
    recalls = answer_of(wired, rubric_of(wired, own), transcript_of(text, None)).recalls
    assert recalls is not None
    return float(recalls[0].max())


def test_what_is_said_word_for_word_is_recalled_whole(wired: Assembly) -> None:
    assert recall(wired, bare(wired, WORDINGS[0]), "Name a baseline.") == pytest.approx(1.0, abs=0.01)


def test_each_wording_counts_and_the_best_two_of_them_most(wired: Assembly) -> None:
    own = bare(wired, *WORDINGS, "weather on the moon")
    one, both = "Name a baseline.", "Name a baseline, and compare it with the nightly average."

    assert recall(wired, own, one) < recall(wired, own, both)
    assert recall(wired, own, both) > 0.9


def spelled(texts: Sequence[str]) -> list[WordVectors]:
    """Words at right angles to one another, the same in every text; a hyphen parts two pieces of one."""
    known: dict[str, int] = {}
    found = []
    for text in texts:
        words = tuple(text.strip(".").lower().split())
        pieces = [(word, piece) for word, text in enumerate(words) for piece in text.split("-")]
        rows = [known.setdefault(piece, len(known)) for _, piece in pieces]
        found.append(
            WordVectors(words, tuple(word for word, _ in pieces), np.eye(64, dtype=np.float16)[rows])
        )
    return found


def exactly(wired: Assembly, own: Question, text: str) -> float:
    rubric = rubric_of(wired, own)
    answer = answer_of(wired, rubric, transcript_of(text, None))
    return float(recalls(rubric, answer, spelled)[0].max())


def test_a_word_weighs_what_its_rarity_says_and_one_without_content_next_to_nothing(wired: Assembly) -> None:
    own = bare(wired, "the quantile of xylophones")
    rare = log10(COMMONEST / max(per_million("quantile"), RAREST)) / log10(COMMONEST / RAREST)
    other = log10(COMMONEST / max(per_million("xylophones"), RAREST)) / log10(COMMONEST / RAREST)
    total = rare + other + 2 * EMPTY_WEIGHT

    assert exactly(wired, own, "quantile") == pytest.approx(rare / total, abs=1e-6)
    assert exactly(wired, own, "the quantile of") == pytest.approx(
        (rare + 2 * EMPTY_WEIGHT) / total, abs=1e-6
    )
    assert exactly(wired, own, "xylophones") == pytest.approx(other / total, abs=1e-6)


def test_the_pieces_of_a_word_share_its_weight(wired: Assembly) -> None:
    own = bare(wired, "xylo-phones of")
    whole = exactly(wired, own, "xylo-phones")

    assert whole == pytest.approx(1 / (1 + EMPTY_WEIGHT), abs=1e-6)
    assert exactly(wired, own, "xylo") == pytest.approx(whole / 2, abs=1e-6)


def test_a_word_is_weighed_with_its_apostrophe(wired: Assembly) -> None:
    """As pieces of their own "didn" and "s" would be as rare as any term."""
    assert exactly(wired, bare(wired, "it's xylophones"), "it's") == pytest.approx(0.05 / 1.05, abs=1e-6)
    model = exactly(wired, bare(wired, "model quantile"), "model")
    assert exactly(wired, bare(wired, "model's quantile"), "model's") == pytest.approx(model, abs=0.01)


def test_words_of_the_question_count_a_quarter(wired: Assembly) -> None:
    """Whoever only repeats what was asked has said little of a point that holds the same words."""
    own = bare(wired, "xylophones quantiles")
    asked = replace(own, text="Why xylophones?", title="Xylophones")

    assert exactly(wired, own, "xylophones") == pytest.approx(0.5, abs=0.01)
    assert exactly(wired, asked, "xylophones") == pytest.approx(0.2, abs=0.01)


def test_only_the_words_of_a_window_count_for_it(wired: Assembly) -> None:
    own = bare(wired, "name a baseline")
    text = "We waited for a week. Nothing came of it. Then it rained. I would name a baseline."
    answer = answer_of(wired, rubric_of(wired, own), transcript_of(text, None))
    assert answer.recalls is not None

    said = [answer.recalls[0][i] for i, w in enumerate(answer.windows) if w.last == len(answer.clauses) - 1]
    besides = [answer.recalls[0][i] for i, w in enumerate(answer.windows) if "baseline" not in w.text]

    assert answer.recalls.shape == (1, len(answer.windows))
    assert min(said) > max(besides) + 0.2


def test_silence_recalls_nothing(wired: Assembly) -> None:
    own = bare(wired, "name a baseline")
    rubric, silence = rubric_of(wired, own), transcript_of("", None)
    answer = answer_of(wired, rubric, silence)

    assert recalls(rubric, answer, lambda _: []).shape == (1, 0)
    assert cover(rubric, answer).probability(0) == 0.0


def test_a_rubric_is_read_word_by_word_where_it_has_no_spoken_answers(wired: Assembly) -> None:
    shipped, own = question(wired, "improve-mediocre-model"), bare(wired, "name a baseline")
    contrasted = replace(own, points=(replace(own.points[0], contrasts=shipped.points[0].contrasts),))
    said = transcript_of("I would name a baseline.", None)

    for each, is_read in (
        (own, True),
        (contrasted, True),
        (shipped, False),
        (shipped.narrowed([shipped.points[0].id]), False),
        (replace(own, remarks=shipped.remarks), False),
    ):
        rubric = rubric_of(wired, each)
        answer = answer_of(wired, rubric, said)
        assert is_bare(rubric) == is_read
        assert (answer.recalls is not None) == is_read
        assert (regression_for(rubric, answer) is BARE) == is_read


def test_an_own_question_is_covered_by_what_says_its_points(wired: Assembly) -> None:
    shipped = question(wired, "improve-mediocre-model")
    points = tuple(
        replace(point, phrasings=point.phrasings[:4], contrasts=(), spoken=(), denied=())
        for point in shipped.points
    )
    own = replace(shipped, points=points, remarks=())
    rubric = rubric_of(wired, own)

    told = cover(rubric, answer_of(wired, rubric, transcript_of(own.model_answer, None)))
    astray = cover(
        rubric, answer_of(wired, rubric, transcript_of(question(wired, "define-ndcg").model_answer, None))
    )
    heard = [told.probability(i) for i in range(len(points))]
    beside = [astray.probability(i) for i in range(len(points))]

    assert np.mean(heard) > 0.6
    assert np.mean(beside) < 0.2
