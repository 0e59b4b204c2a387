"""A take heard while it is recorded: the machine would be idle otherwise, and the card comes sooner."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Condition, Thread, main_thread

from voicecoach.audio.levels import SoundCheck
from voicecoach.audio.recorder import Recording, RecordingStatus
from voicecoach.audio.tail import TakeTail
from voicecoach.audio.takes import Take
from voicecoach.clip import SPEECH_RATE
from voicecoach.content.model import Question
from voicecoach.practice.engines import Engines
from voicecoach.practice.reading import read_rubric, reader_of_growing
from voicecoach.scoring.evidence import Answer, Rubric
from voicecoach.speech.live import LiveHearing
from voicecoach.speech.spans import fit_words
from voicecoach.transcript import Transcript

LOOK_EVERY_S = 0.2
"""How often a running recording is looked at; each look takes some hundredths of a second."""

SPECULATE_AFTER_S = 0.3
"""A pause after which the last stretch is heard as if nothing more came: it often is the end."""

LONGEST_LOOK_S = 5
"""No more is read at once. A whole look means that the listener has fallen behind."""

MOST_HELD_S = 40.0
"""No more waits to be heard, so that a listener that has fallen behind stays small."""


@dataclass(frozen=True, slots=True)
class HeardTake:
    """What a take holds, ready to judge.

    Attributes:
        rubric: Of the question that it answers.
        answer: With vectors; its transcript has no words where none were made out.
        problem: What is wrong with the sound, in one line, or "".
    """

    rubric: Rubric
    answer: Answer
    problem: str


class LiveListener:
    """Hears a take while it grows, in a thread of its own.

    Speech is cut at pauses. A stretch that nothing can join any more is heard once and for all; what comes
    after it is heard at each pause as if it were the last, and again if it was not. What has been heard is
    embedded at once. The sound is read from the take's file: the recording knows nothing of its listener.

    Args:
        engines: Asked for in the thread, so that the recording need not wait for them to load.
        question: What is answered.
        take: Its sound is being written.

    Attributes:
        question: What is answered.
    """

    def __init__(self, engines: Engines, question: Question, take: Take) -> None:
        self._engines = engines
        self.question = question
        self._tail = TakeTail(take.audio)
        self._changed = Condition()
        self._complete = False
        self._cancelled = False
        self._heard_s = 0.0
        self._over = False
        self._heard: HeardTake | None = None
        self._failure: Exception | None = None
        self._thread = Thread(target=self._run, name="live-listener")
        self._thread.start()

    def finish(self) -> None:
        """The take is complete, no more sound will come. Returns at once."""
        with self._changed:
            self._complete = True
            self._changed.notify_all()

    def cancel(self) -> None:
        """Nobody wants to know any more. Returns at once; what is being heard is heard to its end."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def progress(self) -> Iterator[float]:
        """Seconds of the take that have been heard, several times a second until all of it has."""
        while not self._over:
            yield self._heard_s
            with self._changed:
                if not self._over:
                    self._changed.wait(LOOK_EVERY_S)

    def result(self) -> HeardTake:
        """What was heard, once `progress` has ended.

        Raises:
            VoicecoachError: An engine cannot be loaded or failed, or the take cannot be read.
        """
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        if self._heard is None:
            raise RuntimeError("the listener was cancelled")
        return self._heard

    def _run(self) -> None:
        try:
            self._heard = self._listen()
        except Exception as error:
            # Raised again where the result is asked for.
            self._failure = error
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _listen(self) -> HeardTake | None:
        ear, check = self._engines.activity().follow(), SoundCheck()
        transcriber = self._engines.transcriber()
        hearing = LiveHearing(transcriber)
        rubric = read_rubric(self.question, self._engines.rubric_vectors)
        reader = reader_of_growing(self._engines)

        def read() -> Answer:
            words = fit_words(hearing.words, ear.spans)
            transcript = Transcript(words, transcriber.language, self._tail.read_s, transcriber.info)
            return reader.read(rubric, transcript, ear.spans)

        # A program that ends in the middle of a recording does not wait for what nobody will read.
        while not self._cancelled and main_thread().is_alive():
            complete = self._complete
            samples = self._tail.next(LONGEST_LOOK_S)
            if len(samples):
                check.add(samples)
                hearing.add(samples)
                ear.add(samples)
            behind = len(samples) == LONGEST_LOOK_S * SPEECH_RATE
            if behind and hearing.held_s < MOST_HELD_S:
                continue
            if hearing.hear_finished(ear.spans, ear.quiet_s):
                read()
                self._heard_s = hearing.heard_s
            elif len(samples):
                continue
            elif complete:
                hearing.hear_last(ear.spans, ear.quiet_s)
                return HeardTake(rubric, read(), check.problem())
            elif ear.quiet_s >= SPECULATE_AFTER_S and hearing.hear_last(ear.spans, ear.quiet_s):
                read()
                self._heard_s = hearing.heard_s
            else:
                self._wait()
        return None

    def _wait(self) -> None:
        with self._changed:
            if not self._complete and not self._cancelled:
                self._changed.wait(LOOK_EVERY_S)


class LiveRecording:
    """A recording that is heard while it runs. Every method may be called from any thread.

    Args:
        recording: Has begun.
        listener: Of the same take.
    """

    def __init__(self, recording: Recording, listener: LiveListener) -> None:
        self._recording = recording
        self.listener = listener

    @property
    def take(self) -> Take:
        """Where it goes."""
        return self._recording.take

    def status(self) -> RecordingStatus:
        """A snapshot; cheap enough to ask twenty times a second."""
        return self._recording.status()

    def stop(self) -> Take:
        """Stop, flush and sync; returns the finished take. A second call changes nothing."""
        try:
            return self._recording.stop()
        finally:
            self.listener.finish()
