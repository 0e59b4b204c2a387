"""Reports: attempts with their sound as a file that a browser opens."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from voicecoach.clip import CompactSound
from voicecoach.errors import AudioError, ReportError
from voicecoach.history.records import Attempt
from voicecoach.practice.round_report import QuestionReport, RoundReport
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

    def page(self, attempt: Attempt) -> str:
        """One attempt as HTML."""
        take = self._take(attempt)
        return render((take,), take.title)

    def round_page(self, report: RoundReport) -> str:
        """The judged answers of a round as HTML, in the order in which they were given.

        Raises:
            ReportError: None was judged.
        """
        ids = [attempt_id for question in report.questions for attempt_id in _attempts_of(question)]
        attempts = [found for each in ids if (found := self._coach.attempt(each)) is not None]
        if not attempts:
            raise ReportError("No answer of this round was judged, so there is nothing to report.")
        return render(tuple(map(self._take, attempts)), report.label, summary_of(report))

    def write(self, attempt: Attempt, file: Path) -> Path:
        """Write an attempt's report to a new file, readable by its owner alone.

        Raises:
            ReportError: There is something of that name, or it cannot be written.
        """
        return write_new(file, self.page(attempt))

    def write_into(self, folder: Path, attempt: Attempt) -> Path:
        """Write an attempt's report into a folder, under a name that is free there.

        Returns:
            The file.

        Raises:
            ReportError: It cannot be written.
        """
        file = free_name(folder, attempt.question_id, attempt.started_at)
        return self.write(attempt, file)

    def write_round(self, report: RoundReport, file: Path) -> Path:
        """As `write`, for a round."""
        return write_new(file, self.round_page(report))

    def write_round_into(self, folder: Path, report: RoundReport) -> Path:
        """As `write_into`, for a round."""
        file = free_name(folder, f"round-{report.round_id}", report.started_at)
        return self.write_round(report, file)

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


def summary_of(report: RoundReport) -> tuple[str, ...]:
    """What a round came to, in sentences."""
    low, high = (f"{seconds / 60:.1f}" for seconds in report.window_s)
    lines = [f"{report.answered} of {len(report.questions)} questions judged."]
    if report.overall is not None:
        lines.append(f"{report.overall:.0f} of 100 on average.")
        lines.append(f"{report.spoken_s / 60:.1f} minutes spoken; {low} to {high} were meant.")
    if report.followed_up:
        lines.append(f"{report.recovered} of {report.followed_up} follow-ups brought the missed point.")
    for each in report.recurring:
        numbers = ", ".join(map(str, each.numbers))
        lines.append(f"Again and again (questions {numbers}): {each.what}. {each.advice}")
    if report.cue:
        lines.append(f"Before the next round: {report.cue}")
    return tuple(lines)


def _attempts_of(question: QuestionReport) -> Iterator[int]:
    """The answer, the answers to its follow-ups, and the second time."""
    again = () if question.again is None else (question.again.attempt_id,)
    follow_ups = (each.attempt_id for each in question.follow_ups)
    yield from (each for each in (question.attempt_id, *follow_ups, *again) if each is not None)


def write_new(file: Path, text: str) -> Path:
    """Write a file that is not there yet, whole or not at all, readable by its owner alone.

    Returns:
        The file.

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
    return file


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


def free_name(folder: Path, what: str, when: datetime) -> Path:
    """A file for a report that is not there yet.

    Somebody who takes the name before it is written makes it an error, never a loss.
    """
    stem = f"voicecoach-{_NOT_IN_NAMES.sub('-', what)[:LONGEST_NAME].strip('.-') or 'answer'}"
    stem = f"{stem}-{when.astimezone():%Y-%m-%d}"
    names = chain((f"{stem}.html",), (f"{stem}-{number}.html" for number in count(2)))
    return next(folder / name for name in names if not os.path.lexists(folder / name))
