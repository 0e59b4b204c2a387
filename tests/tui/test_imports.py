import json

from tests.support.installation import run_python

HEAVY = (
    "sounddevice",
    "faster_whisper",
    "ctranslate2",
    "torch",
    "sentence_transformers",
    "transformers",
    "pocketsphinx",
    "sqlite3",
    "av",
    "soxr",
    "onnxruntime",
    "huggingface_hub",
    "piper",
    "espeakng_loader",
    "pydantic",
)

LIST_LOADED = f"""
import json, sys
import voicecoach.tui.app
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""


def test_importing_the_app_loads_no_engine() -> None:
    finished = run_python(LIST_LOADED)

    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout) == []
