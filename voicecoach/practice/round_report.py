"""What a round came to: each question with its follow-ups, what came up again and again, one thing to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from voicecoach.content.model import Bank, Round, whole_id
from voicecoach.history.records import Attempt
from voicecoach.history.rounds import RoundAnswer, RoundRun
from voicecoach.practice.round_faults import Recurring, Said, find_recurring
from voicecoach.practice.rounds import points_of, questions_of
from voicecoach.scoring.card import PointState

Outcome = Literal["judged", "unreadable", "unjudged", "passed", "not asked"]
"""What became of a question.

"unreadable" has a card that cannot be read; "unjudged" has a recording that was never judged, or could not
be; "not asked" has no answer, or has none any more.
"""


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    """One follow-up.

    Attributes:
        asked: As the interviewer asked it.
        point: The point's label.
        outcome: What became of it.
        state: Of the point, in the answer to the follow-up; None where there is none.
        attempt_id: The answer's card; None where there is none.
    """

    asked: str
    point: str
    outcome: Outcome
    state: PointState | None
    attempt_id: int | None

    @property
    def is_recovered(self) -> bool:
        """Whether the point was made after all."""
        return self.state == "covered"


@dataclass(frozen=True, slots=True)
class AgainReport:
    """The same question once more, after an answer that was too long.

    Attributes:
        outcome: What became of it.
        duration_s: How long it took this time; None where it was not judged.
        overall: Its number; None where it was not judged.
        attempt_id: Its card; None where there is none.
    """

    outcome: Outcome
    duration_s: float | None
    overall: float | None
    attempt_id: int | None


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One question of the round.

    Attributes:
        number: From 1.
        question_id: What was asked.
        title: Short form; the id where the bank has no such question any more.
        outcome: What became of it.
        overall: 0..100; None where it was not judged.
        duration_s: None where it was not judged.
        target_s: Window in seconds; None where the question is gone and was not judged.
        cue: The one thing to do next time; empty where it was not judged.
        attempt_id: Its card; None where there is none.
        follow_ups: In the order in which they were asked.
        again: The second time, where it was asked for.
    """

    number: int
    question_id: str
    title: str
    outcome: Outcome
    overall: float | None
    duration_s: float | None
    target_s: tuple[float, float] | None
    cue: str
    attempt_id: int | None
    follow_ups: tuple[FollowUpReport, ...]
    again: AgainReport | None


@dataclass(frozen=True, slots=True)
class RoundReport:
    """A whole round.

    Attributes:
        round_id: Which round.
        label: Its name; its id where the bank has no such round any more.
        started_at: Aware, in UTC.
        ended_at: Aware, in UTC; None while it can be gone on with.
        questions: In order.
        overall: Mean over the judged questions, follow-ups and second times not counted; None without any.
        spoken_s: Length of the judged answers.
        window_s: The windows of those questions together, (shortest, longest) in seconds.
        over: Numbers of the questions whose answer was longer than its window.
        under: Numbers of those whose answer was shorter.
        strongest: Number of the question that went best; None where none was better than another.
        weakest: Number of the one that went worst; None where none was worse than another.
        recurring: What came up again and again, the most frequent first.
        cue: The one thing to do before the next round.
    """

    round_id: str
    label: str
    started_at: datetime
    ended_at: datetime | None
    questions: tuple[QuestionReport, ...]
    overall: float | None
    spoken_s: float
    window_s: tuple[float, float]
    over: tuple[int, ...]
    under: tuple[int, ...]
    strongest: int | None
    weakest: int | None
    recurring: tuple[Recurring, ...]
    cue: str

    @property
    def answered(self) -> int:
        """How many questions were judged."""
        return sum(each.outcome == "judged" for each in self.questions)

    @property
    def followed_up(self) -> int:
        """How many follow-ups were answered and judged."""
        return sum(each.outcome == "judged" for one in self.questions for each in one.follow_ups)

    @property
    def recovered(self) -> int:
        """How many follow-ups brought the point after all."""
        return sum(each.is_recovered for one in self.questions for each in one.follow_ups)


