"""Which clauses are set beside which wordings."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.judging import answer_of, assembly, question
from voicecoach.practice.reading import read_rubric
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.accuracy import READING_WEIGHT, suspicions
from voicecoach.scoring.close_reading import (
    LEAST_WORDS,
    MOST_CLAUSES,
    WORDINGS_A_SIDE,
    comparisons,
    leaning,
)
from voicecoach.scoring.coverage import READ_FROM, cover
from voicecoach.scoring.evidence import MOST_READ, Answer, Reading, Rubric
from voicecoach.scoring.judge import judge
from voicecoach.wiring import Assembly

SAID = (
    "Okay, so. Recall is the share of the actual positives that the model finds. "
    "It is the share of the flagged cases that are really positive. "
    "It does not care how many false alarms there are. "
    "I would want it high when a missed case costs a lot. The sea was calm and the boats lay in the harbour."
)


ONE_CLAUSE = "Cold start is when the server takes long to boot up in the morning."


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return assembly(tmp_path_factory.mktemp("comparisons"))


@pytest.fixture(scope="module")
def rubric(wired: Assembly) -> Rubric:
    return read_rubric(question(wired, "define-recall"), wired.engines.rubric_vectors)


@pytest.fixture(scope="module")
def answer(wired: Assembly, rubric: Rubric) -> Answer:
    return answer_of(wired, rubric, transcript_of(SAID, None))


def test_a_clause_near_to_a_wrong_statement_is_set_beside_its_nearest_wordings(
    rubric: Rubric, answer: Answer
) -> None:
    found = comparisons(rubric, answer)

    definition = [point.id for point in rubric.question.points].index("definition")
    swapped = answer.windows_of_one()[1]
    compared = found[definition, swapped]
    assert compared.text == "It is the share of the flagged cases that are really positive."
    assert len(compared.rights) == len(compared.wrongs) == WORDINGS_A_SIDE
    cosines = answer.vectors[swapped] @ rubric.points[definition].vectors.T
    assert compared.rights[0] == rubric.points[definition].texts[int(cosines.argmax())]
    wrong = {text for contrast in rubric.contrasts[definition] for text in contrast.texts}
    assert set(compared.wrongs) <= wrong


def test_fragments_long_stretches_and_talk_of_something_else_are_not_compared(
    rubric: Rubric, answer: Answer
) -> None:
    best = cover(rubric, answer).best
    found = [(point, window) for point, window in comparisons(rubric, answer) if window != best[point]]

    assert found
    for point, window in found:
        assert rubric.contrasts[point]
        cut = answer.windows[window]
        assert cut.last - cut.first < MOST_CLAUSES
        assert len(cut.text.split()) >= LEAST_WORDS
        # Two clauses may hold the sea beside something that is near.
        assert not cut.text.startswith("The sea")


def test_the_words_that_say_a_point_best_are_read_where_they_may_say_it(
    rubric: Rubric, answer: Answer
) -> None:
    unread = cover(rubric, replace(answer, readings={}))
    likely = [unread.probability(point) >= READ_FROM for point in range(len(rubric.points))]

    assert any(likely)
    assert all(
        ((point, unread.best[point]) in answer.readings) >= is_likely
        for point, is_likely in enumerate(likely)
    )


def test_a_reading_of_the_best_words_moves_how_likely_their_point_was_said_and_no_other(
    rubric: Rubric, answer: Answer
) -> None:
    unread = cover(rubric, replace(answer, readings={}))
    point = max(range(len(rubric.points)), key=unread.probability)
    place = point, unread.best[point]
    said = cover(rubric, replace(answer, readings={place: Reading(-0.01, -6.0, -6.0)}))
    not_said = cover(rubric, replace(answer, readings={place: Reading(-6.0, -0.01, -6.0)}))

    assert not_said.probability(point) < unread.probability(point) < said.probability(point)
    assert not_said.best == unread.best == said.best
    for other in range(len(rubric.points)):
        if other != point:
            assert said.probability(other) == unread.probability(other)


def test_words_elsewhere_change_nothing_of_what_was_said(rubric: Rubric, answer: Answer) -> None:
    unread = cover(rubric, replace(answer, readings={}))
    elsewhere = next(i for i in range(len(answer.windows)) if i != unread.best[0])
    read = cover(rubric, replace(answer, readings={(0, elsewhere): Reading(-6.0, -0.01, -6.0)}))

    assert read.probability(0) == unread.probability(0)


def test_every_comparison_is_read_and_nothing_else(rubric: Rubric, answer: Answer) -> None:
    assert set(answer.readings) == set(comparisons(rubric, answer))


def test_nothing_said_is_compared_with_nothing(wired: Assembly, rubric: Rubric) -> None:
    assert answer_of(wired, rubric, transcript_of("", None)).readings == {}


@pytest.mark.parametrize(
    ("log_odds", "counted"), [(0.5, 0.5), (-3.0, -3.0), (9.0, MOST_READ), (-9.0, -MOST_READ)]
)
def test_a_reading_moves_the_margins_of_its_point_and_of_no_other(
    wired: Assembly, log_odds: float, counted: float
) -> None:
    rubric = read_rubric(question(wired, "define-cold-start"), wired.engines.rubric_vectors)
    said = answer_of(wired, rubric, transcript_of(ONE_CLAUSE, None))
    (place,) = said.readings

    def margins(answer: Answer) -> dict[tuple[int, int | None], float]:
        return {(each.point, each.contrast): each.margin for each in suspicions(rubric, answer, least=-9.0)}

    before = margins(replace(said, readings={}))
    after = margins(replace(said, readings={place: reading_of(log_odds)}))

    assert {point for point, _ in before} == {place[0]}
    assert before.keys() == after.keys()
    for contrast, margin in before.items():
        assert after[contrast] - margin == pytest.approx(READING_WEIGHT * counted)


def test_long_answers_are_not_read_again(wired: Assembly) -> None:
    asked = question(wired, "precision-vs-recall")
    rubric = read_rubric(asked, wired.engines.rubric_vectors)
    said = answer_of(
        wired, rubric, transcript_of("Recall is the share of the flagged cases that are real.", None)
    )

    lies = leaning(rubric, said)

    assert lies is not None
    assert any(close for contrasts in lies.close for close in contrasts)
    assert said.readings == {}


def test_what_only_the_network_finds_is_called_wrong_with_it_and_shown_to_check_without(
    wired: Assembly,
) -> None:
    rubric = read_rubric(question(wired, "define-cold-start"), wired.engines.rubric_vectors)
    said = answer_of(wired, rubric, transcript_of(ONE_CLAUSE, None))

    (wrong,) = judge(rubric, said).accuracy.contradictions
    unread = judge(rubric, replace(said, readings={})).accuracy

    assert wrong.quote == ONE_CLAUSE
    assert unread.contradictions == ()
    assert [note.quote for note in unread.check] == [ONE_CLAUSE]


def reading_of(log_odds: float) -> Reading:
    contradicts = 1 / (1 + np.exp(-log_odds))
    return Reading(
        *(float(np.log(each)) for each in ((1 - contradicts) / 2, contradicts, (1 - contradicts) / 2))
    )


def test_log_odds_are_those_of_the_probabilities() -> None:
    even = Reading(states=-1.386294, contradicts=-0.693147, neither=-1.386294)

    assert even.contradiction == pytest.approx(0.0, abs=1e-5)
    certain = Reading(states=-20.0, contradicts=-0.0001, neither=-20.0)
    assert (certain.contradiction, certain.statement) == (MOST_READ, -MOST_READ)
