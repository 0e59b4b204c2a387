"""The trainer without a screen: what the TUI and the commands call."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock

from voicecoach.audio.hold import TakeHold
from voicecoach.audio.recorder import Recording, RecordingStatus
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import promised_seconds, read_wav, write_wav
from voicecoach.clip import AudioClip
from voicecoach.content.model import Bank, Question
from voicecoach.errors import AudioError, HistoryError, VoicecoachError
from voicecoach.history.records import Attempt, NewAttempt
from voicecoach.practice.archive import Archive
from voicecoach.practice.correcting import Corrector
from voicecoach.practice.engines import Engines
from voicecoach.practice.events import UNKEPT, Heard, Judged, PracticeEvent, Working
from voicecoach.practice.hearing import SHORTEST_TAKE_S, Hearing, Judgement, Remark, judgement_of
from voicecoach.practice.listening import LiveListener, LiveRecording
from voicecoach.practice.losses import what_was_lost
from voicecoach.practice.overview import Overview, look_over
from voicecoach.practice.plan import NO_PLAN, PlanChoice
from voicecoach.practice.retry import remark_on_cut
from voicecoach.practice.schedule import Schedule
from voicecoach.practice.terms import asked_in_drill
from voicecoach.scoring.card import Rambling
from voicecoach.scoring.evidence import SHIPPED_TERMS

SWEEP_AFTER = timedelta(minutes=1)
"""A take without sound may be one that another window is just about to record into, until it is this old."""


class Coach(Archive):
    """Asks, records, judges and remembers.

    Every method may block and belongs in a worker; `bank`, `engines` and `schedule` are at hand.
    Every failure is a VoicecoachError.

    Args:
        engines: What the machine offers.
        bank: What can be asked.
        takes_folder: Where takes are kept.
        clock: The time now, aware.

    Attributes:
        clock: The time now, aware.
        schedule: When each point comes back.
    """

    def __init__(
        self, engines: Engines, bank: Bank, takes_folder: Path, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(engines, bank, TakeStore(takes_folder))
        self.clock = clock
        self.schedule = Schedule(engines, lambda: self.bank, clock)
        self._hearing = Hearing(engines)
        self._live: dict[str, LiveRecording] = {}
        # How takes ended that were not kept yet: judged again, a card still says what was lost of them.
        self._ended: dict[str, RecordingStatus] = {}
        self._loading = Lock()

    @property
    def corrector(self) -> Corrector:
        """Sets kept cards right."""
        return Corrector(self)

    def warm(self, question: Question) -> None:
        """Load what will judge an answer, and the question's rubric, so that the card need not wait."""
        with self._loading:
            self._hearing.warm(question)

    def overview(self, choice: PlanChoice = NO_PLAN) -> Overview:
        """Every question, with how the person stands, and the next.

        Args:
            choice: The way to an interview, if one is set.
        """
        return look_over(self.engines, self.bank, self.schedule, choice)

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
            take = self._takes.create(question.id, self.clock())
        try:
            recording = recorder.start(take)
        except VoicecoachError:
            self._takes.delete(take)
            raise
        live = self._live[take.id] = LiveRecording(recording, LiveListener(self.engines, question, take))
        return live

    def test_microphone(self) -> Recording:
        """Record what nobody will hear again, until `end_microphone_test`; in a folder that is no take's."""
        scratch = self._takes.scratch(self.clock())
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
        self._ended[recording.take.id] = recording.status()

    def judge_take(self, take: Take, remark: Remark | None = None) -> Iterator[PracticeEvent]:
        """From a finished take to a kept attempt. Closing the iterator cancels; the take stays."""
        live = self._live.pop(take.id, None)
        question = self._answered_by(take) if live is None else live.listener.question
        if live is not None:
            self._ended[take.id] = live.status()
        try:
            with TakeHold(take.folder):
                self._refuse_kept(take)
                heard = (yield from self._hearing.live(live)) if live is not None else None
                if heard is None:
                    yield Working("reading")
                    heard = yield from self._hearing.clip(question, read_wav(take.audio))
                judgement = judgement_of(heard, self._hearing.terms())
                there_s, status = self._takes.seconds(take), self._ended.get(take.id)
                for notice in what_was_lost(status, promised_seconds(take.audio), there_s):
                    judgement = judgement.with_notice(notice)
                judgement = judgement.remarked(remark)
                # Judging takes a while, and who has closed the iterator meanwhile wants nothing kept.
                yield Working("judging")
                judged = self._keep(question, take, take.started_at, judgement)
                if judged.attempt.id != UNKEPT:
                    self._ended.pop(take.id, None)
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
        take = self._takes.create(question.id, self.clock())
        kept = False
        try:
            with TakeHold(take.folder):
                _write_copy(take, clip)
                heard = yield from self._hearing.clip(question, clip, is_file=True)
                judgement = judgement_of(heard, self._hearing.terms()).remarked(remark)
                # As in judge_take: the last chance to stop before it is kept.
                yield Working("judging")
                judged = self._keep(question, take, take.started_at, judgement)
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
        started_at = self.clock()
        yield Working("judging")
        judgement = judgement_of(self._hearing.text(question, text, duration_s), self._hearing.terms())
        yield Heard(judgement.transcript)
        judgement = judgement.remarked(remark)
        # As in judge_take: the last chance to stop before it is kept.
        yield Working("judging")
        yield self._keep(question, None, started_at, judgement)

    def without(self, before: Rambling) -> Remark:
        """Remarks on what an answer leaves out of the cut list of the take before, and what it says again."""
        return partial(remark_on_cut, self.engines.embedder, before)

    def score_clip(self, question: Question, clip: AudioClip) -> Judgement:
        """Judge a clip by the shipped thresholds, the same for everyone, without keeping anything."""
        steps = self._hearing.clip(question, clip, is_file=True)
        while True:
            try:
                next(steps)
            except StopIteration as finished:
                return judgement_of(finished.value, SHIPPED_TERMS)

    def score_text(self, question: Question, text: str, duration_s: float | None) -> Judgement:
        """Judge typed words by the shipped thresholds, without keeping anything."""
        return judgement_of(self._hearing.text(question, text, duration_s), SHIPPED_TERMS)

    def unfinished_takes(self) -> tuple[Take, ...]:
        """Takes that never got a card (the app was killed, or judging was cancelled), newest first.

        Takes of another running app are left out; old takes without sound, and what else a crash left of
        takes, are swept away.
        """
        self._takes.drop_scratch()
        ids = self._takes.ids()
        known = self.engines.history().known_takes(ids)
        unknown = [each for each in ids if each not in known]
        sweep_before = self.clock() - SWEEP_AFTER
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

    def is_gone(self, take_id: str) -> bool:
        """Whether a take has been deleted, or holds no answer and nobody records or judges it."""
        take = self._takes.find(take_id)
        return take is None or not (self._takes.is_live(take) or self._takes.seconds(take) >= SHORTEST_TAKE_S)

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

    def _answered_by(self, take: Take) -> Question:
        """What was asked, as far as is known: a part of a definition is taken for what the drill asks."""
        return asked_in_drill(self.bank, take.question_id) or self.question(take.question_id)

    def _refuse_kept(self, take: Take) -> None:
        try:
            kept = bool(self.engines.history().known_takes((take.id,)))
        except HistoryError:
            # What cannot be read cannot be looked up; the take itself is judged all the same.
            return
        if kept:
            raise HistoryError("This recording has been judged already.", "It is in the history (h).")

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


def _write_copy(take: Take, clip: AudioClip) -> None:
    """Keep a recording made elsewhere as a take's sound."""
    try:
        write_wav(take.audio, clip)
    except OSError as error:
        raise AudioError(
            f"{take.audio}: cannot be written: {error.strerror}.", "Check the disk space and permissions."
        ) from error
