import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.scripted_whisper import build_scripted_whisper
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import EngineError, ModelError
from voicecoach.speech.hub import HubShelf, find_model
from voicecoach.speech.transcriber import TranscriptionDone, TranscriptionProgress, transcribe
from voicecoach.speech.whisper import WhisperTranscriber
from voicecoach.transcript import Span, Transcript

TEXT = (
    "I split the data by time, so no row from the future leaks. Precision was 0.85 on state-of-the-art data."
)
FIRST_WORD_S, SECONDS_PER_WORD = 0.2, 0.3
HEARD = TEXT.split()


def noise(seconds: float) -> AudioClip:
    samples = np.random.default_rng(0).normal(0, 500, round(seconds * SPEECH_RATE))
    return AudioClip(samples.astype(np.int16), SPEECH_RATE)


def heard(transcriber: WhisperTranscriber, clip: AudioClip, speech: Sequence[Span]) -> Transcript:
    last = list(transcribe(transcriber, clip, speech))[-1]
    assert isinstance(last, TranscriptionDone)
    return last.transcript


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_scripted_whisper(
        tmp_path_factory.mktemp("models") / "scripted.en",
        TEXT,
        first_word_s=FIRST_WORD_S,
        seconds_per_word=SECONDS_PER_WORD,
    )


@pytest.fixture(scope="module")
def transcriber(folder: Path) -> WhisperTranscriber:
    return WhisperTranscriber(folder, "scripted.en", "en")


def test_words_come_whole_with_their_times(transcriber: WhisperTranscriber) -> None:
    transcript = heard(transcriber, noise(10), (Span(1.0, 9.0),))
    assert [word.text for word in transcript.words] == HEARD
    assert transcript.text == TEXT
    assert (transcript.language, transcript.duration_s) == ("en", 10.0)
    assert (transcript.engine.name, transcript.engine.model, transcript.engine.note) == (
        "whisper",
        "scripted.en",
        "",
    )
    window_s = 1.0 - 0.2
    for index, word in enumerate(transcript.words[1:-1], start=1):
        assert word.start_s == pytest.approx(window_s + FIRST_WORD_S + SECONDS_PER_WORD * index, abs=0.1)
        assert 0 < word.end_s - word.start_s < 2 * SECONDS_PER_WORD
        assert 0.9 < word.probability <= 1


def test_words_stay_in_the_speech_and_in_order(transcriber: WhisperTranscriber) -> None:
    speech = (Span(2.0, 4.45), Span(5.3, 8.0))
    words = heard(transcriber, noise(12), speech).words
    assert [word.text for word in words] == HEARD
    starts = [word.start_s for word in words]
    assert starts == sorted(starts)
    assert starts[0] >= 2.0
    assert all(word.start_s <= word.end_s <= 8.0 for word in words)
    over_the_pause = [word for word in words if word.start_s < 4.45 < word.end_s]
    assert over_the_pause == []


def test_progress_grows_to_the_end(transcriber: WhisperTranscriber) -> None:
    events = list(transcribe(transcriber, noise(70), (Span(0.5, 25.0), Span(26.0, 48.0), Span(52.0, 69.0))))
    progress = [event for event in events if isinstance(event, TranscriptionProgress)]
    assert progress == events[:-1]
    seconds = [event.done_s for event in progress]
    assert seconds == sorted(seconds)
    assert (seconds[0], seconds[-1]) == (0.0, 70.0)
    assert len(set(seconds)) >= 5
    assert {event.total_s for event in progress} == {70.0}
    done = events[-1]
    assert isinstance(done, TranscriptionDone)
    # The scripted model says its text once in every window: one for each stretch between the pauses.
    assert [word.text for word in done.transcript.words] == HEARD * 3
    firsts = [word.start_s for word in done.transcript.words[:: len(HEARD)]]
    assert firsts == pytest.approx([0.5, 26.0, 52.0], abs=0.4)


def test_closing_cancels_and_leaves_the_model_usable(transcriber: WhisperTranscriber) -> None:
    events = transcribe(transcriber, noise(60), (Span(0.0, 28.0), Span(31.5, 59.0)))
    seen: list[float] = []
    for event in events:
        assert isinstance(event, TranscriptionProgress)
        seen.append(event.done_s)
        if len(seen) == 2:
            break
    events.close()  # type: ignore[attr-defined]  # transcribe is a generator
    assert 0 < seen[-1] < 30
    assert heard(transcriber, noise(10), (Span(0.0, 9.0),)).text == TEXT


def test_no_speech_gives_no_words(transcriber: WhisperTranscriber) -> None:
    assert heard(transcriber, noise(3), ()).words == ()


def test_another_rate_is_refused(transcriber: WhisperTranscriber) -> None:
    with pytest.raises(EngineError, match="48000 Hz"):
        transcriber.hear(AudioClip(np.zeros(48_000, np.int16), 48_000))


