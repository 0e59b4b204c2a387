"""What a round came to: each question with its follow-ups, what came up again and again, one thing to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from voicecoach.content.model import Bank, Kind, Question, Round
from voicecoach.history.records import Attempt
from voicecoach.history.rounds import RoundAnswer, RoundRun
from voicecoach.practice.rounds import points_of
from voicecoach.scoring.card import PointState, ScoreCard
from voicecoach.scoring.rambling import wasted_seconds

Outcome = Literal["judged", "unjudged", "passed", "not asked"]
"""What became of a question; "unjudged" has a recording that was never judged, or could not be."""

RAMBLING_SHARE, RAMBLING_S = 0.25, 15.0
"""An answer rambles when this share of it and this many seconds added nothing."""

MANY_FILLERS = 12.0
"""A minute: from here on they cost credibility (Laske & DiGennaro Reed 2024)."""

AGAIN_AND_AGAIN = 2
"""Answers that must share a fault before it is the round's."""

_CLAIMING: frozenset[Kind] = frozenset({"story", "design", "experimentation", "llm"})
"""Kinds of question whose answer claims something that wants a baseline."""


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    """One follow-up.

    Attributes:
        question_id: Names the point.
        asked: As the interviewer asked it.
        point: The point's label.
        outcome: What became of it.
        state: Of the point, in the answer to the follow-up; None where there is none.
        attempt_id: The answer's card; None where there is none.
    """

    question_id: str
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
class Recurring:
    """What came up in several answers.

    Attributes:
        what: In words: "nothing was compared with a baseline".
        advice: What to do about it, as an instruction.
        numbers: The questions it came up in, from 1.
    """

    what: str
    advice: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoundReport:
    """A whole round.

    Attributes:
        run_id: As kept.
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
        strongest: Number of the question that went best; None with fewer than two judged.
        weakest: Number of the one that went worst; None with fewer than two judged.
        recurring: What came up again and again, the most frequent first.
        cue: The one thing to do before the next round.
    """

    run_id: int
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


@dataclass(frozen=True, slots=True)
class _Said:
    """One judged answer to a question of the round."""

    number: int
    question: Question | None
    card: ScoreCard


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
    places = sorted({answer.place for answer in run.answers})
    questions = tuple(
        _question(number, [each for each in run.answers if each.place == place], bank, attempts)
        for number, place in enumerate(places, start=1)
    )
    mains = [_main([each for each in run.answers if each.place == place]) for place in places]
    said = [
        _Said(number, bank.find(main.question_id), attempts[main.id].card)
        for number, main in enumerate(mains, start=1)
        if main is not None and main.id in attempts
    ]
    recurring = _recurring(said)
    best_first = sorted(said, key=lambda each: -each.card.overall)
    return RoundReport(
        run_id=run.id,
        round_id=run.round_id,
        label=interview.label if interview is not None else run.round_id,
        started_at=run.started_at,
        ended_at=run.ended_at,
        questions=questions,
        overall=sum(each.card.overall for each in said) / len(said) if said else None,
        spoken_s=sum(each.card.duration_s for each in said),
        window_s=(
            sum(each.card.timing.target_s[0] for each in said),
            sum(each.card.timing.target_s[1] for each in said),
        ),
        over=tuple(each.number for each in said if _is_over(each.card)),
        under=tuple(each.number for each in said if _is_under(each.card)),
        strongest=best_first[0].number if len(said) > 1 else None,
        weakest=best_first[-1].number if len(said) > 1 else None,
        recurring=recurring,
        cue=_cue(recurring, best_first),
    )


def _main(here: Sequence[RoundAnswer]) -> RoundAnswer | None:
    return next((each for each in here if each.asked_as == "question"), None)


def _outcome(answer: RoundAnswer, attempts: Mapping[int, Attempt]) -> Outcome:
    if answer.id in attempts:
        return "judged"
    if answer.is_passed:
        return "passed"
    return "unjudged" if answer.take_id is not None else "not asked"


def _question(
    number: int, here: Sequence[RoundAnswer], bank: Bank, attempts: Mapping[int, Attempt]
) -> QuestionReport:
    main = _main(here) or here[0]
    question = bank.find(main.question_id)
    attempt = attempts.get(main.id)
    card = attempt.card if attempt is not None else None
    again = next((each for each in here if each.asked_as == "again"), None)
    window = question.target_s if question is not None else None
    return QuestionReport(
        number=number,
        question_id=main.question_id,
        title=question.title if question is not None else main.question_id,
        outcome=_outcome(main, attempts),
        overall=card.overall if card is not None else None,
        duration_s=card.duration_s if card is not None else None,
        target_s=card.timing.target_s if card is not None else window,
        cue=card.cue if card is not None else "",
        attempt_id=attempt.id if attempt is not None else None,
        follow_ups=tuple(
            _follow_up(each, bank, attempts)
            for each in here
            if each.asked_as == "follow-up" and each is not main
        ),
        again=_again(again, attempts) if again is not None else None,
    )


