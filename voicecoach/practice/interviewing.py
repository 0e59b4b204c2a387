"""Rounds held and kept: from the choice of questions to the report, without a screen."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from voicecoach.audio.takes import Take
from voicecoach.content.model import Question, Round
from voicecoach.content.project import projects_of
from voicecoach.errors import HistoryError, UnknownQuestionError
from voicecoach.history.records import Attempt
from voicecoach.history.rounds import RoundAnswer, RoundRun
from voicecoach.history.values import UNREADABLE
from voicecoach.practice.coach import Coach
from voicecoach.practice.events import UNKEPT, Judged, PracticeEvent
from voicecoach.practice.round_report import RoundReport, report
from voicecoach.practice.rounds import (
    MOST_FOLLOW_UPS,
    Ask,
    AskMore,
    Done,
    Judging,
    Verdict,
    Wait,
    choose,
    next_move,
    questions_of,
    verdict,
)
from voicecoach.scoring.card import ScoreCard

PAST_ROUNDS = 50
"""How many rounds are looked back at."""

FOLLOW_UP_MINUTES = 0.5
"""About what a follow-up takes, the asking included."""


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round that can be held.

    Attributes:
        interview: The round.
        questions: How many it asks, follow-ups not counted.
        minutes: (least, most) that the answers take, follow-ups counted in the latter.
        last_at: When it was last begun; None where it never was.
        open_run: One that was interrupted and can be gone on with.
    """

    interview: Round
    questions: int
    minutes: tuple[int, int]
    last_at: datetime | None
    open_run: RoundRun | None


@dataclass(frozen=True, slots=True)
class PastRound:
    """One round that was held.

    Attributes:
        run: As it was kept.
        label: Its name; its id where the bank has no such round any more.
        answered: How many of its questions were answered.
        questions: How many there were.
    """

    run: RoundRun
    label: str
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class NextUp:
    """Where a round stands, and what an interviewer does now.

    Attributes:
        run: The round so far.
        move: What comes next; everything that is asked is kept in `run`.
        question: What is asked now; None where nothing is.
        too_long: The card of the first answer, where it is asked for again because of its length.
    """

    run: RoundRun
    move: Ask | Wait | Done
    question: Question | None = None
    too_long: ScoreCard | None = None

    @property
    def number(self) -> int:
        """Which question of the round is asked, from 1; 0 where none is."""
        if not isinstance(self.move, Ask):
            return 0
        return sum(each.place <= self.move.answer.place for each in questions_of(self.run))

    @property
    def of(self) -> int:
        """How many questions the round has."""
        return len(questions_of(self.run))


