"""The editor of a project of one's own: what is to be said in each beat, against its budget of seconds."""

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import DescendantFocus
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from voicecoach.content.model import Question
from voicecoach.documents.document import Document
from voicecoach.errors import ChangedFileError, VoicecoachError
from voicecoach.practice.project_times import OpenProject
from voicecoach.report.wording import window
from voicecoach.tui.messages import PracticeWanted, Trouble
from voicecoach.tui.screens.answers import PathDialog
from voicecoach.tui.screens.confirm import ConfirmDialog, leave
from voicecoach.tui.widgets.beats import GUIDE_OF, BeatField, Beats
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.notes import CURRENT, Notes
from voicecoach.tui.widgets.rows import KeyList
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from voicecoach.practice.projects import Projects


class ProjectScreen(Screen[None]):
    """Its beats to write in, a document beside them.

    Args:
        projects: Saves it.
        opened: What to begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", key_display="^s"),
        Binding("ctrl+r", "practise", "Practise", key_display="^r"),
        Binding("tab", "app.focus_next", "Next beat"),
        Binding("ctrl+o", "open_notes", "Open notes", key_display="^o"),
        Binding("ctrl+n", "notes", "To the notes", key_display="^n"),
        Binding("escape", "leave", "Back"),
    ]

    class Saved(Message):
        """It is in the bank."""

        def __init__(self, question: Question, *, practise: bool) -> None:
            super().__init__()
            self.question = question
            self.practise = practise

    class ChangedMeanwhile(Message):
        """The files are not what they were when the editor was opened."""

        def __init__(self, error: ChangedFileError, *, practise: bool) -> None:
            super().__init__()
            self.error = error
            self.practise = practise

    class NotesRead(Message):
        """The document is there."""

        def __init__(self, document: Document) -> None:
            super().__init__()
            self.document = document

    def __init__(self, projects: "Projects", opened: OpenProject) -> None:
        super().__init__()
        self._projects = projects
        self._opened = opened
        self._saving = Lock()
        texts = {plan.beat: "\n".join(plan.statements) for plan in opened.project.beats}
        self._beats = Beats(opened.structure.beats, texts)
        self._kept = (opened.project.title, texts)

    def compose(self) -> ComposeResult:
        """Title and length; the beats, and the document beside them; what belongs in the current beat."""
        with Horizontal(id="project-head"):
            yield Static("My project: ", id="project-word")
            yield Input(self._opened.project.title, placeholder="its title", compact=True, id="project-title")
            yield Static(id="project-length")
        with Horizontal(id="project-body"):
            yield self._beats
            yield Notes(len(self._beats.fields))
        yield Static(id="belongs", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Begin with the title of a new project, with the first beat of one that has one."""
        self.query_one(Notes).display = False
        self._show_times()
        if self._opened.project.title:
            self._beats.current.area.focus()
        else:
            self.query_one("#project-title").focus()

    @on(BeatField.Changed)
    @on(Input.Changed, "#project-title")
    def show_times(self) -> None:
        """Follow what is typed."""
        self._show_times()

    def _show_times(self) -> None:
        for field in self._beats.fields:
            time = self._opened.time_of(field.beat.id, field.text)
            field.show_time(time, current=field is self._beats.current)
        total = self._opened.total_time(self._beats.texts.values())
        self.query_one("#project-length", Static).update(
            Content.assemble(
                (f"  {total.seconds:.0f} s", "bold $text-warning" if total.is_long else "bold"),
                (f" of {window(total.target_s)}", MUTED),
                (" too long" if total.is_long else "", "$text-warning"),
            )
        )
        guide = GUIDE_OF.get(self._beats.current.beat.id)
        label = self._beats.current.beat.label
        belongs = f"{guide.belongs} One statement a line, with its numbers." if guide else ""
        self.query_one("#belongs", Static).update(Content.assemble((f"{label}: ", "bold"), (belongs, MUTED)))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The beat that is written in is the current one."""
        field = next((each for each in self._beats.fields if each.area is event.widget), None)
        if field is not None:
            self._beats.go_to(field)
            self._show_times()
        self.refresh_bindings()

    def on_input_submitted(self) -> None:
        """From the title on to the first beat."""
        self._beats.fields[0].area.focus()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """The way to the notes is there once they are, and one is not in them."""
        if action == "notes":
            notes = self.query(Notes)
            return bool(notes) and notes.first().display and not self._in_notes()
        if action == "leave":
            return not self._in_notes()
        return True

    def _in_notes(self) -> bool:
        return isinstance(self.focused, KeyList)

    @property
    def is_unsaved(self) -> bool:
        """Whether anything differs from what was last saved."""
        titles = self.query("#project-title").results(Input)  # none before the screen is laid out
        return any((title.value, self._beats.texts) != self._kept for title in titles)

    def action_save(self) -> None:
        """Keep it; the question is in the bank at once."""
        self._save(practise=False)

    def action_practise(self) -> None:
        """Keep it, and answer it."""
        self._save(practise=True)

    def _save(self, *, practise: bool, over: bool = False) -> None:
        title = self.query_one("#project-title", Input)
        if not title.value.strip():
            # Saving will say that it is missing: what is typed next goes there.
            title.focus()
        self._write(title.value, self._beats.texts, practise=practise, over=over)

    @work(thread=True, group="save")
    def _write(self, title: str, texts: dict[str, str], *, practise: bool, over: bool) -> None:
        try:
            # Saved twice in a row, the second goes on from what the first has written.
            with self._saving:
                opened = self._opened = self._projects.save(self._opened, title, texts, over=over)
            self._kept = (title, texts)
            question = self._projects.published(opened.project.id)
        except ChangedFileError as error:
            self.post_message(self.ChangedMeanwhile(error, practise=practise))
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(self.Saved(question, practise=practise))

    @on(Saved)
    def go_on(self, message: Saved) -> None:
        """Say so, or go on to practice."""
        if message.practise:
            self.post_message(PracticeWanted(message.question))
        else:
            self.notify("Saved: the question is in the bank. Ctrl+r practises it.")

    @on(ChangedMeanwhile)
    def ask_about_changes(self, message: ChangedMeanwhile) -> None:
        """Nothing that was written by hand is lost unasked."""

        def answered(over: bool | None) -> None:
            if over:
                self._save(practise=message.practise, over=True)

        question = f"{message.error.message} Save what stands here over it?"
        self.app.push_screen(ConfirmDialog(question, "Save mine"), answered)

    def action_open_notes(self) -> None:
        """Ask for a document."""
        dialog = PathDialog(
            "Open a résumé or notes beside the editor",
            "Path of a text, Markdown, PDF or Word (.docx) file:",
            "~/Documents/resume.pdf",
            "opens it",
        )
        self.app.push_screen(dialog, self._opened_notes)

    def _opened_notes(self, path: Path | None) -> None:
        if path is not None:
            self._read_notes(path)

    @work(thread=True, group="notes", exclusive=True)
    def _read_notes(self, path: Path) -> None:
        try:
            document = self._projects.read_document(path)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(self.NotesRead(document))

    @on(NotesRead)
    def show_notes(self, message: NotesRead) -> None:
        """Show it beside the beats."""
        notes = self.query_one(Notes)
        notes.display = True
        notes.show(message.document)

    @on(Notes.Pulled)
    def pull(self, message: Notes.Pulled) -> None:
        """Put the line into its beat."""
        fields = self._beats.fields
        if message.beat != CURRENT:
            self._beats.go_to(fields[message.beat - 1])
        self._beats.current.add(message.line)
        self._show_times()

    def action_notes(self) -> None:
        """To the lines of the document."""
        self.query_one(Notes).query_one(KeyList).focus()

    def action_write(self) -> None:
        """Back to the beat that was written in last."""
        self._beats.current.area.focus()

    def action_leave(self) -> None:
        """Back, and ask first where something would be lost."""
        question = "Leave without saving what you have changed here?"
        leave(self.app, self.app.pop_screen, loses=self.is_unsaved, question=question)
