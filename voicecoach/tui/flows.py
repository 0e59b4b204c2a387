"""The part of the app that opens what lies around a question: drill, rounds, plan, projects and the rest.

Their screens are imported when they are opened: the first frame does not wait for them.
"""
# ruff: noqa: PLC0415 - each import here is one that the first frame does without

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from voicecoach.errors import VoicecoachError
from voicecoach.practice.plan import chosen, plan_choice
from voicecoach.tui import messages as told
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.downloading import DownloadingApp
from voicecoach.tui.drafts import Drafts

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach


class FlowsApp(DownloadingApp):
    """An app whose flows open by an action or a message.

    Args:
        desk: Keeps the settings.
    """

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        self._job_draft = ""
        self._drafts = Drafts()

    def on_model_answer_wanted(self, message: told.ModelAnswerWanted) -> None:
        """Speak a good answer."""
        from voicecoach.tui.screens.following import model_answer_screen

        if self._coach is not None:
            self.push_screen(model_answer_screen(self._coach, message.question))

    def on_replay_wanted(self, message: told.ReplayWanted) -> None:
        """Play a take with its transcript."""
        from voicecoach.tui.screens.following import replay_screen

        if self._coach is not None:
            self.push_screen(replay_screen(self._coach, message.attempt))

    def on_compare_wanted(self, message: told.CompareWanted) -> None:
        """Put two takes side by side."""
        from voicecoach.tui.screens.comparing import CompareScreen

        if self._coach is not None:
            self.push_screen(CompareScreen(self._coach, message.attempt))

    def action_progress(self) -> None:
        """Open the progress."""
        from voicecoach.tui.screens.progress import ProgressScreen

        if self._coach is not None:
            self.push_screen(ProgressScreen(self._coach))

    def action_drill(self) -> None:
        """Open the definition drill, which begins with a choice of terms."""
        if self._coach is not None:
            self._drill(self._coach, ())

    def _drill(self, coach: "Coach", term_ids: Sequence[str]) -> None:
        from voicecoach.practice.drilling import Drilling
        from voicecoach.tui.screens.drill import DrillScreen

        drilling = Drilling(coach, plan_choice(self._desk.current))
        terms = [term for term in drilling.terms if term.id in term_ids]
        speak = self._desk.current.speak_questions
        self.push_screen(DrillScreen(coach, drilling, terms, self._drafts, speak=speak))

    def action_plan(self) -> None:
        """Open the way to the interview."""
        from voicecoach.tui.screens.plan import PlanScreen

        if self._coach is not None:
            self.push_screen(PlanScreen(self._coach, lambda: plan_choice(self._desk.current)))

    def on_plan_chosen(self, message: told.PlanChosen) -> None:
        """Go the way to the interview that was chosen; the plan screen looks at it again."""
        if self._coach is None:
            return
        try:
            before, today = plan_choice(self._desk.current), self._coach.schedule.today()
            self._choose(chosen(message.choice, self._coach.bank, today, before))
        except VoicecoachError as error:
            self._show_error(error)
        else:
            message.then()

    def action_projects(self, project_id: str = "") -> None:
        """Open the projects: the list, or the editor where there is none yet."""
        from voicecoach.practice.projects import Projects
        from voicecoach.tui.screens.project import ProjectScreen
        from voicecoach.tui.screens.projects import ProjectsScreen

        if self._coach is None:
            return
        projects = Projects(self._coach)
        if projects.all():
            self.push_screen(ProjectsScreen(projects, project_id))
        else:
            self.push_screen(ProjectScreen(projects, projects.blank()))

    def action_rounds(self) -> None:
        """Open the interview rounds."""
        if self._coach is not None:
            self._open_rounds(self._coach)

    def _open_rounds(self, coach: "Coach", begin: str = "") -> None:
        from voicecoach.tui.screens.rounds import RoundsScreen

        speak = self._desk.current.speak_questions
        self.push_screen(RoundsScreen(coach, self._drafts, speak=speak, begin=begin))

    def action_target(self) -> None:
        """Ask for the job that the list is ordered for."""
        if self._coach is not None:
            self._read_target(self._coach.engines.paths.target_file)

    @work(thread=True, group="target")
    def _read_target(self, path: Path) -> None:
        self._tell_target(path)

    def _tell_target(self, path: Path) -> None:
        from voicecoach.practice.target import TargetFile

        job = ""
        try:
            job = TargetFile(path).read()
        except VoicecoachError as error:
            self.post_message(told.Trouble(error))
        self.post_message(told.TargetRead(job))

    def on_target_read(self, message: told.TargetRead) -> None:
        """Open its dialog."""
        from voicecoach.tui.screens.job import JobDialog

        self.push_screen(JobDialog(message.job, self._job_draft), self._set_target)

    def _set_target(self, job: str | None) -> None:
        self._job_draft = job or ""
        if job is not None and self._coach is not None:
            self._keep_target(self._coach.engines.paths.target_file, job)

    @work(thread=True, group="target")
    def _keep_target(self, path: Path, job: str) -> None:
        from voicecoach.practice.target import TargetFile

        try:
            TargetFile(path).write(job)
        except VoicecoachError as error:
            self.post_message(told.Trouble(error))
            # What was typed or pasted is not lost with it: the dialog gives it back.
            self._tell_target(path)
        else:
            self.post_message(told.TargetKept())

    def on_target_kept(self) -> None:
        """Order the list by it."""
        self._job_draft = ""
        if self._coach is not None:
            self._home.open_bank(self._coach)

    def action_corrections(self) -> None:
        """Open what has been corrected, and what that taught."""
        from voicecoach.tui.screens.corrections import CorrectionsScreen

        if self._coach is not None:
            self.push_screen(CorrectionsScreen(self._coach))

    def on_lessons_chosen(self, message: told.LessonsChosen) -> None:
        """Judge by other thresholds from now on."""
        if self._coach is None:
            return
        try:
            self._coach.engines.reload(self._choose(message.settings))
        except VoicecoachError as error:
            self._show_error(error)
        else:
            message.then()
