"""What bad input once got through with: each of these ended in a traceback, a hang or full memory."""

import json
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.content.files import PROMPT, RUBRIC, write_bank
from tests.history.samples import new_attempt
from tests.support.mutations import Sparse, Special, place
from tests.support.piper_voice import write_piper_voice
from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import noise, save
from voicecoach.audio.decode import decode
from voicecoach.audio.tail import TakeTail
from voicecoach.audio.takes import TakeStore
from voicecoach.audio.wav import read_wav, write_wav
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode, say
from voicecoach.config import find_paths, load_settings
from voicecoach.content.loader import load_bank
from voicecoach.errors import (
    ContentError,
    EngineError,
    HistoryError,
    ModelError,
    SettingsError,
    UnreadableAudioError,
)
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.scoring.contract import from_json, to_json
from voicecoach.speech.local import find_model
from voicecoach.speech.whisper import WhisperTranscriber
from voicecoach.voice.piper import PiperVoice


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a" + b".a" * 400_000 + b" = 1", "a key of more than 50 parts"),
        (b"x = " + b"[" * 100_000, "nested too deeply"),
        (b"speak_questions = 0x" + b"f" * 9_000, "speak_questions: must be true or false"),
        (b"".join(b"%x=1\n" % number for number in range(100_000)), "and 99990 more"),
        (b'"\\u001b[2J" = 1', r"'\\x1b\[2J': unknown key"),
        (b'theme = "a\\u0007b"', "theme: .* must be a line"),
        (Special.PIPE, "is not a file that can be read"),
        (Special.LOOP, "cannot be read"),
        (Sparse(b"x = 1\n", 8 << 30), "is larger than 1 MB"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_settings_are_refused_in_one_line(tmp_path: Path, content: Any, told: str) -> None:
    place(tmp_path / "settings.toml", content)
    with pytest.raises(SettingsError, match=told) as caught:
        load_settings(tmp_path / "settings.toml", {})
    assert str(tmp_path / "settings.toml") in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("home", ["~nobody-of-that-name/x", "a\0b", "a\nb", "\ud800", "x" * 5_000])
def test_a_home_that_is_no_folder_is_told(home: str) -> None:
    with pytest.raises(SettingsError, match=r"VOICECOACH_HOME: .* cannot be a folder"):
        find_paths({"VOICECOACH_HOME": home})


def test_the_program_says_so_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", "~nobody-of-that-name/x")
    assert run(["list"]) == ExitCode.FAILED
    assert "VOICECOACH_HOME" in capsys.readouterr().err


def test_a_model_that_nobody_can_have_is_not_there(tmp_path: Path) -> None:
    assert find_model("x" * 300, (tmp_path,)) is None
    assert find_model("~nobody-of-that-name/x", (tmp_path,)) == ("x", Path("~nobody-of-that-name/x"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('level = "easy"', "level = 0x" + "f" * 9_000, "level: this huge number is not one of"),
        ("target_s = [10, 30]", "target_s = [10, 1e300]", "target_s[1]: must not be above 7200"),
        ('id = "mean"', f'id = "{"m" * 2_000}"', "id: must not be longer than 100 characters"),
        ('kind = "definition"', 'kind = "definition"\n"\\u001b[2J" = 1', "'\\x1b[2J': is not a key"),
    ],
)
def test_a_prompt_out_of_all_measure_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_bank([write_bank(tmp_path, PROMPT.replace(old, new))])
    assert any(told in problem for problem in caught.value.problems)


def test_of_a_hundred_thousand_mistakes_some_are_told(tmp_path: Path) -> None:
    rubric = RUBRIC + "[[points]]\n" * 70_000
    unknown = "".join(f"k{number} = 1\n" for number in range(70_000))
    with pytest.raises(ContentError) as caught:
        load_bank([write_bank(tmp_path, unknown + PROMPT, rubric)])
    assert len(caught.value.problems) < 150
    assert any("points: must not hold more than 1000" in problem for problem in caught.value.problems)
    assert any("problems more" in problem for problem in caught.value.problems) or (
        sum("is not a key" in problem for problem in caught.value.problems) == 50
    )


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 9_000,
        json.dumps({"question_id": "a", "started_at": "0001-01-01T00:00:00+23:59"}).encode(),
        json.dumps({"question_id": "\ud800", "started_at": "2026-01-01T00:00:00+00:00"}).encode(),
        Special.PIPE,
        Special.DEVICE,
        Special.LOOP,
    ],
)
def test_a_take_with_sound_is_found_whatever_is_beside_it(tmp_path: Path, content: Any) -> None:
    store = TakeStore(tmp_path)
    take = store.create("mean", datetime(2026, 3, 1, tzinfo=UTC))
    write_wav(take.audio, noise(0.1))
    place(take.folder / "take.json", content)
    (found,) = store.read(store.ids())
    assert (found.id, found.question_id, found.started_at) == (take.id, "", take.started_at)