class Interviewer:
    """Holds rounds with a coach's questions, engines and history.

    Every method may block and belongs in a worker. Every failure is a VoicecoachError.

    Args:
        coach: Asks, judges and remembers.
    """

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._going_on = Lock()

    def interview(self, round_id: str) -> Round:
        """The round with that id.

        Raises:
            UnknownQuestionError: There is none.
        """
        found = next((each for each in self._coach.bank.rounds if each.id == round_id), None)
        if found is None:
            raise UnknownQuestionError(
                f"There is no round {round_id!r}.", "`voicecoach round` names them all."
            )
        return found

    def lines(self) -> tuple[RoundLine, ...]:
        """Every round of the bank, in the bank's order."""
        runs = self._coach.engines.rounds().runs(PAST_ROUNDS)
        return tuple(self._line(interview, runs) for interview in self._coach.bank.rounds)

    def past(self) -> tuple[PastRound, ...]:
        """The rounds that were ended, newest first."""
        labels = {each.id: each.label for each in self._coach.bank.rounds}
        return tuple(
            PastRound(
                run,
                labels.get(run.round_id, run.round_id),
                sum(
                    each.attempt_id is not None and each.asked_as == "question" for each in questions_of(run)
                ),
                len(questions_of(run)),
            )
            for run in self._coach.engines.rounds().runs(PAST_ROUNDS)
            if run.ended_at is not None
        )

    def begin(self, round_id: str) -> RoundRun:
        """Choose the questions of a round and keep it; one of its kind that was interrupted is ended."""
        interview, store = self.interview(round_id), self._coach.engines.rounds()
        runs = store.runs(PAST_ROUNDS)
        for run in runs:
            if run.round_id != round_id or run.ended_at is not None:
                continue
            if _is_untouched(run):
                store.delete([run.id])
            else:
                store.end(run.id, self._coach.clock())
        chosen = choose(
            interview,
            self._coach.bank,
            self._coach.engines.history().standings(),
            _asked_last(runs),
            tuple(each.id for each in projects_of(self._coach.bank)),
        )
        if not chosen:
            raise UnknownQuestionError(f"The bank has none of the questions of {interview.label!r}.")
        return store.begin(round_id, chosen, self._coach.clock())

    def left_over(self, run: RoundRun) -> tuple[tuple[RoundAnswer, Take], ...]:
        """Recorded answers that were never judged: the app was killed meanwhile.

        An answer whose recording has been deleted waits for another one; one that is still being judged,
        here or in another window, becomes its attempt's by itself.
        """
        unfinished = {take.id: take for take in self._coach.unfinished_takes()}
        found = []
        for answer in run.answers:
            if answer.take_id is None or answer.attempt_id is not None:
                continue
            take = unfinished.get(answer.take_id)
            if take is not None:
                found.append((answer, take))
            elif self._coach.is_gone(answer.take_id):
                self._coach.engines.rounds().take(answer.id, None)
        return tuple(found)

    def recorded(self, answer: RoundAnswer, take: Take) -> None:
        """Keep which take answers, before anything else is done with it."""
        self._coach.engines.rounds().take(answer.id, take.id)

    def ask_again(self, answer: RoundAnswer) -> None:
        """Let an answer that could not be judged be given once more; its take is offered as any other."""
        self._coach.engines.rounds().take(answer.id, None)

    def judge(self, answer: RoundAnswer, events: Iterator[PracticeEvent]) -> None:
        """Judge an answer and keep it as this one's.

        Args:
            answer: What was asked.
            events: From the coach: of a take, a file or typed words.

        Raises:
            HistoryError: The card cannot be kept.
            VoicecoachError: It cannot be judged.
        """
        for event in events:
            if isinstance(event, Judged):
                if event.attempt.id == UNKEPT:
                    raise HistoryError(event.attempt.card.notices[-1])
                self._coach.engines.rounds().judge(answer.id, event.attempt.id)

    def pass_over(self, answer: RoundAnswer) -> None:
        """The person passes."""
        self._coach.engines.rounds().pass_over(answer.id)

    def go_on(self, run_id: int, under_way: AbstractSet[int], hurried: AbstractSet[int]) -> NextUp:
        """What comes next; follow-ups and what is asked again are kept first.

        Args:
            run_id: Which round.
            under_way: Ids of the answers that are being judged.
            hurried: Those among them that are not waited for any longer.

        Raises:
            HistoryError: The round has been deleted meanwhile.
        """
        with self._going_on:  # two that go on at once would ask the same follow-up twice
            return self._go_on(run_id, under_way, hurried)

    def _go_on(self, run_id: int, under_way: AbstractSet[int], hurried: AbstractSet[int]) -> NextUp:
        run = self._run(run_id)
        cards = self._cards(run)
        trims = self._trims(run)
        judging = Judging(self._verdicts(run, cards), under_way, hurried)
        move = next_move(run, judging, trims=trims)
        if isinstance(move, AskMore):
            added = self._coach.engines.rounds().add(run.id, move.place, move.asked_as, move.question_id)
            run, move = self._run(run_id), Ask(added)
        if not isinstance(move, Ask):
            return NextUp(run, move)
        question = self._coach.bank.find(move.answer.question_id)
        if question is None:
            # It has been taken out of the bank since the round began.
            self.pass_over(move.answer)
            return self._go_on(run_id, under_way, hurried)
        first = next(each for each in run.answers if each.place == move.answer.place)
        too_long = cards[first.id].card if move.answer.asked_as == "again" and first.id in cards else None
        return NextUp(run, move, question, too_long)

    def end(self, run_id: int) -> None:
        """Close a round, with what is there."""
        if self._run(run_id).ended_at is None:
            self._coach.engines.rounds().end(run_id, self._coach.clock())

    def leave(self, run_id: int, under_way: AbstractSet[int]) -> None:
        """Leave a round to be gone on with; one to which nothing was said is not kept.

        Args:
            run_id: Which round.
            under_way: Ids of the answers that are being judged.
        """
        run = self._coach.engines.rounds().get(run_id)
        if run is not None and not under_way and _is_untouched(run):
            self._coach.engines.rounds().delete([run_id])

    def report(self, run_id: int) -> RoundReport:
        """What a round came to.

        Raises:
            HistoryError: The round has been deleted, or cannot be read.
        """
        run = self._run(run_id)
        interview = next((each for each in self._coach.bank.rounds if each.id == run.round_id), None)
        return report(run, interview, self._coach.bank, self._cards(run))

    def _run(self, run_id: int) -> RoundRun:
        run = self._coach.engines.rounds().get(run_id)
        if run is None:
            raise HistoryError("This round has been deleted in another window meanwhile.")
        return run

    def _trims(self, run: RoundRun) -> bool:
        return any(each.id == run.round_id and each.trims for each in self._coach.bank.rounds)

    def _cards(self, run: RoundRun) -> dict[int, Attempt]:
        """The attempt behind each answer, by the answer's id; one that cannot be read is left out."""
        found = {}
        for answer in run.answers:
            if answer.attempt_id is None:
                continue
            try:
                attempt = self._coach.attempt(answer.attempt_id)
            except HistoryError as error:
                if not _is_of_one_attempt(error):
                    raise
                # It must not keep anybody from the others.
                continue
            if attempt is not None:
                found[answer.id] = attempt
        return found

    def _verdicts(self, run: RoundRun, attempts: Mapping[int, Attempt]) -> dict[int, Verdict]:
        found = {}
        for answer in run.answers:
            question = self._coach.bank.find(answer.question_id)
            if answer.id in attempts and question is not None:
                found[answer.id] = verdict(question, attempts[answer.id].card)
        return found

    def _line(self, interview: Round, runs: tuple[RoundRun, ...]) -> RoundLine:
        own = [run for run in runs if run.round_id == interview.id]
        windows = []
        for slot in interview.slots:
            known = [q for q in map(self._coach.bank.find, slot.questions) if q is not None]
            windows += [question.target_s for question in known[: slot.ask]]
        least, most = (sum(window[end] for window in windows) / 60 for end in (0, 1))
        if not interview.trims:
            most += len(windows) * MOST_FOLLOW_UPS * FOLLOW_UP_MINUTES
        return RoundLine(
            interview,
            len(windows),
            (max(1, round(least)), max(1, round(most))),
            own[0].started_at if own else None,
            next((run for run in own if run.ended_at is None), None),
        )


def _asked_last(runs: Sequence[RoundRun]) -> AbstractSet[str]:
    """What was asked in the newest round to which anything was said; a question that waits was never put."""
    asked = ({each.question_id for each in run.answers if not each.is_waiting} for run in runs)
    return next(filter(None, asked), set())


def _is_of_one_attempt(error: HistoryError) -> bool:
    """Whether a value of one attempt could not be read, rather than the history."""
    # What cannot be decoded is a message of SQLite's, about the history (see history_failures).
    return isinstance(error.__cause__, UNREADABLE) and not isinstance(error.__cause__, UnicodeDecodeError)


def _is_untouched(run: RoundRun) -> bool:
    """Whether nothing was said to it."""
    return all(each.is_waiting for each in run.answers)
