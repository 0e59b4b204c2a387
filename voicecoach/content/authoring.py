"""Puts the files of a question into a person's own bank, and never over what is there."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from voicecoach.content.spoken import SPOKEN
from voicecoach.errors import AuthoringError
from voicecoach.private import make_private_folder

ROOMS = ("prompts", "rubrics")
"""The folders of a bank; a question has a file of its name in each."""

SPOKEN_ROOM = f"rubrics/{SPOKEN}"
"""Folder of the spoken answers beside rubrics; a question need not have any."""


def texts_in_use(question_id: str, folders: Sequence[Path]) -> dict[str, bytes]:
    """What the folders offer for a question, by room; empty where there is no such question.

    Args:
        question_id: A well-formed id.
        folders: Bank folders; later ones override earlier ones.

    Raises:
        AuthoringError: A file of that name is no question's, or cannot be read.
    """
    paths = [
        (room, file_of(folder, room, question_id)) for folder in folders for room in (*ROOMS, SPOKEN_ROOM)
    ]
    texts: dict[str, bytes] = {}
    for room, path in paths:
        try:
            if path.is_file():
                texts[room] = path.read_bytes()
                found = path
                if room == "rubrics":
                    # They speak of the points of the rubric that they lie beside.
                    texts.pop(SPOKEN_ROOM, None)
        except OSError as error:
            raise AuthoringError(f"{path} cannot be read: {error.strerror}.", "Take another id.") from error
    if texts and not {*ROOMS} <= {*texts}:
        # The structures, for one: a question of that name could never be loaded beside them.
        raise AuthoringError(f"{found} is not a question's: it has no counterpart.", "Take another id.")
    return texts


def file_of(folder: Path, room: str, question_id: str) -> Path:
    """Where a question has its file of a room of a bank."""
    return folder / room / f"{question_id}{'.txt' if room == SPOKEN_ROOM else '.toml'}"


def write_question(folder: Path, question_id: str, texts: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the files of a question, readable by their owner alone: all of them or none.

    Args:
        folder: A bank folder; made when it is not there.
        question_id: A well-formed id.
        texts: What to write, by room.

    Returns:
        The files, in the order of `texts`.

    Raises:
        AuthoringError: One of them is there already, or cannot be written.
    """
    written: list[Path] = []
    path = folder
    try:
        for room, text in texts.items():
            path = file_of(folder, room, question_id)
            make_private_folder(path.parent)
            descriptor = os.open(
                path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            written.append(path)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text)
    except OSError as error:
        for done in written:
            done.unlink(missing_ok=True)
        if isinstance(error, FileExistsError) and path.is_file():
            raise AuthoringError(
                f"{path} is there already, and nothing was written.", "Edit it, or take another id."
            ) from error
        raise AuthoringError(
            f"{path} cannot be written: {error.strerror}.", "Check the folder and its permissions."
        ) from error
    return tuple(written)
