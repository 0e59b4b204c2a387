"""A take heard while it is recorded, by real engines."""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.support.installation import run_python
from tests.support.marked_speech import mark_speech
from tests.support.recorders import FedEngines
from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounding_whisper import SHAPES, build_sounding_whisper
from tests.support.sounds import joined, silence
from tests.support.words import word_errors
from voicecoach.audio.decode import decode
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import WavWriter
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.config import Paths, Settings
from voicecoach.content.model import Question
from voicecoach.errors import ModelError, NoSpeechError, UnreadableAudioError
from voicecoach.practice.coach import Coach
from voicecoach.practice.events import Judged, PracticeEvent, Working
from voicecoach.practice.listening import LiveListener, LiveRecording
from voicecoach.practice.losses import SOUND_LOST
from voicecoach.practice.terms import all_terms, find_term
from voicecoach.speech.sphinx import PocketSphinxTranscriber
from voicecoach.speech.transcriber import TranscriptionDone, transcribe
from voicecoach.wiring import assemble

SPOKEN = Path(__file__).parents[2] / "voicecoach" / "demo" / "answer.ogg"
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
BLOCK = SPEECH_RATE // 5


@pytest.fixture(scope="module")
def answer() -> AudioClip:
    """Half a minute of someone speaking, and a moment of quiet at the end."""
    clip = decode(SPOKEN)
    return joined(AudioClip(clip.samples[: 27 * clip.rate], clip.rate), silence(1.0))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "settings.toml", tmp_path / "data", tmp_path / "cache")


@pytest.fixture
def engines(paths: Paths) -> Iterator[FedEngines]:
    engines = FedEngines(Settings(engine="pocketsphinx"), paths)
    yield engines
    engines.history().close()


@pytest.fixture
def coach(engines: FedEngines, paths: Paths) -> Coach:
    return Coach(engines, assemble(Settings(), paths).bank, paths.takes, lambda: NOW)


@pytest.fixture
def question(coach: Coach) -> Question:
    return coach.question("project-walkthrough")


@pytest.fixture
def take(paths: Paths, question: Question) -> Take:
    return TakeStore(paths.takes).create(question.id, NOW)


def blocks(clip: AudioClip) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int16]]]:
    for start in range(0, len(clip.samples), BLOCK):
        yield clip.samples[start : start + BLOCK]


def write(take: Take, clip: AudioClip) -> None:
    writer = WavWriter(take.audio)
    for block in blocks(clip):
        writer.append(block)
    writer.close()


def stages(events: list[PracticeEvent]) -> list[str]:
    return list(dict.fromkeys(event.stage for event in events if isinstance(event, Working)))


def test_what_is_heard_live_is_what_is_heard_afterwards(
    engines: FedEngines, coach: Coach, question: Question, take: Take, answer: AudioClip
) -> None:
    writer = WavWriter(take.audio)
    listener = LiveListener(engines, question, take)
    for block in blocks(answer):
        writer.append(block)
    writer.close()
    listener.finish()
    heard = listener.result().answer
    afterwards = coach.score_clip(question, answer)
    assert len(heard.transcript.words) > 40
    assert heard.transcript == afterwards.transcript
    assert heard.speech == afterwards.speech


def test_whisper_hears_the_same_words_when_it_has_fallen_behind(
    paths: Paths, question: Question, tmp_path: Path, answer: AudioClip
) -> None:
    model = build_sounding_whisper(tmp_path / "model", SHAPES["test"])
    engines = FedEngines(Settings(model=str(model)), paths)
    clip, said = mark_speech(joined(answer, answer, silence(1.0)), engines.activity().speech)
    take = TakeStore(paths.takes).create(question.id, NOW)
    write(take, clip)
    listener = LiveListener(engines, question, take)
    listener.finish()
    live = [word.text for word in listener.result().answer.transcript.words]
    *_, done = transcribe(engines.transcriber(), clip, engines.activity().speech(clip))
    assert isinstance(done, TranscriptionDone)
    batch = [word.text for word in done.transcript.words]
    assert len(said) > 80
    assert word_errors(batch, live) <= 2
    assert word_errors([word.text for word in said], live) <= 2


