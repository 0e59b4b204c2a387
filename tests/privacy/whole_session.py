"""Everything that a person does in an evening, in one process: the app from its first frame on, the commands.

Run as `python -m tests.privacy.whole_session RECORDING TEXT FOLDER REPORT [COMMAND …]`. Only the terminal is
not there (Textual's headless driver stands in for it). REPORT becomes JSON: what the screens showed, and what
became of each command.
"""

import contextlib
import io
import json
import sys
from functools import partial, partialmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.widgets import Input, TextArea

from tests.support.piper_voice import write_piper_voice
from tests.support.scripted_whisper import build_scripted_whisper
from tests.tui.conftest import settle, shown_screen, until, words_on
from voicecoach.cli.main import run
from voicecoach.config import find_paths
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.screens.answers import FileDialog, TextDialog
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.history import HistoryScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.offer import OfferDialog
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.screens.settings import SettingsScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

QUESTION = "imbalanced-data"
HEARD = "one class is much rarer than the other"


def open_app(arguments: list[str], walk: Any) -> int:
    """The program without a command, its app headless and its keys pressed by a coroutine."""
    for stream in (sys.stdin, sys.stdout):
        stream.isatty = lambda: True  # type: ignore[method-assign]  # the program asks before it opens
    shown = partialmethod(VoicecoachApp.run, headless=True, size=(110, 34), auto_pilot=walk)
    VoicecoachApp.run = shown  # type: ignore[method-assign,assignment]  # a method all the same
    return run(arguments)


async def type_answer(pilot: "Pilot[None]", words: str) -> None:
    """Give typed words to the question of the practice screen."""
    await pilot.press("t")
    await until(pilot, lambda: shown_screen(pilot) is TextDialog, "the text dialog")
    pilot.app.screen.query_one(TextArea).text = words
    await pilot.press("ctrl+s")


async def evening(recording: str, words: str, shown: dict[str, str], pilot: "Pilot[None]") -> None:
    """Open, refuse the download, practise twice, look at everything, quit."""
    await until(pilot, lambda: "next:" in words_on(pilot), "the list")
    await settle(pilot)
    if shown_screen(pilot) is OfferDialog:  # unless the checkout has a model in it
        await pilot.press("escape")
        await settle(pilot)
    await pilot.press("slash", *"imbalanced", "enter", "enter")
    await until(pilot, lambda: shown_screen(pilot) is PracticeScreen, "the question")
    await settle(pilot)
    await pilot.press("f")
    await until(pilot, lambda: shown_screen(pilot) is FileDialog, "the file dialog")
    pilot.app.screen.query_one("#path", Input).value = recording
    await pilot.press("enter")
    await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
    await settle(pilot)
    shown["card"] = words_on(pilot)
    await pilot.press("r")
    await until(pilot, lambda: shown_screen(pilot) is PracticeScreen, "the question again")
    await settle(pilot)
    await type_answer(pilot, words)
    await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the second card")
    await settle(pilot)
    shown["typed card"] = words_on(pilot)
    await pilot.press("escape")
    await settle(pilot)
    await pilot.press("h")
    await until(pilot, lambda: shown_screen(pilot) is HistoryScreen, "the history")
    await settle(pilot)
    shown["history"] = words_on(pilot)
    await pilot.press("escape")
    await settle(pilot)
    await pilot.press("s")
    await until(pilot, lambda: shown_screen(pilot) is SettingsScreen, "the settings")
    await settle(pilot)
    await pilot.press("m", "v")
    await settle(pilot)
    shown["settings"] = words_on(pilot)
    pilot.app.theme = "textual-light"
    await settle(pilot)
    await pilot.press("escape")
    await settle(pilot)
    assert shown_screen(pilot) is HomeScreen
    await pilot.press("q")


def commands(recording: str, text: str, folder: Path, model: Path) -> list[list[str]]:
    """Every command but those that open the app, and `forget`, which would leave nothing to look at."""
    rubric = Path(__file__).parents[2] / "rubrics" / f"{QUESTION}.toml"
    return [
        ["list"],
        ["show", QUESTION],
        ["history", "--json"],
        ["export"],
        ["report", "last", "-o", str(folder / "report.html")],
        ["target", "Machine learning engineer for imbalanced data"],
        ["plan", "--role", "mle"],
        ["progress", "--json"],
        ["project", "--json"],
        ["score", recording, "--question", QUESTION, "--json"],
        ["score", "--text", text, "--question", QUESTION],
        ["check", str(rubric)],
        ["new", "my-project"],
        ["doctor", "--json"],
        ["demo", "--out", str(folder)],
        ["models"],
        ["--voice", "piper", "doctor", "--json"],
        ["--engine", "whisper", "--model", str(model), "score", recording, "--question", QUESTION, "--json"],
    ]


def put_voice(folder: Path) -> None:
    """A Piper voice, as a person would put it there; its modes are not the program's to choose."""
    write_piper_voice(folder)
    folder.chmod(0o700)
    for file in folder.iterdir():
        file.chmod(0o600)


def run_quietly(arguments: list[str]) -> dict[str, object]:
    """One command, with what it wrote and its exit code."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    return {"arguments": arguments, "code": int(code), "out": out.getvalue(), "err": err.getvalue()}


def main(recording: str, text: str, folder: str, report: str, *more: str) -> None:
    """The evening, then the commands, and one more if it is given."""
    shown: dict[str, str] = {}
    words = Path(text).read_text("utf-8")
    code = open_app([], partial(evening, recording, words, shown))
    put_voice(find_paths().voices)
    model = build_scripted_whisper(Path(report).with_name("whisper"), HEARD)
    wanted = [*commands(recording, text, Path(folder), model), *([list(more)] if more else [])]
    done = [run_quietly(arguments) for arguments in wanted]
    Path(report).write_text(json.dumps({"app": int(code), "shown": shown, "commands": done}), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
