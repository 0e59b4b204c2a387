"""The trainer without a screen: what the TUI and the commands call."""

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock
from typing import get_args

import numpy as np

from voicecoach.audio.hold import TakeHold
from voicecoach.audio.levels import sound_problem
from voicecoach.audio.recorder import Recording
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import promised_seconds, read_wav, write_wav
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.content.model import Bank, Kind, Question
from voicecoach.errors import AudioError, HistoryError, NoSpeechError, UnknownQuestionError, VoicecoachError
from voicecoach.history.records import Attempt, AttemptRow, NewAttempt, Standing
from voicecoach.practice.correcting import Corrector, learn
from voicecoach.practice.engines import Engines
from voicecoach.practice.events import UNKEPT, Heard, Judged, PracticeEvent, Working
from voicecoach.practice.listening import HeardTake, LiveListener, LiveRecording
from voicecoach.practice.losses import what_was_lost
from voicecoach.practice.plan import NO_PLAN, PlanChoice, PlanView, days_practised, due_by, look_at_plan
from voicecoach.practice.reading import read_answer, read_rubric
from voicecoach.practice.retry import remark_on_cut
from voicecoach.practice.schedule import NO_STREAK, DuePoint, Schedule, Streak
from voicecoach.practice.suggestion import Wanted, suggest
from voicecoach.practice.target import Target, look_at_target
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import Rambling, ScoreCard
from voicecoach.scoring.evidence import SHIPPED_TERMS, Terms
from voicecoach.scoring.judge import judge
from voicecoach.scoring.text import tokens
from voicecoach.speech.transcriber import TranscriptionDone, TranscriptionProgress, transcribe
from voicecoach.transcript import Span, Transcript

SHORTEST_TAKE_S = 0.5
"""A take with less sound than this was never an answer; it is not offered after a crash."""

KINDS = get_args(Kind)

