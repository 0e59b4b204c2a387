import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.support.installation import copy_packages, run_python
from voicecoach.errors import EngineError
from voicecoach.voice.espeak import EspeakVoice

QUESTION = "Walk me through a project. What was the problem, and what did you decide?"

SPEAK_AND_HASH = f"""
import hashlib
from voicecoach.voice.espeak import EspeakVoice
clip = EspeakVoice().synthesize({QUESTION!r})
print(clip.rate, clip.samples.size, hashlib.sha256(clip.samples.tobytes()).hexdigest())
"""


def test_a_question_is_spoken_as_sound() -> None:
    clip = EspeakVoice().synthesize(QUESTION)
    assert clip.samples.dtype == np.int16
    assert clip.samples.ndim == 1
    assert clip.rate == 22_050
    words = len(QUESTION.split())
    assert words / 200 * 60 < clip.duration_s < words / 100 * 60
    loudness = np.sqrt(np.mean(clip.as_float32() ** 2))
    assert loudness > 0.03
    assert np.abs(clip.samples.astype(np.int32)).max() < 32_767


@pytest.mark.parametrize("pace", [120, 155, 200])
def test_the_pace_is_in_words_a_minute(pace: int) -> None:
    text = "how would you prevent data leakage when you build a training set for a model that ranks offers"
    clip = EspeakVoice(words_per_minute=pace).synthesize(text)
    assert len(text.split()) / clip.duration_s * 60 == pytest.approx(pace, rel=0.15)


def test_an_impossible_pace_is_brought_into_range() -> None:
    slow = EspeakVoice(words_per_minute=1).synthesize("one two three")
    fast = EspeakVoice(words_per_minute=100_000).synthesize("one two three")
    assert slow.duration_s > fast.duration_s > 0.1


def test_long_text_is_spoken_to_its_end() -> None:
    one = EspeakVoice().synthesize(QUESTION)
    many = EspeakVoice().synthesize(" ".join([QUESTION] * 60))
    assert many.duration_s > 55 * one.duration_s


@pytest.mark.parametrize("text", ["", "  \n", "...", "\0"])
def test_text_without_words_is_an_error(text: str) -> None:
    with pytest.raises(EngineError, match="nothing to speak"):
        EspeakVoice().synthesize(text)


def test_a_null_byte_does_not_cut_the_text() -> None:
    whole = EspeakVoice().synthesize("precision\0recall and accuracy")
    assert whole.duration_s > 1.2 * EspeakVoice().synthesize("precision").duration_s


def test_markup_and_foreign_letters_are_only_text() -> None:
    for text in ("<b>bold</b> & [[h@loU]]", "naïve Größe \udcff 日本"):
        assert EspeakVoice().synthesize(text).duration_s > 0.5


def test_an_unknown_language_is_named() -> None:
    voice = EspeakVoice("tlh-nope")
    with pytest.raises(EngineError, match="tlh-nope"):
        voice.synthesize("Hello")
    assert EspeakVoice().synthesize("Hello").samples.any(), "one failure must not spoil the next voice"


def test_another_language_sounds_different() -> None:
    english, german = EspeakVoice("en-us"), EspeakVoice("de")
    assert german.name == "espeak-ng (de)"
    clips = [voice.synthesize("Station") for voice in (english, german)]
    assert clips[0].samples.tobytes() != clips[1].samples.tobytes()


def test_threads_take_turns() -> None:
    texts = [QUESTION, "What is data leakage?", "And what is recall?"] * 4
    alone = {text: EspeakVoice().synthesize(text).duration_s for text in set(texts)}
    with ThreadPoolExecutor(4) as pool:
        clips = list(pool.map(EspeakVoice().synthesize, texts))
    for text, clip in zip(texts, clips, strict=True):
        assert clip.duration_s == pytest.approx(alone[text], rel=0.02)


def test_fresh_processes_speak_the_same_samples() -> None:
    first, second = run_python(SPEAK_AND_HASH), run_python(SPEAK_AND_HASH)
    assert first.stdout.startswith("22050 "), first.stderr
    assert first.stdout == second.stdout
    assert first.stderr == ""


@pytest.mark.skipif(
    sys.platform == "win32", reason="links need a privilege on Windows; it says so in one line"
)
def test_a_long_installation_path_is_worked_around(tmp_path: Path) -> None:
    site = copy_packages(tmp_path / ("deep" * 50) / "site-packages", "espeakng_loader")
    links = tmp_path / "l"
    code = f"from pathlib import Path\n{SPEAK_AND_HASH}"
    code = code.replace("EspeakVoice()", f"EspeakVoice(links=Path({str(links)!r}))")
    usual = run_python(SPEAK_AND_HASH)
    for _ in range(2):
        long = run_python(code, site)
        assert long.stdout == usual.stdout, long.stderr
    (short,) = links.iterdir()
    assert [link.name for link in short.iterdir()] == ["espeak-ng-data"], "the second process found it there"


def test_a_long_installation_path_without_a_place_for_a_link_is_one_line(tmp_path: Path) -> None:
    site = copy_packages(tmp_path / ("deep" * 50) / "site-packages", "espeakng_loader")
    done = run_python(SPEAK_AND_SAY_WHY_NOT, site)
    assert "is too long for it. Install voicecoach in a folder" in done.stdout, done.stderr


SPEAK_AND_SAY_WHY_NOT = """
from voicecoach.errors import EngineError
from voicecoach.voice.espeak import EspeakVoice
try:
    EspeakVoice().synthesize("Hello")
except EngineError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("library", "espeak-ng cannot be loaded"),
        ("data", "espeak-ng cannot be loaded: data path not exists"),
        ("phonemes", "espeak-ng cannot read"),
        ("package", "espeakng-loader is missing"),
    ],
)
def test_a_broken_installation_is_one_line(tmp_path: Path, broken: str, says: str) -> None:
    site = copy_packages(tmp_path / "s", "espeakng_loader", without=broken == "package")
    package = site / "espeakng_loader"
    match broken:
        case "library":
            for library in package.glob("*espeak-ng*.*"):
                library.write_bytes(b"not a library")
        case "data":
            shutil.rmtree(package / "espeak-ng-data")
        case "phonemes":
            (package / "espeak-ng-data" / "phontab").unlink()
    answer = run_python(SPEAK_AND_SAY_WHY_NOT, site)
    assert says in answer.stdout
    assert "-m pip install" in answer.stdout
    assert answer.stdout.count("\n") == 1
    assert answer.stderr == ""


def test_a_stretch_makes_it_longer_or_shorter() -> None:
    own, longer, shorter = (EspeakVoice().synthesize(QUESTION, s).duration_s for s in (1.0, 1.4, 0.7))
    assert longer == pytest.approx(1.4 * own, rel=0.15)
    assert shorter == pytest.approx(0.7 * own, rel=0.15)
