"""The person's own projects: opened for the editor, saved, and at once among the questions."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from voicecoach.content.loader import load_usable
from voicecoach.content.model import Question
from voicecoach.content.project import (
    STRUCTURE,
    BeatPlan,
    Project,
    new_id,
    project_of,
    projects_of,
    split_statements,
    visible,
)
from voicecoach.content.project_files import ProjectStore
from voicecoach.documents.document import Document
from voicecoach.errors import AuthoringError, UnknownQuestionError
from voicecoach.practice.coach import Coach
from voicecoach.practice.project_times import OpenProject
from voicecoach.practice.reading import kept_texts


class Projects:
    """Opens, saves and deletes projects. Every method but `all` may block.

    Args:
        coach: Its bank is read again after every change.
    """

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._own_bank = coach.engines.paths.own_bank
        self._store = ProjectStore(self._own_bank)

    def all(self) -> tuple[Project, ...]:
        """Every project, by title."""
        return projects_of(self._coach.bank)

    def blank(self) -> OpenProject:
        """A new one."""
        structure = next(each for each in self._coach.bank.structures if each.id == STRUCTURE)
        beats = tuple(BeatPlan(beat.id, ()) for beat in structure.beats)
        return OpenProject(Project("", "", beats), structure, None)

    def open(self, project_id: str) -> OpenProject:
        """A project as its files have it now.

        Raises:
            UnknownQuestionError: There is no project of that id.
            AuthoringError: Its files cannot be read.
            ContentError: A bank has mistakes in it that are none of its questions'.
        """
        self._read_bank()
        version = self._store.version(project_id)
        question = self._coach.bank.find(project_id)
        project = project_of(question) if question is not None else None
        if question is None or project is None or question.is_narrowed:
            raise UnknownQuestionError(
                f"There is no project {project_id!r}.",
                "`voicecoach project` lists yours; p in the app begins one.",
            )
        return OpenProject(project, question.structure, version)

    def save(
        self, opened: OpenProject, title: str, texts: Mapping[str, str], *, over: bool = False
    ) -> OpenProject:
        """Keep what the editor holds; `published` then puts the question into the bank.

        Args:
            opened: What the editor began with.
            title: As typed.
            texts: By beat, one statement a line or sentence.
            over: Write over what something else has written meanwhile.

        Raises:
            ChangedFileError: Something else has changed the files; nothing was saved.
            AuthoringError: There is no title or nothing to say, or the files cannot be written.
        """
        project = replace(
            opened.project,
            title=" ".join(visible(title).split()),
            beats=tuple(
                BeatPlan(beat.id, split_statements(texts.get(beat.id, ""))) for beat in opened.structure.beats
            ),
        )
        if not project.title:
            raise AuthoringError("The project has no title yet.", "Type one in the first line.")
        if not project.statements:
            raise AuthoringError("There is nothing to say yet.", "Write at least one statement.")
        is_new = not project.id
        if is_new:
            # Another window may have saved one since the bank was read.
            taken = {question.id for question in self._coach.bank.questions} | self._store.ids()
            project = replace(project, id=new_id(project.title, taken))
        before = self._coach.bank.find(project.id)
        self._store.save(project, None if over or is_new else opened.version)
        self._forget_vectors(before)
        return OpenProject(project, opened.structure, self._store.version(project.id))

    def published(self, project_id: str) -> Question:
        """A project that has just been saved, as the question to practise; it is in the bank from now on.

        Raises:
            ContentError: A bank has a mistake in it that is none of its questions'.
        """
        self._read_bank()
        return self.question(project_id)

    def delete(self, project_id: str) -> None:
        """Delete its question and rubric; what was said to it stays in the history.

        Raises:
            AuthoringError: Its files cannot be deleted.
            ContentError: It is deleted, and a bank has a mistake in it that is none of its questions'.
        """
        before = self._coach.bank.find(project_id)
        self._store.delete(project_id)
        self._forget_vectors(before)
        self._read_bank()

    def question(self, project_id: str) -> Question:
        """A saved project as the question to practise."""
        return self._coach.question(project_id)

    def read_document(self, path: Path) -> Document:
        """A résumé or notes to pull lines from.

        Raises:
            DocumentError: It cannot be read.
        """
        return self._coach.engines.read_document(path)

    def _forget_vectors(self, before: Question | None) -> None:
        """Statements that are gone leave nothing behind."""
        for texts in kept_texts(before) if before is not None else ():
            self._coach.engines.forget_vectors(texts)

    def _read_bank(self) -> None:
        shipped, *others = self._coach.bank.sources
        # The first project makes the person's bank; one named by --bank stays the last word.
        own = [self._own_bank] if self._own_bank not in (shipped, *others) and self._own_bank.is_dir() else []
        self._coach.bank = load_usable((shipped, *own, *others))