def report(
    run: RoundRun, interview: Round | None, bank: Bank, attempts: Mapping[int, Attempt]
) -> RoundReport:
    """Put a round together.

    Args:
        run: As kept.
        interview: Which round it was; None where the bank has it no more.
        bank: For titles, windows and follow-ups.
        attempts: By the id of the answer that they were given to.
    """
    places = [each.place for each in questions_of(run)]
    questions = tuple(
        _question(number, [each for each in run.answers if each.place == place], bank, attempts)
        for number, place in enumerate(places, start=1)
    )
    mains = [_main([each for each in run.answers if each.place == place]) for place in places]
    said = [
        Said(number, attempts[main.id].card)
        for number, main in enumerate(mains, start=1)
        if main is not None and main.id in attempts
    ]
    recurring = find_recurring(said)
    best_first = sorted(said, key=lambda each: -each.card.overall)
    differ = bool(said) and best_first[0].card.overall > best_first[-1].card.overall
    return RoundReport(
        round_id=run.round_id,
        label=interview.label if interview is not None else run.round_id,
        started_at=run.started_at,
        ended_at=run.ended_at,
        questions=questions,
        overall=sum(each.card.overall for each in said) / len(said) if said else None,
        spoken_s=sum(each.card.timing.duration_s for each in said),
        window_s=(
            sum(each.card.timing.target_s[0] for each in said),
            sum(each.card.timing.target_s[1] for each in said),
        ),
        over=tuple(each.number for each in said if each.card.timing.is_over),
        under=tuple(each.number for each in said if each.card.timing.is_under),
        strongest=best_first[0].number if differ else None,
        weakest=best_first[-1].number if differ else None,
        recurring=recurring,
        cue=_cue(recurring, best_first, run.answers, attempts),
    )


def _main(here: Sequence[RoundAnswer]) -> RoundAnswer | None:
    return next((each for each in here if each.asked_as == "question"), None)


def _outcome(answer: RoundAnswer, attempts: Mapping[int, Attempt]) -> Outcome:
    if answer.id in attempts:
        return "judged"
    if answer.attempt_id is not None:
        return "unreadable"
    if answer.is_passed:
        return "passed"
    return "unjudged" if answer.take_id is not None else "not asked"


def _question(
    number: int, here: Sequence[RoundAnswer], bank: Bank, attempts: Mapping[int, Attempt]
) -> QuestionReport:
    main = _main(here)  # None once it has been deleted; a follow-up may be left of the question
    asked = whole_id(here[0].question_id)
    question = bank.find(asked)
    attempt = attempts.get(main.id) if main is not None else None
    card = attempt.card if attempt is not None else None
    again = next((each for each in here if each.asked_as == "again"), None)
    window = question.target_s if question is not None else None
    return QuestionReport(
        number=number,
        question_id=asked,
        title=question.title if question is not None else asked,
        outcome=_outcome(main, attempts) if main is not None else "not asked",
        overall=card.overall if card is not None else None,
        duration_s=card.timing.duration_s if card is not None else None,
        target_s=card.timing.target_s if card is not None else window,
        cue=card.cue if card is not None else "",
        attempt_id=attempt.id if attempt is not None else None,
        follow_ups=tuple(_follow_up(each, bank, attempts) for each in here if each.asked_as == "follow-up"),
        again=_again(again, attempts) if again is not None else None,
    )


def _follow_up(answer: RoundAnswer, bank: Bank, attempts: Mapping[int, Attempt]) -> FollowUpReport:
    question = bank.find(answer.question_id)
    attempt = attempts.get(answer.id)
    wanted = points_of(answer.question_id)
    states = [each.state for each in attempt.card.points if each.id in wanted] if attempt is not None else []
    return FollowUpReport(
        asked=question.text if question is not None else answer.question_id,
        point="; ".join(point.label for point in question.points) if question is not None else "",
        outcome=_outcome(answer, attempts),
        state=states[0] if states else None,
        attempt_id=attempt.id if attempt is not None else None,
    )


def _again(answer: RoundAnswer, attempts: Mapping[int, Attempt]) -> AgainReport:
    attempt = attempts.get(answer.id)
    card = attempt.card if attempt is not None else None
    return AgainReport(
        outcome=_outcome(answer, attempts),
        duration_s=card.timing.duration_s if card is not None else None,
        overall=card.overall if card is not None else None,
        attempt_id=attempt.id if attempt is not None else None,
    )


def _cue(
    recurring: Sequence[Recurring],
    best_first: Sequence[Said],
    answers: Sequence[RoundAnswer],
    attempts: Mapping[int, Attempt],
) -> str:
    if recurring:
        most = recurring[0]
        return f"{most.advice} (in {len(most.numbers)} of {len(best_first)} answers {_lower(most.what)})"
    if best_first:
        weakest = best_first[-1]
        which = ", the weakest" if len(best_first) > 1 else ""
        return f"Question {weakest.number}{which}: {weakest.card.cue}"
    if any(_outcome(each, attempts) == "unjudged" for each in answers):
        return (
            "No answer to a whole question has been judged yet: u on the home screen offers the recordings, "
            "unless they were deleted."
        )
    if any(each.attempt_id is not None for each in answers):
        return "No answer to a whole question is left: begin a round when you have the time for all of it."
    return "Nothing was answered: begin a round when you have the time for all of it."


def _lower(text: str) -> str:
    return text if text.startswith("“") else text[:1].lower() + text[1:]