SWEEP_AFTER = timedelta(minutes=1)
"""A take without sound may be one that another window is just about to record into, until it is this old."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One line of the home screen."""

    question: Question
    standing: Standing | None
    due: tuple[DuePoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """The home screen: every question, the next one, the days in a row, and the way to the interview."""

    rows: tuple[QuestionRow, ...]
    suggested: str | None
    why: str
    streak: Streak = NO_STREAK
    plan: PlanView | None = None
    target: Target | None = None

    @property
    def due_points(self) -> int:
        """How many points are due."""
        return sum(len(row.due) for row in self.rows)


@dataclass(frozen=True, slots=True)
class PastCard:
    """A card of the same question, to compare with."""

    attempt_id: int
    started_at: datetime
    card: ScoreCard


@dataclass(frozen=True, slots=True)
class Comparison:
    """This take against the one before it and the best of all others; None where there is none."""

    last: PastCard | None
    best: PastCard | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judged answer that is not kept yet."""

    transcript: Transcript
    speech: tuple[Span, ...]
    card: ScoreCard

    def with_notice(self, notice: str) -> "Judgement":
        """The same with one more line on its card."""
        return replace(self, card=replace(self.card, notices=(*self.card.notices, notice)))


HearingStep = Generator[PracticeEvent, None, HeardTake]

Remark = Callable[[Judgement], str]
"""What else a card is to say, found before it is kept."""


class Coach:
    """Asks, records, judges and remembers.

    Every method may block and belongs in a worker; `bank`, `engines` and `schedule` are at hand.
    Every failure is a VoicecoachError.

    Args:
        engines: What the machine offers.
        bank: What can be asked.
        takes_folder: Where takes are kept.
        clock: The time now, aware.
    """

    def __init__(
        self, engines: Engines, bank: Bank, takes_folder: Path, clock: Callable[[], datetime]
    ) -> None:
        self.engines = engines
        self.bank = bank
        self.schedule = Schedule(engines, bank, clock)
        self._takes = TakeStore(takes_folder)
        self._clock = clock
        self._live: dict[str, LiveRecording] = {}
        self._loading = Lock()

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time now, aware."""
        return self._clock

    @property
    def corrector(self) -> Corrector:
        """Sets kept cards right."""
        return Corrector(self)

    def warm(self, question: Question) -> None:
        """Load what will judge an answer, and the question's rubric, so that the card need not wait."""
        with self._loading:
            self.engines.transcriber()
            self.engines.activity().speech(AudioClip(np.zeros(SPEECH_RATE, np.int16), SPEECH_RATE))
            read_rubric(question, self.engines.rubric_vectors)
            self.engines.embedder().encode(["Ready."])

    def overview(self, choice: PlanChoice = NO_PLAN) -> Overview:
        """Every question, with how the person stands, and the next.

        Stories come first and definitions last, unless a target job orders them. What is due is told as far
        as the schedule has caught up.

        Args:
            choice: The way to an interview, if one is set.
        """
        standings = self.engines.history().standings()
        target = look_at_target(self.engines.paths.target_file, self.bank.questions)
        in_order = sorted(self.bank.questions, key=lambda q: (KINDS.index(q.kind), q.title))
        if target is not None:
            in_order.sort(key=target.place)
        today = self.schedule.today()
        due = self.schedule.due(due_by(choice, today))
        rows = tuple(QuestionRow(q, standings.get(q.id), due.get(q.id, ())) for q in in_order)
        known = {q.id: standings[q.id] for q in self.bank.questions if q.id in standings}
        plan = None
        if choice.interview is not None:
            plan = look_at_plan(self.bank, choice, days_practised(self.bank, standings), today)
        drill = next((role.drill for role in self.bank.roles if role.role == choice.role), ())
        suggestion = suggest(self.bank.questions, known, Wanted(due, plan, drill, today))
        streak = self.schedule.streak()
        if suggestion is None:
            return Overview(rows, None, "", streak, plan, target)
        return Overview(rows, suggestion.question_id, suggestion.why, streak, plan, target)

    def check_history(self) -> None:
        """Look for damage in all that is kept.

        Raises:
            HistoryError: There is some; the hint says what to do.
        """
        self.engines.history().check()

    def question(self, question_id: str) -> Question:
        """The question with that id.

        Raises:
            UnknownQuestionError: There is none.
        """
        question = self.bank.find(question_id)
        if question is None:
            raise UnknownQuestionError(
                f"There is no question {question_id!r}.", "`voicecoach list` shows the ids."
            )
        return question

    def title(self, question_id: str) -> str:
        """A question's title; its id where it is no longer in the bank."""
        question = self.bank.find(question_id)
        return question_id if question is None else question.title

    def spoken_question(self, question: Question) -> AudioClip:
        """The question as sound: a recording beside the prompt, or the voice."""
        if question.recording is not None:
            return self.engines.decode(question.recording)
        return self.engines.voice().synthesize(question.text)

    def start_recording(self, question: Question) -> Recording:
        """Make a take, record into it and listen meanwhile. One that cannot start leaves nothing behind."""
        recorder = self.engines.recorder()
        # Importing and loading keep Python's lock for longer than a microphone's buffer lasts: what is said
        # meanwhile could be lost, so a recording begins when `warm` has done its work or failed.
        with self._loading:
            take = self._takes.create(question.id, self._clock())
        try:
            recording = recorder.start(take)
        except VoicecoachError:
            self._takes.delete(take)
            raise
        live = self._live[take.id] = LiveRecording(recording, LiveListener(self.engines, question, take))
        return live

    def test_microphone(self) -> Recording:
        """Record what nobody will hear again, until `end_microphone_test`; in a folder that is no take's."""
        scratch = self._takes.scratch(self._clock())
        try:
            return self.engines.recorder().start(scratch)
        except VoicecoachError:
            self._takes.delete(scratch)
            raise

    def end_microphone_test(self, recording: Recording) -> None:
        """Stop, and delete the sound; what cannot be deleted now goes at the next start."""
        with suppress(VoicecoachError):
            recording.stop()
        with suppress(VoicecoachError):
            self._takes.delete(recording.take)

    def leave_recording(self, recording: Recording) -> None:
        """Stop a recording that nobody will judge now; it is offered at the next start.

        Raises:
            AudioError: Its end cannot be written.
        """
        live = self._live.pop(recording.take.id, None)
        if live is not None:
            live.listener.cancel()
        recording.stop()

    def judge_take(self, take: Take, remark: Remark | None = None) -> Iterator[PracticeEvent]:
        """From a finished take to a kept attempt. Closing the iterator cancels; the take stays."""
        question = self.question(take.question_id)
        live = self._live.pop(take.id, None)
        try:
            with TakeHold(take.folder):
                self._refuse_kept(take)
                heard = (yield from self._hear_live(live)) if live is not None else None
                if heard is None:
                    yield Working("reading")
                    heard = yield from self._hear_clip(question, read_wav(take.audio))
                judgement = _judgement(heard, self._terms())
                status = live.status() if live is not None else None
                there_s = self._takes.seconds(take)
                for notice in what_was_lost(status, promised_seconds(take.audio), there_s):
                    judgement = judgement.with_notice(notice)
                judged = self._keep(question, take, take.started_at, _remarked(judgement, remark))
        finally:
            if live is not None:
                live.listener.cancel()
        yield judged

    def judge_file(
        self, question: Question, path: Path, remark: Remark | None = None
    ) -> Iterator[PracticeEvent]:
        """From a recording made elsewhere; it is copied into a take of its own."""
        yield Working("reading")
        clip = self.engines.decode(path)
        take = self._takes.create(question.id, self._clock())
        kept = False
        try:
            with TakeHold(take.folder):
                _write_copy(take, clip)
                judgement = _judgement((yield from self._hear_clip(question, clip)), self._terms())
                judged = self._keep(question, take, take.started_at, _remarked(judgement, remark))
                kept = judged.attempt.id != UNKEPT
        finally:
            if not kept:
                # The person still has the file: a copy without a card would only be offered as a crash.
                self._takes.delete(take)
        yield judged

    def judge_text(
        self, question: Question, text: str, duration_s: float | None, remark: Remark | None = None
    ) -> Iterator[PracticeEvent]:
        """From typed words; without a duration they are timed at 150 words a minute."""
        started_at = self._clock()
        yield Working("judging")
        heard = self._read(question, transcript_of(text, duration_s), ())
        judgement = _judgement(heard, self._terms())
        yield Heard(judgement.transcript)
        yield self._keep(question, None, started_at, _remarked(judgement, remark))

    def without(self, before: Rambling) -> Remark:
        """Remarks on what an answer leaves out of the cut list of the take before, and what it says again."""
        return partial(remark_on_cut, self.engines.embedder, before)

    def score_clip(self, question: Question, clip: AudioClip) -> Judgement:
        """Judge a clip by the shipped thresholds, the same for everyone, without keeping anything."""
        steps = self._hear_clip(question, clip)
        while True:
            try:
                next(steps)
            except StopIteration as finished:
                return _judgement(finished.value, SHIPPED_TERMS)

    def score_text(self, question: Question, text: str, duration_s: float | None) -> Judgement:
        """Judge typed words by the shipped thresholds, without keeping anything."""
        return _judgement(self._read(question, transcript_of(text, duration_s), ()), SHIPPED_TERMS)

    def unfinished_takes(self) -> tuple[Take, ...]:
        """Takes that never got a card (the app was killed, or judging was cancelled), newest first.

        Takes of another running app are left out; old takes without sound, and what else a crash left of
        takes, are swept away.
        """
        self._takes.drop_scratch()
        ids = self._takes.ids()
        known = self.engines.history().known_takes(ids)
        unknown = [each for each in ids if each not in known]
        sweep_before = self._clock() - SWEEP_AFTER
        takes = self._takes.read(unknown)
        self._takes.sweep(set(unknown) - {take.id for take in takes}, sweep_before)
        offered = []
        for take in takes:
            if self._takes.is_live(take):
                continue
            if self._takes.seconds(take) >= SHORTEST_TAKE_S:
                offered.append(take)
            elif take.started_at < sweep_before:
                # One that cannot be deleted must not keep the others from being offered.
                with suppress(HistoryError):
                    self._takes.delete(take)
        return tuple(offered)

    def seconds_of(self, take: Take) -> float:
        """Length of a take's sound."""
        return self._takes.seconds(take)

    def listen_to(self, take: Take) -> AudioClip:
        """A take's sound."""
        return read_wav(take.audio)

    def discard_take(self, take: Take) -> None:
        """Delete a take that has no attempt.

        Raises:
            HistoryError: Another window has judged it meanwhile, so it belongs to an attempt.
        """
        self._refuse_kept(take)
        live = self._live.pop(take.id, None)
        if live is not None:
            live.listener.cancel()
        self._takes.delete(take)

    def attempts(self, wanted: str = "", limit: int | None = None) -> tuple[AttemptRow, ...]:
        """The newest attempts on questions whose title or id has `wanted` in it, in whatever case."""
        asked = self._standings_with(wanted) if wanted else None
        return self.engines.history().rows(None if asked is None else tuple(asked), limit)

    def count_attempts(self, wanted: str = "") -> int:
        """How many attempts there are on such questions."""
        return sum(standing.attempts for standing in self._standings_with(wanted).values())

    def attempt(self, attempt_id: int) -> Attempt | None:
        """One whole attempt."""
        return self.engines.history().get(attempt_id)

    def compare(self, attempt: Attempt) -> Comparison:
        """What came before it on the same question."""
        history = self.engines.history()
        return Comparison(
            last=_past_card(history.before(attempt)), best=_past_card(history.best_of_others(attempt))
        )

    def sound_of(self, attempt: Attempt) -> AudioClip | None:
        """The attempt's recording, or None for typed text and deleted recordings."""
        take = self._takes.find(attempt.take_id) if attempt.take_id else None
        return read_wav(take.audio) if take is not None and take.audio.exists() else None

    def delete_attempt(self, attempt: AttemptRow | Attempt) -> None:
        """Forget an attempt and its recording together."""
        take = self._takes.find(attempt.take_id) if attempt.take_id else None
        # The recording goes first: if that fails the attempt still shows it, and nothing is orphaned.
        if take is not None:
            self._takes.delete(take)
        self.engines.history().delete(attempt.id)

    def _standings_with(self, wanted: str) -> dict[str, Standing]:
        return {
            question_id: standing
            for question_id, standing in self.engines.history().standings().items()
            if wanted.casefold() in f"{self.title(question_id)} {question_id}".casefold()
        }

    def _refuse_kept(self, take: Take) -> None:
        try:
            kept = bool(self.engines.history().known_takes((take.id,)))
        except HistoryError:
            # What cannot be read cannot be looked up; the take itself is judged all the same.
            return
        if kept:
            raise HistoryError("This recording has been judged already.", "It is in the history (h).")

    def _hear_live(self, live: LiveRecording) -> Generator[PracticeEvent, None, HeardTake | None]:
        """What was heard while it was recorded, or None where that failed."""
        total_s = live.status().elapsed_s
        yield Working("transcribing", 0.0)
        for heard_s in live.listener.progress():
            yield Working("transcribing", min(1.0, heard_s / total_s) if total_s else None)
        try:
            heard = live.listener.result()
        except VoicecoachError:
            # The whole take is heard again; if that cannot be done either, it says why.
            return None
        _refuse_silence(heard.answer.speech, heard.problem, heard.answer.transcript.duration_s)
        _refuse_wordless(heard.answer.transcript)
        yield Heard(heard.answer.transcript)
        yield Working("judging")
        _refuse_chatter(heard.answer.transcript)
        return heard

    def _hear_clip(self, question: Question, clip: AudioClip) -> HearingStep:
        yield Working("listening")
        problem = sound_problem(clip)
        speech = self.engines.activity().speech(clip)
        _refuse_silence(speech, problem, clip.duration_s)
        yield Working("loading")
        transcriber = self.engines.transcriber()
        yield Working("transcribing", 0.0)
        transcript: Transcript | None = None
        for event in transcribe(transcriber, clip, speech):
            match event:
                case TranscriptionProgress(done_s, total_s):
                    yield Working("transcribing", min(1.0, done_s / total_s) if total_s else None)
                case TranscriptionDone(heard):
                    transcript = heard
        assert transcript is not None  # noqa: S101 - the last event always brings one
        _refuse_wordless(transcript)
        yield Heard(transcript)
        yield Working("judging")
        return self._read(question, transcript, speech, problem)

    def _read(
        self, question: Question, transcript: Transcript, speech: tuple[Span, ...], problem: str = ""
    ) -> HeardTake:
        _refuse_chatter(transcript)
        rubric = read_rubric(question, self.engines.rubric_vectors)
        return HeardTake(rubric, read_answer(transcript, speech, self.engines.embedder().encode), problem)

    def _terms(self) -> Terms:
        """What this person is judged on."""
        try:
            return Terms(learn(self.engines).calibration.thresholds)
        except HistoryError:
            # A card by the shipped thresholds is better than none; keeping it will say what is wrong.
            return SHIPPED_TERMS

    def _keep(
        self, question: Question, take: Take | None, started_at: datetime, judgement: Judgement
    ) -> Judged:
        new = NewAttempt(
            question_id=question.id,
            take_id=take.id if take else None,
            started_at=started_at,
            transcript=judgement.transcript,
            speech=judgement.speech,
            card=judgement.card,
        )
        try:
            return Judged(self.engines.history().add(new))
        except HistoryError as error:
            # A card that cannot be kept is still worth reading; the take stays and is offered again.
            card = judgement.with_notice(f"This card could not be kept: {error}").card
            unkept = (new.question_id, new.take_id, started_at, new.transcript, new.speech, card)
            return Judged(Attempt(UNKEPT, *unkept))


def _remarked(judgement: Judgement, remark: Remark | None) -> Judgement:
    return judgement if remark is None else judgement.with_notice(remark(judgement))


def _write_copy(take: Take, clip: AudioClip) -> None:
    """Keep a recording made elsewhere as a take's sound."""
    try:
        write_wav(take.audio, clip)
    except OSError as error:
        raise AudioError(
            f"{take.audio}: cannot be written: {error.strerror}.", "Check the disk space and permissions."
        ) from error


def _past_card(attempt: Attempt | None) -> PastCard | None:
    return PastCard(attempt.id, attempt.started_at, attempt.card) if attempt is not None else None


def _judgement(heard: HeardTake, terms: Terms) -> Judgement:
    answer = heard.answer
    judgement = Judgement(answer.transcript, answer.speech, judge(heard.rubric, answer, terms))
    return judgement.with_notice(heard.problem) if heard.problem else judgement


def _refuse_silence(speech: tuple[Span, ...], problem: str, duration_s: float) -> None:
    if not speech:
        raise NoSpeechError(
            problem or f"No speech was heard in {duration_s:.0f} s of recording.",
            "" if problem else "Check the microphone with `voicecoach doctor` and try again.",
        )


def _refuse_chatter(transcript: Transcript) -> None:
    """Before anything is embedded: no model need be loaded to say so."""
    if not tokens(transcript.text):
        raise NoSpeechError("There are no words to judge.", "Say or type at least one sentence.")


def _refuse_wordless(transcript: Transcript) -> None:
    if not transcript.words:
        raise NoSpeechError(
            f"{transcript.engine.name} made out no words in {transcript.duration_s:.0f} s of recording.",
            "Speak closer to the microphone, or choose another recogniser in the settings.",
        )
