"""The job that a person is after: kept in their own folder, and the bank in the order of what it names."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecoach.content.model import Question
from voicecoach.content.project import project_of
from voicecoach.errors import DocumentError
from voicecoach.outside import FileError, read_text
from voicecoach.practice.job_match import Match, match_job
from voicecoach.private import make_private_folder, private_opener

MOST_CHARACTERS = 50_000
"""Of a job description; a long one has eight thousand."""

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Target:
    """A job that is in force.

    Attributes:
        name: Its first line, cut to a length that a line of the screen has room for.
        matches: How well each question fits, by id.
    """

    name: str
    matches: Mapping[str, Match]

    def place(self, question: Question) -> tuple[bool, float]:
        """Where a question stands, smallest first: one's own projects, then what the job names."""
        match = self.matches.get(question.id)
        return project_of(question) is None, -match.score if match is not None and match.words else 0.0

    def words(self, question_id: str) -> tuple[str, ...]:
        """The words of the job that a question answers to, the most telling first."""
        match = self.matches.get(question_id)
        return match.words if match is not None else ()


class TargetFile:
    """The file that the job is kept in.

    Args:
        path: Made when a job is set.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def exists(self) -> bool:
        """Whether a job is set."""
        return self._path.exists()

    def read(self) -> str:
        """The job's text, or "" where none is set.

        Raises:
            DocumentError: The file cannot be read.
        """
        try:
            return read_text(self._path, 4 * MOST_CHARACTERS)
        except FileNotFoundError:
            return ""
        except FileError as problem:
            raise DocumentError(
                f"{self._path}: {problem}.", "`voicecoach target --clear` deletes it."
            ) from problem

    def write(self, job: str) -> None:
        """Set the job, readable by its owner alone; blank text takes it away.

        Raises:
            DocumentError: It is longer than any job description, or cannot be written.
        """
        text = "\n".join(line.rstrip() for line in _printable(job).strip().splitlines())
        if not text:
            self.clear()
            return
        if len(text) > MOST_CHARACTERS:
            raise DocumentError(
                f"The job has more than {MOST_CHARACTERS:,} characters.", "Keep what it asks for."
            )
        partial = self._path.with_name(self._path.name + ".partial")
        try:
            make_private_folder(self._path.parent)
            try:
                with open(partial, "w", encoding="utf-8", newline="\n", opener=private_opener) as stream:
                    stream.write(f"{text}\n")
                    stream.flush()
                    os.fsync(stream.fileno())
                partial.replace(self._path)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as error:
            raise DocumentError(
                f"{self._path}: cannot be saved: {error.strerror}.", "Check the disk space and permissions."
            ) from error

    def clear(self) -> bool:
        """Take the job away; False where none was set.

        Raises:
            DocumentError: The file cannot be deleted.
        """
        try:
            was_there = self.exists
            self._path.with_name(self._path.name + ".partial").unlink(missing_ok=True)
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise DocumentError(
                f"{self._path}: cannot be deleted: {error.strerror}.", "Check the folder's permissions."
            ) from error
        return was_there


def look_at_target(file: Path, questions: Sequence[Question]) -> Target | None:
    """The job in force, matched with the questions.

    Raises:
        DocumentError: The file cannot be read.
    """
    job = TargetFile(file).read().strip()
    return Target(name_of(job), match_job(questions, job)) if job else None


def name_of(job: str) -> str:
    """A job's first line, cut where it is long."""
    first = " ".join(job.strip().splitlines()[0].split()) if job.strip() else ""
    return first if len(first) <= LONGEST_NAME else f"{first[: LONGEST_NAME - 1].rstrip()}…"


def _printable(text: str) -> str:
    """Without what could steer a terminal, and without halves of characters, which no file can hold."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