def test_a_take_from_beyond_the_year_9999_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "takes" / "renamed"
    folder.mkdir(parents=True)
    write_wav(folder / "audio.wav", noise(0.1))
    os.utime(folder / "audio.wav", (10**12, 10**12))
    store = TakeStore(tmp_path / "takes")
    assert [take.id for take in store.read(store.ids())] == ["renamed"]


def test_a_recording_of_many_gigabytes_is_not_read(tmp_path: Path) -> None:
    write_wav(tmp_path / "audio.wav", noise(0.1))
    os.truncate(tmp_path / "audio.wav", 64 << 30)
    with pytest.raises(UnreadableAudioError, match="longer than two hours"):
        read_wav(tmp_path / "audio.wav")


def test_a_pipe_in_a_recordings_place_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "audio.wav")
    with pytest.raises(UnreadableAudioError, match="cannot be read"):
        read_wav(tmp_path / "audio.wav")
    with pytest.raises(UnreadableAudioError, match="cannot be read"):
        TakeTail(tmp_path / "audio.wav").next(1)


def test_a_billion_samples_a_second_are_not_believed(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", noise(0.5))
    data = bytearray(path.read_bytes())
    data[24:28] = (2_000_000_000).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(UnreadableAudioError, match=r"samples a second|that can be decoded|no sound"):
        decode(path)


def test_a_list_of_files_is_no_recording(tmp_path: Path) -> None:
    save(tmp_path / "real.wav", noise(0.5))
    os.mkfifo(tmp_path / "pipe.wav")
    for name in ("real.wav", "pipe.wav"):
        (tmp_path / "list.wav").write_text(f"ffconcat version 1.0\nfile {name}\n", "utf-8")
        with pytest.raises(UnreadableAudioError, match="not a recording that can be decoded"):
            decode(tmp_path / "list.wav")


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("UPDATE attempts SET overall = ?", "much"),
        ("UPDATE attempts SET overall = ?", float("inf")),
        ("UPDATE attempts SET take_id = ?", b"\xff"),
        ("UPDATE attempts SET started_at = ?", "2026-01-01"),
        ("UPDATE attempts SET cue = ?", "x" * 1_000_000),
        ("UPDATE transcripts SET words = ?", "[" * 100_000),
        ("UPDATE transcripts SET words = ?", '[[1, "a", null, {}]]'),
        ("UPDATE transcripts SET words = ?", '[["\\ud800", 0, 1, 1]]'),
        ("UPDATE transcripts SET duration_s = ?", "long"),
        ("UPDATE cards SET card = replace(card, '61.7', ?)", "1e999"),
    ],
)
def test_a_column_may_hold_anything(tmp_path: Path, change: str, value: object) -> None:
    history = SqliteHistory(tmp_path / "history.sqlite3")
    kept = history.add(new_attempt())
    with sqlite3.connect(tmp_path / "history.sqlite3") as other:
        other.execute(change, (value,))
    other.close()

    (row,) = history.rows()
    said = row.cue
    try:
        history.get(kept.id)
    except HistoryError as error:
        said = str(error)
    assert f"attempt {kept.id} cannot be read" in said
    assert "\n" not in said
    history.close()


