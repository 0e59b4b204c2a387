"""A batch of answers: one JSON object a line in, one out, in order, each written as soon as it is there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from voicecoach.cli import output
from voicecoach.cli.session import Session, find_question
from voicecoach.cli.talk import say_crash
from voicecoach.content.model import Question
from voicecoach.errors import VoicecoachError
from voicecoach.outside import STEERING

MAX_LINE_BYTES = 1 << 20
"""Longer lines are answered with an error: an hour of speech is about 50 kB."""

ENDLESS_LINE_BYTES = 1 << 28
"""A line that goes on for longer ends the batch."""

MAX_PATH = 4096
"""Characters of an audio file's name; no system has longer ones."""

Id = str | int | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """A line that says what it must. One of `text` and `audio` is None."""

    question: str
    text: str | None
    audio: str | None
    duration_s: float | None


class _LineError(Exception):
    """What is wrong with a line, for its "error"."""


def score_lines(session: Session, stream: BinaryIO, folder: Path) -> int:
    """Score every line of a batch and write one line for each; blank lines are passed over.

    Args:
        session: Where the bank and the engines come from; models are loaded once.
        stream: JSON lines.
        folder: What audio paths are relative to.

    Returns:
        How many lines could not be scored.

    Raises:
        VoicecoachError: The bank cannot be read, or stdout cannot be written to.
    """
    bank = session.bank  # a broken bank fails every line: say it once instead
    failed = 0
    for number, line in enumerate(_lines(stream), start=1):
        if line is not None and not line.strip():
            continue
        line_id: Id = None
        try:
            fields = _parse(line)
            line_id = _id_of(fields)
            answer = _answer_of(fields)
            result = {"id": line_id, **_score(session, find_question(bank, answer.question), answer, folder)}
        except (_LineError, VoicecoachError) as error:
            result = {"id": line_id, "error": f"line {number}: {error}"}
        except Exception as error:  # a bug met in one line must not take the others with it
            say_crash(error)
            result = {"id": line_id, "error": f"line {number}: unexpected error ({type(error).__name__})"}
        failed += "error" in result
        output.write_json(result)
    return failed


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Each line, or None for one that is too long, which is passed over without being held in memory.

    Raises:
        VoicecoachError: A line is so long that it may never end, as a device's does.
    """
    while line := stream.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES or line.endswith(b"\n"):
            yield line
            continue
        passed = len(line)
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES)
            passed += len(line)
            if passed > ENDLESS_LINE_BYTES:
                raise VoicecoachError(
                    f"The batch has a line of more than {ENDLESS_LINE_BYTES >> 20} MB.",
                    "Give a file with one JSON object a line.",
                )
        yield None


def _parse(line: bytes | None) -> dict[str, object]:
    if line is None:
        raise _LineError("is longer than 1 MB")
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _LineError(f"is not UTF-8 text (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise _LineError(f"is not JSON: {error.msg} (column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        raise _LineError("is not JSON: nested too deeply, or a number too long") from error
    if not isinstance(value, dict):
        raise _LineError("is not a JSON object")
    return value


def _id_of(fields: dict[str, object]) -> Id:
    value = fields.get("id")
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise _LineError('"id" must be text or a whole number' if "id" in fields else 'has no "id"')


def _answer_of(fields: dict[str, object]) -> _Answer:
    question, text, audio = (_text_of(fields, key) for key in ("question", "text", "audio"))
    if question is None:
        raise _LineError('has no "question"')
    # Spaces of any kind are in the names of recordings; control characters would steer a terminal.
    if audio is not None and (not 0 < len(audio) <= MAX_PATH or STEERING.search(audio)):
        raise _LineError('"audio" names no file')
    if (text is None) == (audio is None):
        raise _LineError('must have one of "text" and "audio"')
    duration = fields.get("duration_s")
    if duration is None:
        return _Answer(question, text, audio, None)
    if isinstance(duration, bool) or not isinstance(duration, int | float):
        raise _LineError('"duration_s" must be a number')
    if not 0 < duration <= 24 * 3600:
        raise _LineError('"duration_s" must be above 0 and at most a day')
    return _Answer(question, text, audio, float(duration))


def _text_of(fields: dict[str, object], key: str) -> str | None:
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _LineError(f'"{key}" must be text')
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _LineError(f'"{key}" holds half of a surrogate pair (character {error.start + 1})') from error
    return value


def _score(session: Session, question: Question, answer: _Answer, folder: Path) -> dict[str, object]:
    from voicecoach.scoring.contract import to_dict  # noqa: PLC0415 - brings pydantic, which --help does without

    coach = session.coach
    if answer.text is not None:
        return to_dict(coach.score_text(question, answer.text, answer.duration_s).card)
    clip = session.assembly.engines.decode(folder / str(answer.audio))
    return to_dict(coach.score_clip(question, clip).card)
