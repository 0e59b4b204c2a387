"""From a take, a file or typed words to a kept card, with real engines."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.history.samples import new_attempt
from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounding_whisper import SHAPES, build_sounding_whisper
from tests.support.sounds import save, silence, tone
from voicecoach.audio.decode import decode
from voicecoach.audio.hold import TakeHold
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import write_wav
from voicecoach.clip import AudioClip
from voicecoach.config import Paths, Settings
from voicecoach.content.model import Question
from voicecoach.errors import HistoryError, ModelError, NoSpeechError, UnknownQuestionError
from voicecoach.practice.coach import SWEEP_AFTER, Coach
from voicecoach.practice.events import UNKEPT, Heard, Judged, PracticeEvent, Working
from voicecoach.practice.hearing import Judgement
from voicecoach.practice.terms import all_terms, find_term
from voicecoach.speech.sphinx import PocketSphinxTranscriber
from voicecoach.wiring import WiredEngines, assemble

SPOKEN = Path(__file__).parents[2] / "voicecoach" / "demo" / "answer.ogg"
HEARD = "of all that it flagged how many were really positive"
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def speech() -> AudioClip:
    """Four seconds of someone speaking."""
    clip = decode(SPOKEN)
    return AudioClip(clip.samples[: 4 * clip.rate], clip.rate)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_scripted_whisper(tmp_path_factory.mktemp("whisper") / "model", HEARD)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "settings.toml", tmp_path / "data", tmp_path / "cache")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def coach(paths: Paths, model: Path, clock: Clock) -> Iterator[Coach]:
    wired = assemble(Settings(model=str(model)), paths)
    yield Coach(wired.engines, wired.bank, paths.takes, clock)
    wired.engines.history().close()


@pytest.fixture
def question(coach: Coach) -> Question:
    return coach.question("define-precision")


def recorded(paths: Paths, clip: AudioClip, question_id: str = "define-precision") -> Take:
    take = TakeStore(paths.takes).create(question_id, NOW)
    write_wav(take.audio, clip)
    return take


def judged(events: Iterator[PracticeEvent]) -> Judged:
    *_, last = events
    assert isinstance(last, Judged)
    return last


def test_a_take_goes_through_every_stage_to_a_kept_card(
    coach: Coach, paths: Paths, speech: AudioClip
) -> None:
    take = recorded(paths, speech)
    events = list(coach.judge_take(take))
    stages = [event.stage for event in events if isinstance(event, Working)]
    assert list(dict.fromkeys(stages)) == ["reading", "listening", "loading", "transcribing", "judging"]
    assert [e.transcript.text for e in events if isinstance(e, Heard)] == [HEARD]
    attempt = judged(iter(events)).attempt
    assert attempt.card.engine.name == "whisper"
    assert attempt.take_id == take.id
    assert coach.attempt(attempt.id) == attempt
    assert coach.unfinished_takes() == ()
    sound = coach.sound_of(attempt)
    assert sound is not None
    assert sound.duration_s == pytest.approx(4.0)
    coach.delete_attempt(attempt)
    assert coach.attempts() == ()
    assert not take.folder.exists()


def test_a_cancelled_take_stays_and_is_offered(coach: Coach, paths: Paths, speech: AudioClip) -> None:
    take = recorded(paths, speech)
    events = coach.judge_take(take)
    for event in events:
        if isinstance(event, Heard):
            events.close()  # type: ignore[attr-defined]  # a generator, which the contract promises can close
            break
    assert coach.attempts() == ()
    assert coach.unfinished_takes() == (take,)
    coach.discard_take(take)
    assert coach.unfinished_takes() == ()


def test_what_another_window_has_judged_is_neither_judged_again_nor_deleted(
    coach: Coach, paths: Paths, speech: AudioClip
) -> None:
    take = recorded(paths, speech)
    attempt = judged(coach.judge_take(take)).attempt
    with pytest.raises(HistoryError, match="judged already"):
        coach.discard_take(take)
    with pytest.raises(HistoryError, match="judged already"):
        list(coach.judge_take(take))
    assert coach.sound_of(attempt) is not None
    assert len(coach.attempts()) == 1


def test_a_file_is_copied_into_a_take_and_a_failed_one_leaves_nothing(
    coach: Coach, paths: Paths, question: Question, speech: AudioClip, tmp_path: Path
) -> None:
    attempt = judged(coach.judge_file(question, save(tmp_path / "mine.wav", speech))).attempt
    assert coach.sound_of(attempt) is not None
    with pytest.raises(NoSpeechError) as silent:
        list(coach.judge_file(question, save(tmp_path / "silent.wav", silence(2.0))))
    assert str(silent.value) == "The recording is silent. Choose a recording in which somebody speaks."
    assert [folder.name for folder in paths.takes.iterdir()] == [attempt.take_id]


def test_a_file_in_which_nobody_speaks_is_not_blamed_on_the_microphone(
    coach: Coach, question: Question
) -> None:
    with pytest.raises(NoSpeechError) as silent:
        coach.score_clip(question, tone(440, 2.0))
    assert str(silent.value) == (
        "No speech was heard in 2 s of recording. Choose a recording in which somebody speaks."
    )


def test_a_file_without_words_is_not_blamed_on_the_microphone(
    paths: Paths, question: Question, speech: AudioClip, tmp_path: Path
) -> None:
    model = build_sounding_whisper(tmp_path / "hears tones alone", SHAPES["test"])
    wired = assemble(Settings(model=str(model)), paths)
    coach = Coach(wired.engines, wired.bank, paths.takes, Clock())
    with pytest.raises(NoSpeechError, match="made out no words in 4 s of recording") as wordless:
        coach.score_clip(question, speech)
    assert wordless.value.hint.startswith("Choose a recording in which somebody speaks")
    with pytest.raises(NoSpeechError, match="Speak closer to the microphone"):
        list(coach.judge_take(recorded(paths, speech)))
    wired.engines.history().close()


def test_a_drilled_take_that_is_judged_later_has_the_drills_window(
    coach: Coach, paths: Paths, speech: AudioClip
) -> None:
    drilled = find_term(all_terms(coach.bank), "precision").first
    assert drilled.target_s != coach.question(drilled.id).target_s
    card = judged(coach.judge_take(recorded(paths, speech, drilled.id))).attempt.card
    assert card.question == drilled.id
    assert card.timing.target_s == drilled.target_s


def test_a_silent_take_says_so_and_is_kept(coach: Coach, paths: Paths) -> None:
    take = recorded(paths, silence(2.0))
    with pytest.raises(NoSpeechError, match="check that the right microphone"):
        list(coach.judge_take(take))
    assert coach.unfinished_takes() == (take,)


def test_typed_words_can_be_stopped_until_they_are_kept(coach: Coach, question: Question) -> None:
    steps: list[str] = []

    def remark(_judgement: Judgement) -> str:
        steps.append("remark")
        return ""

    events = coach.judge_text(question, HEARD, 8.0, remark)
    for event in events:
        if isinstance(event, Heard):
            steps.append("heard")
        elif steps == ["heard", "remark"]:
            break
    events.close()  # type: ignore[attr-defined]  # as above
    assert steps == ["heard", "remark"]
    assert coach.attempts() == ()


@pytest.mark.parametrize("text", ["", "   ", "... --- !!!", "um uh er"])
def test_typed_text_without_words_is_one_line(coach: Coach, question: Question, text: str) -> None:
    with pytest.raises(NoSpeechError, match="no words to judge"):
        list(coach.judge_text(question, text, None))
    assert coach.attempts() == ()


def test_a_card_that_cannot_be_kept_is_shown_all_the_same(
    coach: Coach, paths: Paths, question: Question, speech: AudioClip
) -> None:
    paths.data.mkdir(parents=True)
    paths.database.write_bytes(b"no database at all " * 300)
    typed = judged(coach.judge_text(question, HEARD, 8.0)).attempt
    assert typed.id == UNKEPT
    assert any("could not be kept" in notice for notice in typed.card.notices)
    take = recorded(paths, speech)
    spoken = judged(coach.judge_take(take)).attempt
    assert spoken.id == UNKEPT
    assert take.audio.exists()
    paths.database.unlink()
    assert coach.unfinished_takes() == (take,)


def test_a_take_that_is_about_to_begin_is_not_swept_away(
    coach: Coach, paths: Paths, clock: Clock, speech: AudioClip
) -> None:
    begun = recorded(paths, silence(0.1))
    assert coach.unfinished_takes() == ()
    assert begun.folder.exists()
    clock.now = NOW + SWEEP_AFTER + timedelta(seconds=1)
    assert coach.unfinished_takes() == ()
    assert not begun.folder.exists()


def test_a_take_that_a_crash_left_half_made_is_swept_away(
    coach: Coach, paths: Paths, clock: Clock, speech: AudioClip
) -> None:
    kept = recorded(paths, speech)
    half_made = recorded(paths, silence(0.1)).folder
    (half_made / "audio.wav").unlink()
    (half_made / "take.json").rename(half_made / "take.json.partial")
    assert coach.unfinished_takes() == (kept,)
    assert half_made.exists()
    clock.now = NOW + SWEEP_AFTER + timedelta(seconds=1)
    assert coach.unfinished_takes() == (kept,)
    assert not half_made.exists()


def test_a_take_of_another_window_is_not_offered(coach: Coach, paths: Paths, speech: AudioClip) -> None:
    take = recorded(paths, speech)
    with TakeHold(take.folder):
        assert coach.unfinished_takes() == ()
    assert coach.unfinished_takes() == (take,)


def test_last_and_best_are_of_the_same_question_and_earlier(coach: Coach, question: Question) -> None:
    worse = judged(coach.judge_text(question, "Precision is a number about the model.", 10.0)).attempt
    better = judged(coach.judge_text(question, question.model_answer, 20.0)).attempt
    middle = judged(coach.judge_text(question, HEARD, 12.0)).attempt
    compared = coach.compare(middle)
    assert compared.last is not None
    assert compared.best is not None
    assert (compared.last.attempt_id, compared.best.attempt_id) == (better.id, better.id)
    assert coach.compare(worse).last is None
    standing = {row.question.id: row.standing for row in coach.overview().rows}[question.id]
    assert standing is not None
    assert standing.attempts == 3
    assert standing.best == pytest.approx(better.card.overall, abs=1e-3)


def test_attempts_are_found_by_part_of_a_title_or_id(coach: Coach, question: Question) -> None:
    kept = [judged(coach.judge_text(question, HEARD, 12.0)).attempt.id for _ in range(3)]
    other = judged(coach.judge_text(coach.question("define-recall"), HEARD, 12.0)).attempt.id
    assert [row.id for row in coach.attempts("PRECISION")] == kept[::-1]
    assert [row.id for row in coach.attempts("define-", limit=2)] == [other, kept[2]]
    assert coach.attempts("no such question") == ()
    assert [coach.count_attempts(w) for w in ("", "define-", "Recall", "none")] == [4, 4, 1, 0]


def test_a_whole_id_finds_that_question_and_its_points_alone(coach: Coach) -> None:
    history = coach.engines.history()
    ids = ("training", "training#impact", "define-training-serving-skew", "training-again")
    kept = {each: history.add(new_attempt(each, minutes=at)).id for at, each in enumerate(ids)}
    found = [row.question_id for row in coach.attempts("training")]
    assert found == ["training#impact", "training"]
    assert coach.count_attempts("training") == 2
    assert [row.id for row in coach.attempts("training#impact")] == [kept["training#impact"]]
    assert coach.count_attempts("trainin") == len(ids), "what is being typed is part of an id"
    coach.delete_attempt(history.rows(["training"])[0])
    coach.delete_attempt(history.rows(["training#impact"])[0])
    assert coach.count_attempts("training") == 2, "a question without an answer is a word like any other"


def test_the_first_suggestion_is_the_project(coach: Coach) -> None:
    overview = coach.overview()
    assert (overview.suggested, overview.why) == ("project-walkthrough", "not tried yet")
    kinds = [row.question.kind for row in overview.rows]
    assert kinds[0] == "story"
    assert kinds[-1] == "definition"


def test_a_recording_beside_the_prompt_wins_over_the_voice(
    coach: Coach, question: Question, speech: AudioClip, tmp_path: Path
) -> None:
    own = replace(question, recording=save(tmp_path / "asked.wav", speech))
    assert coach.spoken_question(own).duration_s == pytest.approx(4.0, abs=0.01)
    assert coach.spoken_question(question).duration_s > 0.5


def test_an_unknown_question_names_the_command_that_lists_them(coach: Coach) -> None:
    with pytest.raises(UnknownQuestionError, match="voicecoach list"):
        coach.question("no-such-thing")


def test_a_reload_during_a_slow_build_is_not_forgotten(paths: Paths, model: Path) -> None:
    begun, go_on = Event(), Event()

    class SlowEngines(WiredEngines):
        def asked_for(self) -> str:
            return self._once("voice", self._slow)

        def _slow(self) -> str:
            language = self._settings.voice
            begun.set()
            assert go_on.wait(30)
            return language

    engines = SlowEngines(Settings(voice="espeak"), paths)
    found: list[str] = []
    thread = Thread(target=lambda: found.append(engines.asked_for()))
    thread.start()
    assert begun.wait(30)
    engines.reload(Settings(voice="system"))
    go_on.set()
    thread.join(30)
    assert found == ["system"]


def test_pocketsphinx_is_the_engine_without_weights_and_hears_english_only(paths: Paths) -> None:
    assert isinstance(
        WiredEngines(Settings(engine="pocketsphinx"), paths).transcriber(), PocketSphinxTranscriber
    )
    for settings in (
        Settings(engine="pocketsphinx", language="fr"),
        Settings(engine="whisper", model="medium.en"),
    ):
        with pytest.raises(ModelError):
            WiredEngines(settings, paths).transcriber()
