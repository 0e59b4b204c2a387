"""The rules of a round: which questions it asks, and what comes next.

Everything here follows from what is kept of the round (history.rounds), so that one which was interrupted
goes on where it stopped.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from voicecoach.content.model import AND, FOCUS, Bank, Question, Round, whole_id
from voicecoach.history.records import Standing
from voicecoach.history.rounds import AskedAs, RoundAnswer, RoundRun
from voicecoach.scoring.card import PointState, ScoreCard

MOST_FOLLOW_UPS = 2
"""To one question, as an interviewer would: once, and once more."""

MISSED: frozenset[PointState] = frozenset({"missing", "contradicted"})
"""What is followed up. A point that may have been said is let go."""

UNTRIED = -1.0
"""Below every score: what was never tried comes first."""


GENERAL_WALKTHROUGH = "project-walkthrough"
"""The question that a project of the person's own stands in for."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the round needs to know of one judged answer.

    Attributes:
        missed: Points of the question that were missed or said wrongly and have a follow-up, the one with the
            greatest weight first.
        is_too_long: Whether it took longer than its window.
    """

    missed: tuple[str, ...]
    is_too_long: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask what is kept already."""

    answer: RoundAnswer


@dataclass(frozen=True, slots=True)
class AskMore:
    """Ask something that is not kept yet: a follow-up, or an answer again."""

    place: int
    asked_as: AskedAs
    question_id: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing can be asked before one of these answers is judged.

    Attributes:
        answer_ids: Those that are being judged.
        is_last: Whether everything has been asked; otherwise only a follow-up depends on it.
    """

    answer_ids: frozenset[int]
    is_last: bool


@dataclass(frozen=True, slots=True)
class Done:
    """Everything has been asked, and all that can be judged is judged."""


Move = Ask | AskMore | Wait | Done


@dataclass(frozen=True, slots=True)
class Judging:
    """How far the answers of a round are; what is not named here is waiting, passed or could not be judged.

    Attributes:
        verdicts: Of the judged answers, by answer id.
        under_way: Answers that are being judged.
        hurried: Those among them whose follow-up is not waited for any longer.
    """

    verdicts: Mapping[int, Verdict]
    under_way: AbstractSet[int] = frozenset()
    hurried: AbstractSet[int] = frozenset()


def choose(
    interview: Round,
    bank: Bank,
    standings: Mapping[str, Standing],
    asked_last: Collection[str],
    own_walkthroughs: Sequence[str] = (),
) -> tuple[str, ...]:
    """The questions of a round, one slot after the other.

    Within a slot first what the last round did not ask, then what was never tried, then the lowest last
    score; what is equal stays in the slot's own order.

    Args:
        interview: The round.
        bank: Questions that are not in it are passed over.
        standings: How the person stands, by question id.
        asked_last: What the last round asked that was answered or passed, whichever round it was.
        own_walkthroughs: The person's own projects, one of which takes the place of the general walkthrough.
    """
    chosen: list[str] = []

    def rank(question_id: str) -> tuple[bool, float]:
        standing = standings.get(question_id)
        return question_id in asked_last, UNTRIED if standing is None else standing.last

    def asked_instead(question_id: str) -> str:
        if question_id != GENERAL_WALKTHROUGH or not own_walkthroughs:
            return question_id
        return min(own_walkthroughs, key=lambda own: (own in chosen, *rank(own)))

    for slot in interview.slots:
        named = map(asked_instead, slot.questions)
        known = [each for each in named if bank.find(each) is not None and each not in chosen]
        best = sorted(known, key=rank)[: slot.ask]
        # In a slot that asks several, their order is the slot's, whatever made them the better choice.
        chosen += best if slot.ask == 1 else [each for each in known if each in best]
    return tuple(chosen)


def verdict(question: Question, card: ScoreCard) -> Verdict:
    """What a card means for the round.

    Args:
        question: What was asked; its follow-ups are what can be asked next.
        card: Of the answer to it.
    """
    weights = {
        point.id: point.weight
        for point in card.points
        if point.state in MISSED or any(point.id == each.point for each in card.accuracy.contradictions)
    }
    can_follow = [each.point for each in question.follow_ups if each.point in weights]
    return Verdict(
        missed=tuple(sorted(dict.fromkeys(can_follow), key=lambda point: -weights[point])),
        is_too_long=card.timing.is_over,
    )


def next_move(run: RoundRun, judging: Judging, *, trims: bool) -> Move:
    """What an interviewer does now.

    Args:
        run: The round so far.
        judging: How far its answers are.
        trims: Whether it is a round about length (see Round.trims).
    """

    def waits(answer: RoundAnswer) -> bool:
        return answer.is_waiting and answer.id not in judging.under_way

    first_time = [each for each in run.answers if each.asked_as != "again"]
    if not trims:
        move = _follow_up([each for each in first_time if each.place == _place(first_time, waits)], judging)
        if move is not None:
            return move
    waiting = next(filter(waits, first_time), None)
    if waiting is not None:
        return Ask(waiting)
    if judging.under_way:
        return Wait(frozenset(judging.under_way), is_last=True)
    return next(_second_time(run, judging), Done()) if trims else Done()


def _place(answers: Sequence[RoundAnswer], waits: Callable[[RoundAnswer], bool]) -> int | None:
    """Which question the interviewer is at."""
    return max((each.place for each in answers if not waits(each)), default=None)


def _follow_up(here: Sequence[RoundAnswer], judging: Judging) -> Move | None:
    """What is still to be asked about one question, whose answers these are; None for nothing."""
    if not here or here[0].asked_as != "question":  # the first answer has been deleted since
        return None
    main, latest = here[0], here[-1]
    if latest.is_waiting and latest.id not in judging.under_way:
        return Ask(latest)
    if latest.id in judging.under_way:
        return None if latest.id in judging.hurried else Wait(frozenset({latest.id}), is_last=False)
    said = judging.verdicts.get(main.id)
    if said is None or latest.id not in judging.verdicts or len(here) > MOST_FOLLOW_UPS:
        return None
    asked = {point for each in here[1:] for point in points_of(each.question_id)}
    point = next((each for each in said.missed if each not in asked), None)
    if point is None:
        return None
    return AskMore(main.place, "follow-up", f"{whole_id(main.question_id)}{FOCUS}{point}")


def _second_time(run: RoundRun, judging: Judging) -> Iterator[Move]:
    """Answers that were too long, each once more."""
    again = {each.place: each for each in run.answers if each.asked_as == "again"}
    for main in (each for each in run.answers if each.asked_as == "question"):
        said = judging.verdicts.get(main.id)
        if said is None or not said.is_too_long:
            continue
        if main.place not in again:
            yield AskMore(main.place, "again", main.question_id)
        elif again[main.place].is_waiting:
            yield Ask(again[main.place])


def questions_of(run: RoundRun) -> tuple[RoundAnswer, ...]:
    """The questions of a round in order, each as the first that is left of it.

    Deleting an attempt deletes its answer: of a question whose own answer has gone a follow-up may be left,
    and where nothing is left the round has one question less.
    """
    first: dict[int, RoundAnswer] = {}
    for answer in run.answers:
        first.setdefault(answer.place, answer)
    return tuple(first.values())


def points_of(question_id: str) -> tuple[str, ...]:
    """The points that an id narrows its question to; none where it asks for all."""
    _, _, points = question_id.partition(FOCUS)
    return tuple(points.split(AND)) if points else ()
