"""Takes on disk: one folder each, found again after a crash.

takes/<id>/take.json    question and start, written before the first block of audio
takes/<id>/audio.wav    16 kHz mono 16-bit; its header is true after every flush
takes/<id>/live.lock    locked while a process records or judges the take
"""

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from voicecoach.audio.hold import LOCK_NAME, is_held
from voicecoach.errors import HistoryError
from voicecoach.outside import FileError, read_json
from voicecoach.private import make_private_folder

_SCHEMA = 1
_SCRATCH = ".scratch"
_DESCRIPTION = "take.json"
_MAX_DESCRIPTION_BYTES = 10_000
_DESCRIPTION_PARTIAL = _DESCRIPTION + ".partial"
_NO_SOUND = {_DESCRIPTION, _DESCRIPTION_PARTIAL, LOCK_NAME}
"""What a folder may hold that a crash left before there was any sound, or after it was deleted."""


@dataclass(frozen=True, slots=True)
class Take:
    """One answer on disk.

    Attributes:
        id: The folder's name, sortable by time.
        question_id: What was asked; empty where a crash left it unreadable.
        started_at: Aware, in UTC.
        folder: Where it lives.
    """

    id: str
    question_id: str
    started_at: datetime
    folder: Path

    @property
    def audio(self) -> Path:
        """The recording; it need not exist yet."""
        return self.folder / "audio.wav"


class TakeStore:
    """The takes of one person.

    Args:
        folder: Holds one folder per take; made when the first take is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def create(self, question_id: str, now: datetime) -> Take:
        """Make a take, its description safe on disk before any sound is.

        Args:
            question_id: What is asked.
            now: Aware.

        Raises:
            HistoryError: The folder cannot be written.
        """
        started_at = now.astimezone(UTC)
        folder = self._folder
        try:
            make_private_folder(self._folder)
            folder = self._new_folder(started_at)
            take = Take(folder.name, question_id, started_at, folder)
            try:
                _write_description(take)
            except OSError:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            _sync_folder(self._folder)
        except OSError as error:
            raise HistoryError(
                f"{folder}: a take cannot be made: {error.strerror}.",
                "Check the folder's permissions and disk space.",
            ) from error
        return take

    def scratch(self, now: datetime) -> Take:
        """A folder for sound that nobody keeps; never listed. What an earlier one held is deleted.

        Raises:
            HistoryError: It is in use, or cannot be written.
        """
        scratch = Take(_SCRATCH, "", now.astimezone(UTC), self._folder / _SCRATCH)
        self.delete(scratch)
        try:
            make_private_folder(scratch.folder)
        except OSError as error:
            raise HistoryError(
                f"{scratch.folder}: cannot be made: {error.strerror}.",
                "Check the folder's permissions and disk space.",
            ) from error
        return scratch

    def drop_scratch(self) -> None:
        """Delete what a crash left of `scratch`; if it is in use, or cannot be deleted, it stays."""
        with suppress(HistoryError):
            self.delete(Take(_SCRATCH, "", datetime.fromtimestamp(0, UTC), self._folder / _SCRATCH))

    def ids(self) -> tuple[str, ...]:
        """The name of everything in the folder that may be a take; nothing is opened.

        Raises:
            HistoryError: The folder of takes itself cannot be read.
        """
        try:
            return tuple(name for name in os.listdir(self._folder) if not name.startswith("."))  # noqa: PTH208 - no Path for each of many
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise HistoryError(
                f"{self._folder}: cannot be read: {error.strerror}.", "Check the folder's permissions."
            ) from error

    def read(self, take_ids: Iterable[str]) -> tuple[Take, ...]:
        """Those of these takes that can be read, newest first.

        One whose description is broken is there all the same, with no question, if it has sound.
        """
        takes = [take for take in map(self.find, take_ids) if take is not None]
        return tuple(sorted(takes, key=lambda take: (take.started_at, take.id), reverse=True))

    def find(self, take_id: str) -> Take | None:
        """The take of that id, or None."""
        if not take_id or take_id.startswith(".") or Path(take_id).name != take_id:
            return None
        return _read_take(self._folder / take_id)

    def delete(self, take: Take) -> None:
        """Delete a take with its sound; one that is gone already is no error.

        Raises:
            HistoryError: It lies outside this store, is in use, or cannot be deleted.
        """
        folder = take.folder.absolute()
        inside = folder.parent == self._folder and folder.name not in ("", ".", "..")
        try:
            if not inside or folder.is_symlink():
                raise HistoryError(f"{folder}: is not a take in {self._folder}, so it was not deleted.")
            if self.is_live(take):
                raise HistoryError(
                    f"{folder}: the take is in use, so it was not deleted.",
                    "Stop the recording or close the other window.",
                )
            # The sound goes first: what a crash leaves of a deletion is then never offered again.
            take.audio.unlink(missing_ok=True)
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise HistoryError(
                f"{folder}: cannot be deleted: {error.strerror}.", "Check the folder's permissions."
            ) from error

    def sweep(self, take_ids: Iterable[str], before: datetime) -> None:
        """Delete those of these that a crash left half made or half deleted: takes by name, without sound.

        What cannot be deleted, is in use or holds anything of another's stays.

        Args:
            take_ids: As `ids` lists them, but for takes that can be read.
            before: Aware; what began later may still be in the making.
        """
        for take_id in take_ids:
            folder, began = self._folder / take_id, _time_of_name(take_id)
            if began is None or began >= before:
                continue
            with suppress(OSError):
                if folder.is_symlink() or is_held(folder):
                    continue
                if _NO_SOUND.issuperset(os.listdir(folder)):  # noqa: PTH208 - names are enough
                    shutil.rmtree(folder)

    def seconds(self, take: Take) -> float:
        """Length of its sound from the file's size; 0 where there is none."""
        from voicecoach.audio.wav import BYTES_PER_SECOND, HEADER_BYTES  # noqa: PLC0415 - keeps numpy out of listing

        try:
            size = take.audio.stat().st_size
        except OSError:
            return 0.0
        return max(0, size - HEADER_BYTES) / BYTES_PER_SECOND

    def is_live(self, take: Take) -> bool:
        """Whether a process, this one included, records or judges the take at this moment."""
        return is_held(take.folder)

    def _new_folder(self, started_at: datetime) -> Path:
        """A folder that nobody else has made; takes of one instant are numbered."""
        stamp = started_at.strftime("%Y%m%dT%H%M%S.%fZ")
        number = 0
        while True:
            folder = self._folder / f"{stamp}-{number:02}"
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                number += 1
            else:
                return folder


