"""Reports: attempts with their sound as a file that a browser opens."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from voicecoach.clip import CompactSound
from voicecoach.errors import AudioError, ReportError
from voicecoach.history.records import Attempt
from voicecoach.practice.typed import TYPED
from voicecoach.private import make_private_folder
from voicecoach.report.page import ReportedTake, render

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach

LONGEST_NAME = 60
"""Characters of a question's id in a file's name."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class _Sound:
    """An attempt's recording, or why there is none."""

    sound: CompactSound | None
    silence: str


class Reporter:
    """Writes reports.

    Every method may block and belongs in a worker.

    Args:
        coach: Has the questions and the recordings.
    """

    def __init__(self, coach: "Coach") -> None:
        self._coach = coach

    def page(self, attempts: Sequence[Attempt], title: str = "", summary: Sequence[str] = ()) -> str:
        """The page as HTML.

        Args:
            attempts: One, or those of a round in their order.
            title: Of the page; empty takes the first question's.
            summary: Sentences about all of them.
        """
        takes = tuple(self._take(attempt) for attempt in attempts)
        return render(takes, title or takes[0].title, summary)

    def write(self, attempts: Sequence[Attempt], file: Path) -> Path:
        """Write a report to a new file, readable by its owner alone.

        Raises:
            ReportError: There is something of that name, or it cannot be written.
        """
        write_new(file, self.page(attempts))
        return file

    def write_into(self, folder: Path, attempt: Attempt) -> Path:
        """Write a report into a folder, under a name that is free there.

        Returns:
            The file.

        Raises:
            ReportError: It cannot be written.
        """
        # Somebody who takes the name before it is written makes it an error, never a loss.
        file = next(file for file in _files(folder, attempt) if not os.path.lexists(file))
        return self.write((attempt,), file)

    def _take(self, attempt: Attempt) -> ReportedTake:
        found = self._sound(attempt)
        return ReportedTake(
            question=self._coach.bank.find(attempt.question_id),
            started_at=attempt.started_at,
            card=attempt.card,
            transcript=attempt.transcript,
            sound=found.sound,
            silence=found.silence,
        )

    def _sound(self, attempt: Attempt) -> _Sound:
        if attempt.transcript.engine.name == TYPED.name:
            return _Sound(None, "This answer was typed, so there is nothing to hear.")
        try:
            clip = self._coach.sound_of(attempt)
            if clip is None or not len(clip.samples):
                return _Sound(None, "There is no recording of this answer.")
            return _Sound(self._coach.engines.compact(clip), "")
        except AudioError as error:
            return _Sound(None, f"The recording is left out: {error}")


def write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all, readable by its owner alone.

    Raises:
        ReportError: There is something of that name, or it cannot be written.
    """
    with _telling(file):
        make_private_folder(file.parent)
        _claim(file)
        partial: Path | None = None
        try:
            # A name of its own: in a folder that others write to, nobody can have put a link there.
            handle, name = mkstemp(dir=file.parent, prefix=".voicecoach-")
            partial = Path(name)
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(file)
        except BaseException:
            for leftover in (partial, file):
                if leftover is not None:
                    with suppress(OSError):
                        leftover.unlink(missing_ok=True)
            raise


def _claim(file: Path) -> None:
    """Make an empty file, so that nobody else's can be replaced."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise ReportError(
            f"{file}: there is something of that name already.", "Choose another name."
        ) from error


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file can have that name"
        raise ReportError(
            f"{file}: cannot be written: {why}.", "Check the folder's permissions and the disk space."
        ) from error


def _files(folder: Path, attempt: Attempt) -> Iterator[Path]:
    """Names for an attempt's report, the plainest first; they never end."""
    question = _NOT_IN_NAMES.sub("-", attempt.question_id)[:LONGEST_NAME].strip(".-") or "answer"
    stem = f"voicecoach-{question}-{attempt.started_at.astimezone():%Y-%m-%d}"
    yield folder / f"{stem}.html"
    yield from (folder / f"{stem}-{number}.html" for number in count(2))