def test_a_multilingual_model_hears_its_language(tmp_path: Path) -> None:
    folder = build_scripted_whisper(tmp_path, "Wir haben die Daten nach der Zeit geteilt.", "de")
    transcript = heard(WhisperTranscriber(folder, "scripted", "de"), noise(6), (Span(0.5, 5.0),))
    assert transcript.text == "Wir haben die Daten nach der Zeit geteilt."
    assert transcript.language == "de"
    with pytest.raises(ModelError, match='does not know the language "xx"') as caught:
        WhisperTranscriber(folder, "scripted", "xx")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("samples", [0, 80, 160, 240, 319, 320])
def test_a_sound_of_a_frame_or_two_fails_nothing(transcriber: WhisperTranscriber, samples: int) -> None:
    assert transcriber.hear(noise(samples / SPEECH_RATE)) == ()


def test_a_model_that_was_trained_on_english_alone_refuses_another_language(tmp_path: Path) -> None:
    multilingual = build_scripted_whisper(tmp_path, "Wir haben geteilt.", "de")
    with pytest.raises(ModelError, match="distil-large-v3 hears English only") as caught:
        WhisperTranscriber(multilingual, "distil-large-v3", "de")
    assert "such as small" in str(caught.value)
    assert WhisperTranscriber(multilingual, "my-distil-for-german", "de").language == "de"


def test_an_english_model_refuses_another_language(folder: Path) -> None:
    with pytest.raises(ModelError, match="hears English only"):
        WhisperTranscriber(folder, "small.en", "de")


def _without(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def _halve(folder: Path) -> None:
    weights = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(weights[: len(weights) // 2])


def _write(file: str, text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / file).write_text(text)

    return write


def _other_tokenizer(folder: Path) -> None:
    other = build_scripted_whisper(folder.parent / "other", "Quite another vocabulary altogether.")
    shutil.copy(other / "tokenizer.json", folder / "tokenizer.json")


def _translator(folder: Path) -> None:
    """A translation model: the same container for other weights."""
    from ctranslate2.specs import TransformerSpec, model_spec  # noqa: PLC0415 - only this case needs it

    def fill(layer: Any) -> None:
        for name, value in list(vars(layer).items()):
            if value is None:
                setattr(layer, name, np.zeros((4, 4), np.float32))
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, model_spec.LayerSpec):
                    fill(part)

    spec = TransformerSpec.from_config(1, 1)
    fill(spec)
    spec.register_source_vocabulary(list("abcd"))
    spec.register_target_vocabulary(list("abcd"))
    spec.validate()
    (folder.parent / "translator").mkdir()
    spec.save(str(folder.parent / "translator"))
    shutil.copy(folder.parent / "translator" / "model.bin", folder)


def _no_heads(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    del config["alignment_heads"]
    (folder / "config.json").write_text(json.dumps(config))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (shutil.rmtree, "is not a folder"),
        (_without("model.bin"), r"holds no model\.bin"),
        (_without("config.json"), r"holds no config\.json"),
        (_without("tokenizer.json"), r"holds no tokenizer\.json"),
        (_without("vocabulary.json"), "holds no vocabulary"),
        (_halve, "cannot be loaded"),
        (_write("model.bin", "<html>Sign in to the hotel's network</html>" * 50), "cannot be loaded"),
        (_write("vocabulary.json", "nonsense"), "cannot be loaded"),
        (_write("vocabulary.json", '["a", "b"]'), "of different models"),
        (_write("tokenizer.json", "{}"), "cannot be loaded"),
        (_write("config.json", "{"), "cannot be loaded"),
        (_write("preprocessor_config.json", '{"feature_size": 128}'), "of another model"),
        (_other_tokenizer, "of different models"),
        (_translator, "cannot be loaded"),
        (_no_heads, "no alignment heads"),
    ],
)
def test_a_spoilt_model_is_one_clear_line(
    folder: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoilt = tmp_path / "spoilt"
    shutil.copytree(folder, spoilt)
    spoil(spoilt)
    with pytest.raises(ModelError, match=said) as caught:
        WhisperTranscriber(spoilt, "small.en", "en")
    assert "\n" not in str(caught.value)
    assert str(spoilt) in str(caught.value)
    assert "voicecoach models download small.en" in caught.value.hint


def test_nothing_reaches_for_the_network(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[object] = []

    def refuse(*arguments: object, **_: object) -> None:
        reached.append(arguments)
        raise OSError("the network is off limits")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert heard(WhisperTranscriber(folder, "scripted.en", "en"), noise(10), (Span(0, 9),)).words
    assert HubShelf((tmp_path,), tmp_path / "models").entries()
    assert find_model("auto", (tmp_path,)) is None
    for file in ("tokenizer.json", "model.bin"):
        spoilt = tmp_path / file
        shutil.copytree(folder, spoilt)
        (spoilt / file).unlink()
        with pytest.raises(ModelError):
            WhisperTranscriber(spoilt, "small.en", "en")
    assert reached == []


def test_the_room_is_light_until_it_is_used() -> None:
    code = (
        "import sys; from voicecoach.speech import hub, local, sphinx, whisper; "
        "heavy = {'faster_whisper', 'ctranslate2', 'pocketsphinx', 'huggingface_hub', 'av', 'torch'}; "
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
