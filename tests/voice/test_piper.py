import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.support.installation import copy_packages, run_python
from tests.support.piper_voice import RATE, SAMPLES_PER_ID, write_piper_voice
from voicecoach.errors import EngineError
from voicecoach.voice.espeak import EspeakVoice
from voicecoach.voice.piper import PiperVoice, find_piper_voice


def test_the_first_whole_voice_by_name_is_found(tmp_path: Path) -> None:
    assert find_piper_voice(tmp_path / "missing") is None
    assert find_piper_voice(tmp_path) is None
    (tmp_path / "aaa.onnx").write_bytes(b"a model without its settings")
    assert find_piper_voice(tmp_path) is None
    write_piper_voice(tmp_path, "zoe")
    bob = write_piper_voice(tmp_path, "bob")
    assert find_piper_voice(tmp_path) == bob
    assert PiperVoice(bob).name == "Piper (bob)"


def test_a_voice_speaks_every_sentence(tmp_path: Path) -> None:
    voice = PiperVoice(write_piper_voice(tmp_path))
    one = voice.synthesize("What is recall?")
    two = voice.synthesize("What is recall? And what is precision?")
    assert one.rate == RATE
    assert one.samples.dtype == np.int16
    assert one.samples.size % SAMPLES_PER_ID == 0
    assert one.samples.any()
    assert two.samples.size > 1.8 * one.samples.size
    assert two.samples[: one.samples.size].tobytes() == one.samples.tobytes()


def test_threads_and_espeak_speak_beside_it(tmp_path: Path) -> None:
    voice = PiperVoice(write_piper_voice(tmp_path))
    alone = voice.synthesize("What is recall?").samples.tobytes()
    with ThreadPoolExecutor(4) as pool:
        embedded = [pool.submit(EspeakVoice().synthesize, "What is recall?") for _ in range(4)]
        spoken = [pool.submit(voice.synthesize, "What is recall?") for _ in range(4)]
    assert {future.result().samples.tobytes() for future in spoken} == {alone}
    assert all(future.result().samples.any() for future in embedded)


def test_text_without_words_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="nothing to speak"):
        PiperVoice(write_piper_voice(tmp_path)).synthesize(" ... ")


def test_a_broken_voice_is_one_line_that_names_the_file(tmp_path: Path) -> None:
    garbage = write_piper_voice(tmp_path, "garbage")
    garbage.write_bytes(b"this is no model")
    no_settings = write_piper_voice(tmp_path, "bare")
    no_settings.with_name("bare.onnx.json").unlink()
    bad_settings = write_piper_voice(tmp_path, "bad")
    bad_settings.with_name("bad.onnx.json").write_text("{")
    no_keys = write_piper_voice(tmp_path, "empty")
    no_keys.with_name("empty.onnx.json").write_text("{}")
    two_speakers = write_piper_voice(tmp_path, "unfit")
    settings = two_speakers.with_name("unfit.onnx.json")
    settings.write_text(json.dumps(json.loads(settings.read_text("utf-8")) | {"num_speakers": 2}), "utf-8")
    for model in (garbage, no_settings, bad_settings, no_keys, two_speakers, tmp_path / "gone.onnx"):
        with pytest.raises(EngineError) as caught:
            PiperVoice(model).synthesize("Hello")
        assert str(tmp_path / model.stem) in caught.value.message
        assert "\n" not in str(caught.value)
        assert caught.value.hint


SPEAK_AND_SAY_WHY_NOT = """
import sys
from pathlib import Path
from voicecoach.errors import EngineError
from voicecoach.voice.piper import PiperVoice
try:
    PiperVoice(Path({model!r})).synthesize("Hello")
except EngineError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
@pytest.mark.parametrize(
    ("broken", "says"), [("package", "Piper is not installed"), ("data", "piper-tts is incomplete")]
)
def test_a_broken_package_says_what_to_install(tmp_path: Path, broken: str, says: str) -> None:
    model = write_piper_voice(tmp_path / "voices")
    packages = copy_packages(tmp_path / "s", "piper", without=broken == "package")
    if broken == "data":
        shutil.rmtree(packages / "piper" / "espeak-ng-data")
    done = run_python(SPEAK_AND_SAY_WHY_NOT.format(model=str(model)), packages)
    assert says in done.stdout, done.stderr
    assert "-m pip install" in done.stdout
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_a_stretch_reaches_the_model(tmp_path: Path) -> None:
    """The tiny model turns the scale of lengths into pitch; a real one takes longer."""
    voice = PiperVoice(write_piper_voice(tmp_path))
    own, same, longer = (voice.synthesize("What is recall?", stretch) for stretch in (1.0, 1.0, 1.5))
    assert own.samples.tobytes() == same.samples.tobytes()
    assert own.samples.tobytes() != longer.samples.tobytes()
