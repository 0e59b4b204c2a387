"""The rules of a round: what is chosen, what comes next, and what it came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.samples import BANK, CARD, IMBALANCE, NOW
from voicecoach.content.model import Bank, FollowUp, Round, Slot
from voicecoach.history.records import Attempt, Standing
from voicecoach.history.rounds import RoundAnswer, RoundRun
from voicecoach.practice.round_report import report
from voicecoach.practice.rounds import (
    MOST_FOLLOW_UPS,
    Ask,
    AskMore,
    Done,
    Judging,
    Move,
    Verdict,
    Wait,
    choose,
    next_move,
    points_of,
    verdict,
)
from voicecoach.scoring.card import PointResult, Quote, RaisedWarning, ScoreCard
from voicecoach.transcript import EngineInfo, Transcript

IDS = ("define-recall", "design-marketplace-recsys", "imbalanced-data", "project-walkthrough")


def standing(question_id: str, last: float, attempts: int = 1) -> Standing:
    return Standing(question_id, attempts, last, last, NOW)


def interview(*slots: tuple[str, ...], trims: bool = False) -> Round:
    return Round("mock", "Mock", "Everything.", tuple(Slot(1, slot) for slot in slots), trims)


def test_what_was_never_tried_comes_first_then_the_lowest_score() -> None:
    slot = ("imbalanced-data", "define-recall", "project-walkthrough")
    known = {each: standing(each, score) for each, score in zip(slot, (80.0, 30.0, 50.0), strict=True)}
    assert choose(interview(slot), BANK, {}, ()) == ("imbalanced-data",)
    assert choose(interview(slot), BANK, known, ()) == ("define-recall",)
    del known["project-walkthrough"]
    assert choose(interview(slot), BANK, known, ()) == ("project-walkthrough",)


def test_nothing_is_asked_twice_in_a_round_nor_in_two_rounds_running() -> None:
    slot = ("imbalanced-data", "define-recall")
    assert choose(interview(slot, slot), BANK, {}, ()) == slot
    assert choose(interview(slot), BANK, {}, {"imbalanced-data"}) == ("define-recall",)
    assert choose(interview(("imbalanced-data",)), BANK, {}, {"imbalanced-data"}) == ("imbalanced-data",)


def test_a_project_of_ones_own_stands_in_for_the_general_walkthrough() -> None:
    slot = ("project-walkthrough",)
    assert choose(interview(slot), BANK, {}, (), ("imbalanced-data",)) == ("imbalanced-data",)
    assert choose(interview(slot), BANK, {}, ()) == ("project-walkthrough",)


def test_of_several_projects_of_ones_own_one_is_asked_where_the_walkthrough_would_be() -> None:
    own = ("imbalanced-data", "define-recall")
    several = Round("mock", "Mock", "", (Slot(2, ("project-walkthrough", "design-marketplace-recsys")),))
    assert choose(several, BANK, {}, (), own) == ("imbalanced-data", "design-marketplace-recsys")
    tried = {"imbalanced-data": standing("imbalanced-data", 50.0)}
    assert choose(several, BANK, tried, (), own) == ("define-recall", "design-marketplace-recsys")
    again = interview(("project-walkthrough",), ("project-walkthrough",), ("project-walkthrough",))
    assert choose(again, BANK, {}, (), own) == own


@given(
    st.lists(st.lists(st.sampled_from((*IDS, "gone")), unique=True, max_size=5).map(tuple), max_size=4),
    st.dictionaries(st.sampled_from(IDS), st.floats(0, 100)),
    st.sets(st.sampled_from(IDS)),
)
def test_every_slot_that_can_be_is_filled_once(
    slots: list[tuple[str, ...]], scores: dict[str, float], asked_last: set[str]
) -> None:
    known = {each: standing(each, score) for each, score in scores.items()}
    chosen = choose(interview(*slots), BANK, known, asked_last)
    assert len(set(chosen)) == len(chosen) <= len(slots)
    assert set(chosen) <= {each for slot in slots for each in slot} - {"gone"}
    for slot in slots:
        assert set(slot) - {"gone"} <= set(chosen) or set(slot) & set(chosen)


def lasting(card: ScoreCard, seconds: float) -> ScoreCard:
    """The card of an answer that long, with two seconds and more of silence behind it on the recording."""
    return replace(card, duration_s=seconds + 5.0, timing=replace(card.timing, duration_s=seconds))


def point(name: str, state: str, weight: float = 1.0) -> PointResult:
    return PointResult(name, name.title(), "define", weight, state, 0.1, None, None, "")  # type: ignore[arg-type]


def test_the_heaviest_point_that_was_missed_is_followed_up_first() -> None:
    asked = replace(
        IMBALANCE,
        follow_ups=(
            FollowUp("rare", "How rare?"),
            FollowUp("accuracy", "Why?"),
            FollowUp("threshold", "Where?"),
        ),
    )
    points = (
        point("rare", "missing"),
        point("accuracy", "contradicted", 2.0),
        point("threshold", "partly", 9.0),
    )
    card = replace(CARD, points=points, accuracy=replace(CARD.accuracy, contradictions=()))
    assert verdict(asked, card) == Verdict(("accuracy", "rare"), is_too_long=True)
    assert verdict(IMBALANCE, card).missed == (), "a point without a follow-up is let go"
    assert not verdict(asked, lasting(card, 90.0)).is_too_long


@pytest.mark.parametrize(
    ("seconds", "over", "under"),
    [(90.4, (), ()), (90.6, (1,), ()), (59.6, (), ()), (59.4, (), (1,))],
)
def test_a_round_asks_again_and_reports_by_the_second_as_the_card_does(
    seconds: float, over: tuple[int, ...], under: tuple[int, ...]
) -> None:
    card = lasting(CARD, seconds)
    run = RoundRun(1, "mock", NOW, None, (RoundAnswer(1, 0, "question", "imbalanced-data", "t1", 11),))
    came_to = report(run, None, ROUND_BANK, {1: attempt(11, "imbalanced-data", card)})
    assert verdict(IMBALANCE, card).is_too_long == bool(over)
    assert (came_to.over, came_to.under) == (over, under)
    assert came_to.questions[0].duration_s == came_to.spoken_s == seconds


@dataclass
class Played:
    """A round that is held by a person who answers as it is written here.

    Attributes:
        missed: By place, what the answer misses.
        passed: Ids of answers that are passed over.
        hurried: Whether verdicts come too late for follow-ups.
    """

    places: int
    missed: Mapping[int, tuple[str, ...]]
    trims: bool = False
    too_long: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()
    late: frozenset[int] = frozenset()
    asked: list[tuple[int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        answers = tuple(RoundAnswer(n + 1, n, "question", f"q{n}") for n in range(self.places))
        self.run = RoundRun(1, "mock", NOW, None, answers)
        self.under_way: set[int] = set()
        self.hurried: set[int] = set()

    def judging(self) -> Judging:
        verdicts = {
            each.id: Verdict(
                self.missed.get(each.place, ()) if each.asked_as == "question" else (),
                each.place in self.too_long and each.asked_as == "question",
            )
            for each in self.run.answers
            if each.attempt_id is not None
        }
        return Judging(verdicts, frozenset(self.under_way), frozenset(self.hurried))

    def change(self, answer: RoundAnswer) -> None:
        answers = tuple(answer if each.id == answer.id else each for each in self.run.answers)
        self.run = replace(self.run, answers=answers)

    def step(self) -> Move:
        move = next_move(self.run, self.judging(), trims=self.trims)
        match move:
            case AskMore(place, asked_as, question_id):
                added = RoundAnswer(len(self.run.answers) + 1, place, asked_as, question_id)
                answers = sorted((*self.run.answers, added), key=lambda each: (each.place, each.id))
                self.run = replace(self.run, answers=tuple(answers))
                assert next_move(self.run, self.judging(), trims=self.trims) == Ask(added)
            case Ask(answer):
                self.asked.append((answer.place, answer.asked_as, answer.question_id))
                if answer.id in self.passed:
                    self.change(replace(answer, is_passed=True))
                else:
                    self.change(replace(answer, take_id=f"take-{answer.id}"))
                    self.under_way.add(answer.id)
            case Wait(answer_ids, is_last):
                assert answer_ids <= self.under_way
                for answer_id in answer_ids:
                    if answer_id in self.late and not is_last:
                        self.hurried.add(answer_id)
                    else:
                        self.under_way.discard(answer_id)
                        answer = next(each for each in self.run.answers if each.id == answer_id)
                        self.change(replace(answer, attempt_id=answer_id))
            case Done():
                assert not self.under_way
        return move

    def play(self) -> "Played":
        for _ in range(200):
            if isinstance(self.step(), Done):
                return self
        raise AssertionError("the round does not end")


POINTS = st.lists(st.sampled_from("abcd"), unique=True).map(tuple)


@given(
    st.integers(1, 5),
    st.dictionaries(st.integers(0, 4), POINTS),
    st.frozensets(st.integers(1, 12)),
    st.frozensets(st.integers(1, 12)),
)
def test_every_question_is_asked_once_and_followed_up_twice_at_most(
    places: int, missed: dict[int, tuple[str, ...]], passed: frozenset[int], late: frozenset[int]
) -> None:
    played = Played(places, missed, passed=passed, late=late).play()
    assert [place for place, asked_as, _ in played.asked if asked_as == "question"] == list(range(places))
    assert [place for place, *_ in played.asked] == sorted(place for place, *_ in played.asked)
    for place in range(places):
        points = [
            points_of(asked) for at, asked_as, asked in played.asked if (at, asked_as) == (place, "follow-up")
        ]
        assert len(points) <= MOST_FOLLOW_UPS
        assert [(each,) for each in missed.get(place, ())][: len(points)] == points
        if place + 1 in passed or (place + 1 in late and place + 1 < places):
            assert points == []


@given(st.integers(1, 5), st.dictionaries(st.integers(0, 4), POINTS), st.frozensets(st.integers(0, 4)))
def test_a_round_about_length_asks_again_what_was_too_long_and_nothing_else(
    places: int, missed: dict[int, tuple[str, ...]], too_long: frozenset[int]
) -> None:
    asked = Played(places, missed, trims=True, too_long=too_long).play().asked
    assert [(place, asked_as) for place, asked_as, _ in asked] == [
        *((place, "question") for place in range(places)),
        *((place, "again") for place in range(places) if place in too_long),
    ]


def test_the_follow_up_waits_for_the_verdict_and_comes_right_behind_its_answer() -> None:
    played = Played(2, {0: ("a", "b", "c")})
    moves = [played.step() for _ in range(10)]
    kinds = [type(move).__name__ for move in moves]
    assert kinds == ["Ask", "Wait", "AskMore", "Ask", "Wait", "AskMore", "Ask", "Wait", "Ask", "Wait"]
    assert moves[1] == Wait(frozenset({1}), is_last=False)
    assert [question_id for *_, question_id in played.asked] == ["q0", "q0#a", "q0#b", "q1"]


def test_an_answer_that_cannot_be_judged_holds_nothing_up() -> None:
    played = Played(2, {0: ("a",)})
    played.step()
    played.under_way.clear()
    assert played.step() == Ask(played.run.answers[1]) or played.asked[-1][0] == 1


def attempt(attempt_id: int, question_id: str, card: ScoreCard) -> Attempt:
    transcript = Transcript((), "en", card.duration_s, EngineInfo("text", ""))
    return Attempt(attempt_id, question_id, None, datetime(2026, 11, 20, tzinfo=UTC), transcript, (), card)


ASKED = replace(IMBALANCE, follow_ups=(FollowUp("accuracy", "Why does accuracy mislead here?"),))
ROUND_BANK = Bank((*BANK.questions[1:], ASKED), BANK.structures, ())


def test_the_report_tells_follow_ups_time_and_what_came_up_again_and_again() -> None:
    warned = RaisedWarning("we", 'It is all "we". Say what you did.', "we did", 1.0, 2.0)
    good = lasting(replace(CARD, overall=81.0, warnings=(warned,)), 75.0)
    poor = lasting(replace(CARD, overall=44.0, cue="Say it shorter.", warnings=(warned,)), 130.0)
    followed = replace(CARD, points=(point("accuracy", "covered"),))
    run = RoundRun(
        7,
        "mock",
        NOW,
        NOW,
        (
            RoundAnswer(1, 0, "question", "imbalanced-data", "t1", 11),
            RoundAnswer(5, 0, "follow-up", "imbalanced-data#accuracy", "t2", 12),
            RoundAnswer(2, 1, "question", "project-walkthrough", "t3", 13),
            RoundAnswer(3, 2, "question", "define-recall", is_passed=True),
            RoundAnswer(4, 3, "question", "design-marketplace-recsys", "t4"),
            RoundAnswer(6, 4, "question", "taken-out"),
        ),
    )
    attempts = {
        1: attempt(11, "imbalanced-data", good),
        5: attempt(12, "imbalanced-data#accuracy", followed),
        2: attempt(13, "project-walkthrough", poor),
    }
    came_to = report(run, interview(), ROUND_BANK, attempts)

    assert [each.outcome for each in came_to.questions] == [
        "judged",
        "judged",
        "passed",
        "unjudged",
        "not asked",
    ]
    first = came_to.questions[0]
    assert (first.number, first.overall, first.attempt_id, first.cue) == (1, 81.0, 11, CARD.cue)
    (follow_up,) = first.follow_ups
    assert (follow_up.asked, follow_up.is_recovered) == ("Why does accuracy mislead here?", True)
    assert (came_to.answered, came_to.followed_up, came_to.recovered) == (2, 1, 1)
    assert (came_to.overall, came_to.spoken_s, came_to.window_s) == (62.5, 205.0, (120.0, 180.0))
    assert (came_to.over, came_to.under, came_to.strongest, came_to.weakest) == ((2,), (), 1, 2)
    assert came_to.questions[4].title == "taken-out"
    again = {each.what: each.numbers for each in came_to.recurring}
    assert again['It is all "we"'] == (1, 2)
    assert again["“Failure mode” was left out"] == (1, 2)
    assert again["something was said wrongly"] == (1, 2)
    assert came_to.cue.startswith("Look up what was said wrongly")
    assert "in 2 of 2 answers something was said wrongly" in came_to.cue


def said_twice(card: ScoreCard) -> dict[str, tuple[int, ...]]:
    """What comes up again and again where a story and a design get that card."""
    asked = ("project-walkthrough", "design-marketplace-recsys")
    answers = (RoundAnswer(n, n, "question", each, f"t{n}", n) for n, each in enumerate(asked, 1))
    run = RoundRun(1, "mock", NOW, NOW, tuple(answers))
    attempts = {n: attempt(n, each, card) for n, each in enumerate(asked, 1)}
    return {each.what: each.numbers for each in report(run, None, ROUND_BANK, attempts).recurring}


def test_an_answer_rambles_by_its_own_length_and_not_by_the_recordings() -> None:
    aside = (Quote("My landlord was painting the stairs.", 20.0, 40.0),)
    wasted = replace(CARD.rambling, seconds_after_last_new_point=0.0, repeats=(), off_point=aside)
    card = replace(lasting(replace(CARD, rambling=wasted), 70.0), duration_s=130.0)
    assert said_twice(card)["it rambled"] == (1, 2)


def test_a_baseline_is_missed_only_where_the_card_remarks_on_it() -> None:
    nothing = "nothing was compared with a baseline"
    silent = replace(CARD, proof=replace(CARD.proof, baselines=()), warnings=())
    assert nothing not in said_twice(silent)
    remark = RaisedWarning("no-baseline", "Name a baseline.", "I trained a forest.", 4.0, 6.5)
    assert said_twice(replace(silent, warnings=(remark,)))[nothing] == (1, 2)


def test_a_second_time_is_told_beside_the_first_and_not_counted() -> None:
    run = RoundRun(
        7,
        "mock",
        NOW,
        None,
        (
            RoundAnswer(1, 0, "question", "imbalanced-data", "t1", 11),
            RoundAnswer(2, 0, "again", "imbalanced-data", "t2", 12),
        ),
    )
    attempts = {
        1: attempt(11, "imbalanced-data", lasting(replace(CARD, overall=60.0), 112.0)),
        2: attempt(12, "imbalanced-data", lasting(replace(CARD, overall=70.0), 84.0)),
    }
    came_to = report(run, None, ROUND_BANK, attempts)
    (only,) = came_to.questions
    assert only.again is not None
    assert (only.duration_s, only.again.duration_s, only.again.attempt_id) == (112.0, 84.0, 12)
    assert (came_to.label, came_to.overall, came_to.recurring) == ("mock", 60.0, ())
    assert came_to.cue.startswith("Question 1: ")


def test_a_question_whose_own_answer_was_deleted_keeps_its_follow_ups_and_nothing_more() -> None:
    run = RoundRun(
        7, "mock", NOW, NOW, (RoundAnswer(5, 0, "follow-up", "imbalanced-data#accuracy", "t2", 12),)
    )
    followed = replace(CARD, points=(point("accuracy", "covered"),))
    came_to = report(run, None, ROUND_BANK, {5: attempt(12, "imbalanced-data#accuracy", followed)})

    (only,) = came_to.questions
    assert (only.question_id, only.title) == ("imbalanced-data", IMBALANCE.title)
    assert (only.outcome, only.overall, only.duration_s, only.attempt_id) == ("not asked", None, None, None)
    assert [(each.attempt_id, each.is_recovered) for each in only.follow_ups] == [(12, True)]
    assert (came_to.answered, came_to.overall, came_to.followed_up) == (0, None, 1)
    assert came_to.cue.startswith("No answer to a whole question is left")


def test_a_round_without_answers_says_so() -> None:
    run = RoundRun(1, "mock", NOW, None, (RoundAnswer(1, 0, "question", "imbalanced-data"),))
    came_to = report(run, None, ROUND_BANK, {})
    assert (came_to.overall, came_to.strongest, came_to.answered) == (None, None, 0)
    assert came_to.cue.startswith("Nothing was answered")
