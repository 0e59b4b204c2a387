"""Dialogs for an answer that is not spoken here: typed words, or a recording made elsewhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import Suggester
from textual.widgets import Input, Static, TextArea

from voicecoach.content.model import Question
from voicecoach.tui.dialog import Dialog
from voicecoach.tui.screens.confirm import leave
from voicecoach.tui.widgets.keys_footer import KeysFooter


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """What was typed.

    Attributes:
        text: The words.
        duration_s: How long saying them took; None for an estimate.
    """

    text: str
    duration_s: float | None


class TextDialog(Dialog[TypedAnswer]):
    """Takes typed words.

    Args:
        question: What they answer.
        draft: What was typed before and is not kept yet; None to begin with an empty page.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "judge", "Judge it"),
        Binding("tab", "app.focus_next", "Next field"),
        Binding("escape", "leave", "Cancel"),
    ]

    def __init__(self, question: Question, draft: TypedAnswer | None = None) -> None:
        super().__init__()
        self._question = question
        self._draft = draft or TypedAnswer("", None)
        self._given = "" if self._draft.duration_s is None else f"{self._draft.duration_s:g}"

    def compose(self) -> ComposeResult:
        """The words, their length, a line for what is missing."""
        with Vertical(classes="dialog large"):
            yield Static(self._question.text, classes="dialog-title", markup=False)
            yield TextArea(self._draft.text, id="words", tab_behavior="focus", show_line_numbers=False)
            yield Static("Seconds it took to say (empty: counted at 150 words a minute)", markup=False)
            yield Input(self._given, id="seconds", placeholder="for example 75", compact=True)
            yield Static(id="dialog-trouble", markup=False)
        yield KeysFooter()

    @property
    def is_unsaved(self) -> bool:
        """Whether there are words that have not been handed over."""
        return any(area.text.strip() for area in self.query("#words").results(TextArea))

    def on_input_submitted(self) -> None:
        """Enter in the last field judges."""
        self.action_judge()

    def _typed(self) -> tuple[str, str]:
        return self.query_one("#words", TextArea).text.strip(), self.query_one(
            "#seconds", Input
        ).value.strip()

    def action_judge(self) -> None:
        """Hand the words over, or say what is missing."""
        text, seconds = self._typed()
        trouble = self.query_one("#dialog-trouble", Static)
        if not text:
            trouble.update("There are no words yet.")
            return
        try:
            duration_s = float(seconds) if seconds else None
        except ValueError:
            duration_s = 0.0
        if duration_s is not None and not 1 <= duration_s <= 3600:
            trouble.update(f"{seconds!r} is not a number of seconds from 1 to 3600.")
            return
        self.dismiss(TypedAnswer(text, duration_s))

    def action_leave(self) -> None:
        """Leave without an answer; words that were given back are given back again, others would be lost."""
        typed = self._typed()
        loses = bool(typed[0]) and typed != (self._draft.text.strip(), self._given)
        leave(self.app, lambda: self.dismiss(None), loses=loses)


class PathSuggester(Suggester):
    """Completes a path with the first name in its folder that fits."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The completed path, or None."""
        folder, slash, start = value.rpartition("/")
        if not start:
            return None
        try:
            entries = sorted(Path(f"{folder}{slash}" or ".").expanduser().iterdir())
            found = next((entry for entry in entries if entry.name.startswith(start)), None)
            end = "/" if found is not None and found.is_dir() else ""
        except (OSError, RuntimeError, ValueError):
            return None
        return f"{folder}{slash}{found.name}{end}" if found is not None else None


class PathDialog(Dialog[Path]):
    """Takes the path of a file.

    Args:
        title: What it is for.
        wanted: Which files will do.
        example: Such a path.
        does: What Enter does with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss_none", "Cancel"),
    ]

    def __init__(self, title: str, wanted: str, example: str, does: str) -> None:
        super().__init__()
        self._title = title
        self._wanted = wanted
        self._example = example
        self._does = does

    def compose(self) -> ComposeResult:
        """The path, and a line for what is wrong with it."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._wanted, markup=False)
            yield Input(id="path", placeholder=self._example, suggester=PathSuggester(), compact=True)
            yield Static(
                f"Enter {self._does}. The right arrow completes the path.", classes="muted", markup=False
            )
            yield Static(id="dialog-trouble", markup=False)
        yield KeysFooter()

    def on_input_submitted(self) -> None:
        """Hand the path over, or say that nothing is there."""
        given = self.query_one("#path", Input).value.strip().strip("'\"")
        trouble = self.query_one("#dialog-trouble", Static)
        if not given:
            trouble.update("There is no path yet.")
            return
        try:
            path = Path(given).expanduser()
            is_file = path.is_file()
        except (OSError, RuntimeError, ValueError) as error:
            trouble.update(f"{given}: {error}")
            return
        if not is_file:
            trouble.update(f"{path}: there is no such file.")
            return
        self.dismiss(path)

    def action_dismiss_none(self) -> None:
        """Leave without a file."""
        self.dismiss(None)


class FileDialog(PathDialog):
    """Takes the path of a recording.

    Args:
        question: What it answers.
    """

    def __init__(self, question: Question) -> None:
        super().__init__(
            question.text,
            "Path of a recording (WAV, MP3, M4A, OGG, or a video):",
            "~/answers/walkthrough.m4a",
            "judges it",
        )