def _write_description(take: Take) -> None:
    """Write take.json whole or not at all."""
    text = json.dumps(
        {"schema": _SCHEMA, "question_id": take.question_id, "started_at": take.started_at.isoformat()}
    )
    partial = take.folder / _DESCRIPTION_PARTIAL
    with os.fdopen(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(take.folder / _DESCRIPTION)
    _sync_folder(take.folder)


def _sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_take(folder: Path) -> Take | None:
    """The take in a folder, or None where there is nothing of use or of ours."""
    try:
        if folder.is_symlink() or not folder.is_dir():
            return None
        described = _read_description(folder)
        if described is not None:
            return described
        sound = Take(folder.name, "", datetime.fromtimestamp(0, UTC), folder).audio
        if not sound.is_file():
            return None
        started_at = _time_of_name(folder.name) or _time_of_file(sound)
    except OSError:
        return None
    return Take(folder.name, "", started_at, folder)


def _read_description(folder: Path) -> Take | None:
    """The take as take.json tells it, or None where that is missing, broken or cannot be read."""
    try:
        described = read_json(folder / _DESCRIPTION, _MAX_DESCRIPTION_BYTES)
        question_id = described["question_id"]
        started_at = datetime.fromisoformat(described["started_at"])
        if not isinstance(question_id, str) or not question_id.isprintable() or started_at.tzinfo is None:
            return None
        return Take(folder.name, question_id, started_at.astimezone(UTC), folder)
    except (FileNotFoundError, FileError, ValueError, OverflowError, KeyError, TypeError):
        return None


def _time_of_file(path: Path) -> datetime:
    """When a file was last written; the beginning of time where its clock was out of its mind."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (ValueError, OverflowError):  # beyond the year 9999
        return datetime.fromtimestamp(0, UTC)


def _time_of_name(name: str) -> datetime | None:
    """When a folder's name says that its take began."""
    try:
        return datetime.strptime(name.rpartition("-")[0], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        return None