def _follow_up(answer: RoundAnswer, bank: Bank, attempts: Mapping[int, Attempt]) -> FollowUpReport:
    question = bank.find(answer.question_id)
    attempt = attempts.get(answer.id)
    wanted = points_of(answer.question_id)
    states = [each.state for each in attempt.card.points if each.id in wanted] if attempt is not None else []
    return FollowUpReport(
        question_id=answer.question_id,
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
        duration_s=card.duration_s if card is not None else None,
        overall=card.overall if card is not None else None,
        attempt_id=attempt.id if attempt is not None else None,
    )


def _is_over(card: ScoreCard) -> bool:
    return card.duration_s > card.timing.target_s[1]


def _is_under(card: ScoreCard) -> bool:
    return card.duration_s < card.timing.target_s[0]


def _rambles(card: ScoreCard) -> bool:
    wasted_s = wasted_seconds(card.rambling)
    return wasted_s >= RAMBLING_S and wasted_s >= RAMBLING_SHARE * card.duration_s


def _has_no_baseline(said: _Said) -> bool:
    claims = said.question is not None and said.question.kind in _CLAIMING
    warned = any(each.id == "no-baseline" for each in said.card.warnings)
    return warned or (claims and not said.card.proof.baselines)


_FAULTS: tuple[tuple[str, str, Callable[[_Said], bool]], ...] = (
    (
        "something was said wrongly",
        "Look up what was said wrongly, and say the right version aloud twice.",
        lambda said: bool(said.card.accuracy.contradictions),
    ),
    (
        "nothing was compared with a baseline",
        "Name in every answer the simplest thing it had to beat, and its number.",
        _has_no_baseline,
    ),
    (
        "it rambled",
        "Stop when the last point is made; what came after it bought nothing.",
        lambda said: _rambles(said.card),
    ),
    (
        "it ran over its window",
        "Keep to the window: the first sentence answers, the rest proves.",
        lambda said: _is_over(said.card),
    ),
    (
        "it was shorter than its window",
        "Use the time there is: give each claim one example with a number.",
        lambda said: _is_under(said.card),
    ),
    (
        "filler words came thick and fast",
        "Pause instead of filling: a silent second sounds like thinking.",
        lambda said: said.card.delivery.fillers_per_minute >= MANY_FILLERS,
    ),
)
"""What, advice, and whether an answer has it; of equally frequent ones the first counts most."""


def _recurring(said: Sequence[_Said]) -> tuple[Recurring, ...]:
    found = [
        Recurring(what, advice, tuple(each.number for each in said if has(each)))
        for what, advice, has in _FAULTS
    ]
    found += _warnings(said) + _missing_beats(said)
    often = [each for each in found if len(each.numbers) >= AGAIN_AND_AGAIN]
    return tuple(sorted(often, key=lambda each: -len(each.numbers)))


def _warnings(said: Sequence[_Said]) -> list[Recurring]:
    messages = {
        warning.id: warning.message
        for each in said
        for warning in each.card.warnings
        if warning.id != "no-baseline"
    }
    return [
        Recurring(
            _first_sentence(message),
            message[len(_first_sentence(message)) + 1 :].strip() or message,
            tuple(each.number for each in said if any(one.id == warning for one in each.card.warnings)),
        )
        for warning, message in messages.items()
    ]


def _missing_beats(said: Sequence[_Said]) -> list[Recurring]:
    labels: dict[str, list[int]] = {}
    for each in said:
        for beat in each.card.structure.beats:
            if beat.id in each.card.structure.missing:
                labels.setdefault(beat.label, []).append(each.number)
    return [
        Recurring(f"“{label}” was left out", f"Give “{label}” one sentence in every answer.", tuple(numbers))
        for label, numbers in labels.items()
    ]


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".")


def _cue(recurring: Sequence[Recurring], best_first: Sequence[_Said]) -> str:
    if recurring:
        most = recurring[0]
        return f"{most.advice} (in {len(most.numbers)} of {len(best_first)} answers {_lower(most.what)})"
    if best_first:
        weakest = best_first[-1]
        return f"Question {weakest.number}, the weakest: {weakest.card.cue}"
    return "Nothing was answered: begin a round when you have the time for all of it."


def _lower(text: str) -> str:
    return text if text.startswith("“") else text[:1].lower() + text[1:]
