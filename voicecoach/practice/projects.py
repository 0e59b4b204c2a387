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
from voicecoach.errors import AuthoringError, ContentError, UnknownQuestionError
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
            ContentError: It has a mistake in it, or a bank has one that is none of its questions'.
        """
        self._read_bank()
        self._refuse_left_out(project_id)
        version = self._store_of(project_id).version(project_id)
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
            taken = {question.id for question in self._coach.bank.questions}
            taken = taken.union(*(store.ids() for store in self._stores()))
            project = replace(project, id=new_id(project.title, taken))
        before = self._coach.bank.find(project.id)
        store = self._store_of(project.id)
        store.save(project, None if over or is_new else opened.version)
        self._forget_vectors(before)
        return OpenProject(project, opened.structure, store.version(project.id))

    def published(self, project_id: str) -> Question:
        """A project that has just been saved, as the question to practise; it is in the bank from now on.

        Raises:
            UnknownQuestionError: Something else has deleted it meanwhile.
            ContentError: It has a mistake in it, or a bank has one that is none of its questions'.
        """
        self._read_bank()
        return self.question(project_id)

    def delete(self, project_id: str) -> None:
        """Delete its files; what was said to it stays in the history.

        Raises:
            AuthoringError: Its files cannot be deleted.
            ContentError: It is deleted, and a bank has a mistake in it that is none of its questions'.
        """
        before = self._coach.bank.find(project_id)
        self._store_of(project_id).delete(project_id)
        self._forget_vectors(before)
        self._read_bank()

    def question(self, project_id: str) -> Question:
        """A saved project as the question to practise.

        Raises:
            UnknownQuestionError: There is no project of that id.
            ContentError: It has a mistake in it.
        """
        self._refuse_left_out(project_id)
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

    def _stores(self) -> tuple[ProjectStore, ...]:
        """The folders that a project may lie in: the person's own bank, and those that override it."""
        _, *others = self._coach.bank.sources
        folders = dict.fromkeys((self._own_bank, *others))
        return tuple(ProjectStore(folder) for folder in folders)

    def _store_of(self, project_id: str) -> ProjectStore:
        """Where the project's files are that count; one that is new goes into the person's own bank.

        Raises:
            AuthoringError: They lie in two folders, or cannot be looked for.
        """
        own, *_ = stores = self._stores()
        holding = [(store, rooms) for store in reversed(stores) if (rooms := store.rooms(project_id))]
        if not holding:
            return own
        (last, its), *others = holding
        if any(rooms - its for _, rooms in others):
            raise AuthoringError(
                f"The files of {project_id!r} lie in two bank folders.",
                "Put its prompt and its rubric into one of them.",
            )
        return last

    def _refuse_left_out(self, project_id: str) -> None:
        """Raise what is wrong with a project that a mistake in its files keeps out of the bank.

        What an earlier folder has under its name is not what was written last.
        """
        files = (f"/{project_id}.toml: ", f"/{project_id}.txt: ")
        told = tuple(line for line in self._coach.bank.left_out if any(file in line for file in files))
        if told:
            raise ContentError(told)

    def _read_bank(self) -> None:
        shipped, *others = self._coach.bank.sources
        # The first project makes the person's bank; one named by --bank stays the last word.
        own = [self._own_bank] if self._own_bank not in (shipped, *others) and self._own_bank.is_dir() else []
        self._coach.bank = load_usable((shipped, *own, *others))
