import re
from dataclasses import replace

import pytest

from tests.cli.samples import CARD, QUESTION
from voicecoach.scoring.advice import one_cue
from voicecoach.scoring.card import Accuracy, Contradiction, PointState, Quote, ScoreCard
from voicecoach.scoring.coverage import covered_fraction
from voicecoach.scoring.overall import overall, parts_of, scores_on

LONG = replace(QUESTION, kind="fundamentals")
"""Structure and proof count in it."""

CALM = replace(
    CARD.rambling,
    score=100.0,
    cut=(),
    off_point=(),
    repeats=(),
    seconds_after_last_new_point=0.0,
    relevance=100.0,
)
WRONG = Contradiction(
    "trap", "it is the share of alarms that were right", 4.0, 8.0, "That is precision.", 0.4
)


def told(*states: PointState, card: ScoreCard = CARD) -> ScoreCard:
    """The card with its points in these states, its parts at their best, and its number worked out."""
    points = tuple(replace(p, state=state) for p, state in zip(card.points, states, strict=True))
    return counted(
        replace(
            card,
            points=points,
            accuracy=Accuracy("right", (), ()),
            structure=replace(card.structure, score=100.0),
            rambling=CALM,
            timing=replace(card.timing, score=100.0),
            delivery=replace(card.delivery, score=100.0),
            proof=replace(card.proof, score=100.0),
        )
    )


def counted(card: ScoreCard) -> ScoreCard:
    return replace(card, overall=overall(parts_of(LONG, covered_fraction(card.points), scores_on(card))))


def worth(cue: str) -> int:
    found = re.search(r"\(worth about (\d+) points?\)\.$", cue)
    assert found, cue
    return int(found[1])


@pytest.mark.parametrize("states", [("covered", "missing"), ("missing", "covered"), ("missing", "missing")])
def test_a_point_is_worth_what_the_number_gains_with_it(states: tuple[PointState, ...]) -> None:
    card = told(*states)
    cue = one_cue(LONG, card)
    best = max(
        told(*("covered" if i == mended else state for i, state in enumerate(states))).overall
        for mended, state in enumerate(states)
        if state == "missing"
    )
    assert worth(cue) == round(best - card.overall)


def test_an_answer_to_another_question_is_told_so() -> None:
    lost = told("covered", "covered", card=CARD)
    astray = counted(replace(lost, rambling=replace(lost.rambling, relevance=0.0)))
    assert one_cue(LONG, astray).startswith(f"Answer what was asked, “{LONG.title}”")
    nearly = counted(replace(lost, rambling=replace(lost.rambling, relevance=60.0)))
    assert "what was asked" not in one_cue(LONG, nearly)


def test_a_missing_point_comes_with_its_place_and_its_words() -> None:
    cue = one_cue(LONG, told("covered", "missing"))
    assert "After “What it is”, around 0:14, add a sentence: name the trap" in cue
    assert "for instance “Flag all”" in cue


def test_an_answer_that_says_nothing_yet_is_told_what_to_say_and_not_in_which_order() -> None:
    card = told("missing", "missing")
    disordered = replace(card.structure, score=0.0, order=("trap", "what"))
    assert "add a sentence" in one_cue(LONG, counted(replace(card, structure=disordered)))


def test_disorder_names_the_beat_that_comes_too_late() -> None:
    card = told("covered", "covered")
    first, second = card.structure.beats
    beats = (replace(first, start_s=20.0, end_s=25.0), replace(second, start_s=2.0, end_s=9.0))
    structure = replace(card.structure, score=40.0, beats=beats, order=("trap", "what"), missing=())
    cue = one_cue(LONG, counted(replace(card, structure=structure)))
    expected = "Move “What it is” up: it came at 0:20, and belongs before “The trap” (worth about 4 points)."
    assert cue == expected


def test_going_back_between_beats_in_order_is_quoted() -> None:
    card = told("covered", "covered")
    back = (Quote("oh and before that we counted every user once a day", 14.0, 18.0),)
    structure = replace(card.structure, score=40.0, order=("what", "trap"), missing=(), went_back=back)
    cue = one_cue(LONG, counted(replace(card, structure=structure)))
    assert cue.startswith("Say each thing where it belongs: at 0:14 you went back, “oh and before that we")

    lacking = replace(structure, missing=("trap",), order=("what",))
    assert "give “The trap” a sentence of its own" in one_cue(LONG, counted(replace(card, structure=lacking)))


def test_a_wrong_statement_is_worth_its_point_and_its_cost() -> None:
    right = told("covered", "covered")
    card = counted(replace(told("covered", "contradicted"), accuracy=Accuracy("wrong", (WRONG,), ())))
    cue = one_cue(LONG, card)
    assert cue.startswith(
        "Mend what you said at 0:04, “it is the share of alarms that were …”: That is precision"
    )
    assert worth(cue) == round(right.overall - card.overall)


def test_where_everything_is_there_nothing_stands_out() -> None:
    assert one_cue(LONG, told("covered", "covered")).startswith("Nothing stands out.")


def test_a_statement_of_ones_own_is_told_as_it_stands() -> None:
    own = replace(LONG, points=tuple(replace(p, statement="I built the table") for p in LONG.points))
    half, missing = one_cue(own, told("covered", "partly")), one_cue(own, told("covered", "missing"))
    assert "this was only half there. Say it outright, for instance “" in half
    assert "add a sentence, for instance “" in missing


def with_delivery(**changes: object) -> ScoreCard:
    card = told("covered", "covered")
    plain = replace(card.delivery, score=0.0, words_per_minute=150.0, fillers=0, long_pauses=())
    return counted(replace(card, delivery=replace(plain, **changes)))  # type: ignore[arg-type]


def test_of_how_it_sounded_what_cost_most_is_told() -> None:
    gaps = tuple(Quote(f"so then {i}", 5.0 * i, 5.0 * i + 2.0 + i) for i in range(4))
    many = {"words_per_minute": 172.0, "long_pauses": gaps, "fillers": 3}
    assert one_cue(LONG, with_delivery(**many)).startswith("Bridge the 5.0 s gap at 0:15")
    assert one_cue(LONG, with_delivery(**many, filled_pauses=gaps * 2)).startswith("Swap “um”")
    assert one_cue(LONG, with_delivery(words_per_minute=230.0, fillers=3)).startswith("Slow down: 230 words")
    assert one_cue(LONG, with_delivery(words_per_minute=60.0)).startswith("Pick up the pace: 60 words")


def test_silence_after_the_answer_changes_no_cue() -> None:
    gaps = tuple(Quote(f"so then {i}", 5.0 * i, 5.0 * i + 1.6) for i in range(8))
    card = with_delivery(fillers=3, filled_pauses=gaps)
    assert one_cue(LONG, card).startswith("Swap “um”")
    assert one_cue(LONG, replace(card, duration_s=card.timing.duration_s + 600.0)) == one_cue(LONG, card)


def test_a_story_without_an_i_is_told_so() -> None:
    card = told("covered", "covered")
    proof = replace(card.proof, score=50.0, first_person=0, vague=())
    story = replace(LONG, kind="story")
    assert "say what you did yourself: no sentence says “I” and what you did" in one_cue(
        story, counted(replace(card, proof=proof))
    )


def test_less_than_half_a_second_beside_the_window_is_no_matter_of_length() -> None:
    card = told("covered", "covered")
    for seconds in (card.timing.target_s[0] - 0.4, card.timing.target_s[1] + 0.4):
        beside = replace(card, timing=replace(card.timing, score=40.0, duration_s=seconds))
        assert one_cue(LONG, counted(beside)).startswith("Nothing stands out.")
