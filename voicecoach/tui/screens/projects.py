"""The person's projects: choose one to edit or practise, begin another, delete one."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from voicecoach.content.project import Project
from voicecoach.errors import VoicecoachError
from voicecoach.practice.project_times import OpenProject, total_time
from voicecoach.report.wording import window
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import PracticeWanted, Trouble
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.screens.project import ProjectScreen
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from voicecoach.practice.projects import Projects

COLUMNS = (Column("Project", 0), Column("Statements", 10, "right"), Column("Takes to say", 16, "right"))


class ProjectsScreen(Screen[None]):
    """The list.

    Args:
        projects: Knows and deletes them.
        project_id: One to open in the editor at once; empty for none.
    """

    AUTO_FOCUS = "Rows KeyList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit"),
        Binding("space", "practise", "Practise"),
        Binding("n", "new", "New"),
        Binding("d", "delete", "Delete"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    class Opened(Message):
        """A project is read and can be edited."""

        def __init__(self, opened: OpenProject) -> None:
            super().__init__()
            self.opened = opened

    class Changed(Message):
        """One is gone, or may be."""

    def __init__(self, projects: "Projects", project_id: str = "") -> None:
        super().__init__()
        self._projects = projects
        self._at_once = project_id

    def compose(self) -> ComposeResult:
        """Title, list."""
        yield Static(styled("My projects", "bold $text-primary"), id="title")
        yield Rows(COLUMNS, "There is no project yet: n begins one.", id="projects")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Go on to the editor where one was asked for."""
        if self._at_once:
            self._open(self._at_once)

    def on_screen_resume(self) -> None:
        """The editor may have changed them."""
        self.call_after_refresh(self._fill)

    @on(Changed)
    def _fill(self) -> None:
        self.query_one(Rows).set_rows([_row(project) for project in self._projects.all()])
        self.query_one(Rows).options.focus()
        self.refresh_bindings()

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_edit()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer what the list has something for."""
        if action in ("edit", "practise", "delete"):
            rows = self.query(Rows)
            return bool(rows) and rows.first().key is not None
        return True

    def action_edit(self) -> None:
        """Open the highlighted one."""
        key = self.query_one(Rows).key
        if key is not None:
            self._open(key)

    @work(thread=True, group="open", exclusive=True)
    def _open(self, project_id: str) -> None:
        try:
            opened = self._projects.open(project_id)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
            self.post_message(self.Changed())
        else:
            self.post_message(self.Opened(opened))

    @on(Opened)
    def edit(self, message: Opened) -> None:
        """Open the editor."""
        self.app.push_screen(ProjectScreen(self._projects, message.opened))

    def action_practise(self) -> None:
        """Answer the highlighted one."""
        key = self.query_one(Rows).key
        if key is None:
            return
        try:
            question = self._projects.question(key)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
            self.post_message(self.Changed())
        else:
            self.post_message(PracticeWanted(question))

    def action_new(self) -> None:
        """Begin another."""
        self.app.push_screen(ProjectScreen(self._projects, self._projects.blank()))

    def action_delete(self) -> None:
        """Ask, then delete the highlighted one."""
        project = next((each for each in self._projects.all() if each.id == self.query_one(Rows).key), None)
        if project is None:
            return
        question = (
            f"Delete “{project.title}”, with all its files? What you said to it stays in the history; "
            f"`voicecoach forget --question {project.id}` deletes that."
        )

        def answered(wanted: bool | None) -> None:
            if wanted:
                self._delete(project.id)

        self.app.push_screen(ConfirmDialog(question, "Delete it"), answered)

    @work(thread=True, group="delete", exclusive=True)
    def _delete(self, project_id: str) -> None:
        try:
            self._projects.delete(project_id)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        self.post_message(self.Changed())

    def action_leave(self) -> None:
        """Back to the questions."""
        self.app.pop_screen()


def _row(project: Project) -> Row:
    total = total_time(project.statements, project.target_s)
    length = styled(
        f"{total.seconds:.0f} s of {window(total.target_s)}", "$text-warning" if total.is_long else MUTED
    )
    return Row(project.id, (styled(project.title), styled(str(len(project.statements))), length))