def test_the_last_words_are_heard_in_the_pause_after_them(
    engines: FedEngines, question: Question, take: Take, answer: AudioClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard_stretches: list[float] = []
    hear = PocketSphinxTranscriber.hear

    def noting(self: PocketSphinxTranscriber, sound: AudioClip) -> object:
        heard_stretches.append(sound.duration_s)
        return hear(self, sound)

    monkeypatch.setattr(PocketSphinxTranscriber, "hear", noting)
    write(take, answer)
    listener = LiveListener(engines, question, take)
    speech_end_s = engines.activity().speech(answer)[-1].end_s
    for heard_s in listener.progress():
        if heard_s >= speech_end_s:
            break
    before = list(heard_stretches)
    listener.finish()
    assert listener.result().answer.transcript.words
    assert heard_stretches == before


def test_a_silent_recording_and_none_at_all_have_no_words(
    engines: FedEngines, question: Question, take: Take
) -> None:
    write(take, silence(2.0))
    listener = LiveListener(engines, question, take)
    listener.finish()
    heard = listener.result()
    assert heard.answer.transcript.words == ()
    assert heard.answer.speech == ()
    assert "silent" in heard.problem


def test_a_cancelled_listener_ends(engines: FedEngines, question: Question, take: Take) -> None:
    write(take, silence(1.0))
    listener = LiveListener(engines, question, take)
    listener.cancel()
    assert all(heard_s == 0.0 for heard_s in listener.progress())
    with pytest.raises(RuntimeError, match="cancelled"):
        listener.result()


def test_what_stops_a_listener_is_told_by_its_result(
    engines: FedEngines, paths: Paths, question: Question, take: Take
) -> None:
    gone = LiveListener(engines, question, take)
    with pytest.raises(UnreadableAudioError):
        gone.result()
    missing = FedEngines(Settings(engine="whisper", model="medium.en"), paths)
    with pytest.raises(ModelError, match=r"medium\.en"):
        LiveListener(missing, question, take).result()


ENDS_WHILE_LISTENING = """
from datetime import UTC, datetime
from pathlib import Path
from voicecoach.audio.takes import TakeStore
from voicecoach.audio.wav import WavWriter
from voicecoach.config import Paths, Settings
from voicecoach.practice.listening import LiveListener
from voicecoach.wiring import assemble
folder = Path({folder!r})
wired = assemble(Settings(engine="pocketsphinx"), Paths(folder / "s", folder / "d", folder / "c"))
question = wired.bank.questions[0]
take = TakeStore(folder / "takes").create(question.id, datetime.now(UTC))
WavWriter(take.audio)
LiveListener(wired.engines, question, take)
"""


def test_a_program_that_ends_does_not_wait_for_its_listener(tmp_path: Path) -> None:
    finished = run_python(ENDS_WHILE_LISTENING.format(folder=str(tmp_path)))
    assert finished.returncode == 0, finished.stderr


def test_warming_up_leaves_the_rubric_on_disk(coach: Coach, paths: Paths, question: Question) -> None:
    coach.warm(question)
    assert len(list(paths.vectors.glob("*.npy"))) == 1


def speak(coach: Coach, engines: FedEngines, question: Question, answer: AudioClip) -> Take:
    """Record an answer from start to stop."""
    recording = coach.start_recording(question)
    for block in blocks(answer):
        engines.recording.feed(block)
    return recording.stop()


def test_a_recorded_answer_is_judged_from_what_was_heard_meanwhile(
    coach: Coach, engines: FedEngines, question: Question, answer: AudioClip
) -> None:
    take = speak(coach, engines, question, answer)
    events = list(coach.judge_take(take))
    assert stages(events) == ["transcribing", "judging"]
    last = events[-1]
    assert isinstance(last, Judged)
    card = last.attempt.card
    afterwards = coach.score_clip(question, answer).card
    assert card.notices == afterwards.notices == ()
    assert card.overall == pytest.approx(afterwards.overall, abs=0.1)
    assert [p.state for p in card.points] == [p.state for p in afterwards.points]
    assert coach.unfinished_takes() == ()


def test_a_listener_that_could_not_hear_is_made_up_for_afterwards(
    paths: Paths, tmp_path: Path, answer: AudioClip
) -> None:
    engines = FedEngines(Settings(model="medium.en"), paths)
    coach = Coach(engines, assemble(Settings(), paths).bank, paths.takes, lambda: NOW)
    asked = coach.question(find_term(all_terms(coach.bank), "precision").first.id)
    recording = coach.start_recording(asked)
    assert isinstance(recording, LiveRecording)
    with pytest.raises(ModelError):
        recording.listener.result()
    engines.recording.feed(answer.samples)
    take = recording.stop()
    model = build_scripted_whisper(tmp_path / "model", "we built a model of what customers buy next")
    engines.reload(Settings(model=str(model)))
    events = list(coach.judge_take(take))
    assert stages(events) == ["transcribing", "reading", "listening", "loading", "judging"]
    last = events[-1]
    assert isinstance(last, Judged)
    assert last.attempt.card.timing.target_s == asked.target_s, "as it was asked, not as the drill asks it"
    engines.history().close()


def test_lost_sound_and_no_speech_are_told(
    coach: Coach, engines: FedEngines, question: Question, answer: AudioClip
) -> None:
    recording = coach.start_recording(question)
    for number, block in enumerate(blocks(answer)):
        engines.recording.feed(block, overflowed=number == 50)
    *_, last = coach.judge_take(recording.stop())
    assert isinstance(last, Judged)
    assert last.attempt.card.notices == (SOUND_LOST,)
    with pytest.raises(NoSpeechError, match="silent"):
        list(coach.judge_take(speak(coach, engines, question, silence(2.0))))


@pytest.mark.parametrize("is_left", [False, True], ids=["judging is stopped", "nobody judges it"])
def test_lost_sound_is_told_when_a_take_is_judged_later(
    coach: Coach, engines: FedEngines, question: Question, answer: AudioClip, *, is_left: bool
) -> None:
    recording = coach.start_recording(question)
    for number, block in enumerate(blocks(answer)):
        engines.recording.feed(block, overflowed=number == 50)
    if is_left:
        coach.leave_recording(recording)
    else:
        judging = coach.judge_take(recording.stop())
        next(judging)
        assert isinstance(judging, Generator)
        judging.close()
    *_, last = coach.judge_take(recording.take)
    assert isinstance(last, Judged)
    assert last.attempt.card.notices == (SOUND_LOST,)


def test_a_recording_that_hardly_began_is_told_as_such(
    coach: Coach, engines: FedEngines, question: Question
) -> None:
    with pytest.raises(NoSpeechError, match=r"only 0\.2 s long"):
        list(coach.judge_take(speak(coach, engines, question, silence(0.2))))


def test_a_recording_that_is_left_is_offered_and_one_that_is_discarded_is_gone(
    coach: Coach, engines: FedEngines, question: Question, answer: AudioClip
) -> None:
    left = coach.start_recording(question)
    engines.recording.feed(answer.samples)
    coach.leave_recording(left)
    assert coach.unfinished_takes() == (left.take,)
    take = speak(coach, engines, question, answer)
    coach.discard_take(take)
    assert not take.folder.exists()
    assert coach.unfinished_takes() == (left.take,)
    *_, last = coach.judge_take(left.take)
    assert isinstance(last, Judged)