def test_a_card_of_another_schema_is_none() -> None:
    whole = to_json(new_attempt().card)
    assert from_json(whole) == new_attempt().card
    for old, new in (('"schema": 1', '"schema": 2'), ("61.7", "NaN"), ("61.7", "-1e300")):
        assert old in whole
        with pytest.raises(ValueError, match="not a scorecard"):
            from_json(whole.replace(old, new))


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_scripted_whisper(tmp_path_factory.mktemp("models") / "scripted.en", "I split the data.")


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("preprocessor_config.json", {"n_fft": 10**9}, "n_fft is 1000000000, and Whisper's is 400"),
        ("preprocessor_config.json", {"hop_length": 0}, "hop_length is 0"),
        ("config.json", {"suppress_ids_begin": [10**9]}, "is damaged: suppress_ids_begin"),
        ("config.json", {"alignment_heads": [[10**6, 0]]}, "is damaged: alignment_heads"),
        ("config.json", {"alignment_heads": [[1, 0]]}, "is damaged: alignment_heads"),
        ("config.json", {"alignment_heads": [[0, 1]]}, "is damaged: alignment_heads"),
    ],
)
def test_a_model_that_would_fill_or_overrun_the_memory_is_refused(
    whisper: Path, file: str, change: dict[str, object], told: str
) -> None:
    whole = (whisper / file).read_bytes()
    place(whisper / file, json.dumps({**json.loads(whole), **change}).encode())
    try:
        with pytest.raises(ModelError, match=told):
            WhisperTranscriber(whisper, "scripted.en", "en")
    finally:
        place(whisper / file, whole)


def test_a_tokenizer_of_gigabytes_is_not_read(whisper: Path) -> None:
    whole = (whisper / "tokenizer.json").read_bytes()
    place(whisper / "tokenizer.json", Sparse(b"{", 8 << 30))
    try:
        with pytest.raises(ModelError, match="too large"):
            WhisperTranscriber(whisper, "scripted.en", "en")
    finally:
        place(whisper / "tokenizer.json", whole)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"audio": {"sample_rate": 0}}, "audio.sample_rate is 0"),
        ({"audio": {"sample_rate": "x"}}, "audio.sample_rate is 'x'"),
        ({"inference": {"length_scale": 1e300}}, "length_scale"),
        ({"phoneme_type": "pinyin"}, "Chinese voices are not supported"),
        (Sparse(b"{", 8 << 30), "is larger than 1 MB"),
    ],
)
def test_a_voice_that_would_fill_the_memory_or_fetch_something_is_refused(
    tmp_path: Path, change: Any, told: str
) -> None:
    model = write_piper_voice(tmp_path)
    file = model.with_name(model.name + ".json")
    content = (
        change if isinstance(change, Sparse) else json.dumps({**json.loads(file.read_bytes()), **change})
    )
    place(file, content.encode() if isinstance(content, str) else content)
    with pytest.raises(EngineError, match=told) as caught:
        PiperVoice(model).synthesize("Hello")
    assert str(file) in caught.value.message


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["score", "--batch", "/dev/zero"], ExitCode.FAILED),
        (["new", "\udcff"], ExitCode.USAGE),
        (["list", "a\0b"], ExitCode.USAGE),
        (["list", "x" * 100_000], ExitCode.USAGE),
        (["show", "two\nlines\x1b[2J"], ExitCode.FAILED),
    ],
)
def test_a_command_line_is_answered_in_lines(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: ExitCode,
) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    assert run(arguments) == code
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert all(len(line) < 2_500 for line in told.splitlines())


def test_a_name_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb\nc\u202e é\u00a0…")
    assert capsys.readouterr().err == "a\\x1b[2Jb\\nc\\u202e é\u00a0…\n"
