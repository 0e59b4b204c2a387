"""From sound or words to a judgement; nothing is kept."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np

from voicecoach.audio.levels import sound_problem
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.content.model import Question
from voicecoach.errors import HistoryError, NoSpeechError, VoicecoachError
from voicecoach.practice.correcting import learn
from voicecoach.practice.engines import Engines
from voicecoach.practice.events import Heard, PracticeEvent, Working
from voicecoach.practice.listening import HeardTake, LiveRecording
from voicecoach.practice.reading import read_rubric, reader_of
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.evidence import SHIPPED_TERMS, Terms
from voicecoach.scoring.judge import judge
from voicecoach.scoring.text import tokens
from voicecoach.speech.transcriber import TranscriptionDone, TranscriptionProgress, transcribe
from voicecoach.transcript import Span, Transcript

SHORTEST_TAKE_S = 0.5
"""A take with less sound than this was never an answer; it is not offered after a crash."""

Remark = Callable[["Judgement"], str]
"""What else a card is to say, found before it is kept."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judged answer that is not kept yet."""

    transcript: Transcript
    speech: tuple[Span, ...]
    card: ScoreCard

    def with_notice(self, notice: str) -> "Judgement":
        """The same with one more line on its card."""
        return replace(self, card=replace(self.card, notices=(*self.card.notices, notice)))

    def remarked(self, remark: Remark | None) -> "Judgement":
        """The same with what a remark finds, where there is one."""
        return self if remark is None else self.with_notice(remark(self))


class Hearing:
    """Hears and reads answers with what the machine offers. Every method may block.

    Every failure is a VoicecoachError; a NoSpeechError where there is nothing to judge.

    Args:
        engines: What the machine offers.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def warm(self, question: Question) -> None:
        """Load what will hear and judge an answer, and the question's rubric."""
        self._engines.transcriber()
        self._engines.activity().speech(AudioClip(np.zeros(SPEECH_RATE, np.int16), SPEECH_RATE))
        read_rubric(question, self._engines.rubric_vectors)
        self._engines.embedder().encode(["Ready."])
        if question.is_definition:
            self._engines.comparer().load()

    def live(self, live: LiveRecording) -> Generator[PracticeEvent, None, HeardTake | None]:
        """What was heard of a take while it was recorded, or None where that failed."""
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

    def clip(
        self, question: Question, clip: AudioClip, *, is_file: bool = False
    ) -> Generator[PracticeEvent, None, HeardTake]:
        """A whole answer, from its sound.

        Args:
            question: What is answered.
            clip: The sound.
            is_file: Whether it was recorded elsewhere: no microphone here is to blame for it.
        """
        yield Working("listening")
        problem = sound_problem(clip)
        speech = self._engines.activity().speech(clip)
        _refuse_silence(speech, problem, clip.duration_s, is_file=is_file)
        yield Working("loading")
        transcriber = self._engines.transcriber()
        yield Working("transcribing", 0.0)
        transcript: Transcript | None = None
        for event in transcribe(transcriber, clip, speech):
            match event:
                case TranscriptionProgress(done_s, total_s):
                    yield Working("transcribing", min(1.0, done_s / total_s) if total_s else None)
                case TranscriptionDone(heard):
                    transcript = heard
        assert transcript is not None  # noqa: S101 - the last event always brings one
        _refuse_wordless(transcript, is_file=is_file)
        yield Heard(transcript)
        yield Working("judging")
        return self._read(question, transcript, speech, problem)

    def text(self, question: Question, text: str, duration_s: float | None) -> HeardTake:
        """A whole answer, from typed words; without a duration they are timed at 150 words a minute."""
        return self._read(question, transcript_of(text, duration_s), (), "")

    def terms(self) -> Terms:
        """What this person is judged on."""
        try:
            return Terms(learn(self._engines).calibration.thresholds)
        except HistoryError:
            # A card by the shipped thresholds is better than none; keeping it will say what is wrong.
            return SHIPPED_TERMS

    def _read(
        self, question: Question, transcript: Transcript, speech: tuple[Span, ...], problem: str
    ) -> HeardTake:
        _refuse_chatter(transcript)
        rubric = read_rubric(question, self._engines.rubric_vectors)
        return HeardTake(rubric, reader_of(self._engines).read(rubric, transcript, speech), problem)


def judgement_of(heard: HeardTake, terms: Terms) -> Judgement:
    """Judge what was heard; what is wrong with its sound is on the card."""
    answer = heard.answer
    judgement = Judgement(answer.transcript, answer.speech, judge(heard.rubric, answer, terms))
    return judgement.with_notice(heard.problem) if heard.problem else judgement


def _refuse_silence(
    speech: tuple[Span, ...], problem: str, duration_s: float, *, is_file: bool = False
) -> None:
    if speech:
        return
    if duration_s < SHORTEST_TAKE_S and not is_file:
        raise NoSpeechError(
            f"The recording is only {duration_s:.1f} s long." if duration_s else "The recording is empty.",
            "Space starts a recording, and space ends it when you have answered.",
        )
    nothing = f"No speech was heard in {duration_s:.0f} s of recording."
    if is_file:
        # What is wrong stands before the colon, what to do about the microphone behind it.
        what = f"{problem.partition(':')[0].rstrip('.')}." if problem else nothing
        raise NoSpeechError(what, "Choose a recording in which somebody speaks.")
    hint = "" if problem else "Check the microphone with `voicecoach doctor` and try again."
    raise NoSpeechError(problem or nothing, hint)


def _refuse_chatter(transcript: Transcript) -> None:
    """Before anything is embedded: no model need be loaded to say so."""
    if not tokens(transcript.text):
        raise NoSpeechError("There are no words to judge.", "Say or type at least one sentence.")


def _refuse_wordless(transcript: Transcript, *, is_file: bool = False) -> None:
    if not transcript.words:
        first = "Choose a recording in which somebody speaks" if is_file else "Speak closer to the microphone"
        raise NoSpeechError(
            f"{transcript.engine.name} made out no words in {transcript.duration_s:.0f} s of recording.",
            f"{first}, or choose another recogniser in the settings.",
        )
