"""`voicecoach score`: one answer, or a file of them, judged for a person or a script."""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from voicecoach.cli import output
from voicecoach.cli.batch import score_lines
from voicecoach.cli.render import render_card
from voicecoach.cli.session import Session, find_question, pass_session
from voicecoach.cli.talk import ExitCode, counted, say
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from voicecoach.scoring.card import ScoreCard

MAX_TEXT_BYTES = 1 << 20
"""Larger text is refused: an hour of speech is about 50 kB."""


def _no_nan(value: float | None) -> float | None:
    if value is not None and math.isnan(value):  # which every range lets through
        raise click.BadParameter("nan is no duration.")
    return value


@click.command(
    epilog="""\b
Examples:
  voicecoach score answer.wav --question imbalanced-data
  voicecoach score --text answer.txt --question define-recall --duration 25 --json
  voicecoach score --batch answers.jsonl > cards.jsonl

\b
A batch holds one JSON object a line, {"id", "question", "text" or "audio", "duration_s"?}. Each gives one
line: the card with its "id" in front, or {"id", "error"}. Audio paths are relative to the batch file.
docs/card.md describes the card's JSON."""
)
@click.argument("audio", type=click.Path(path_type=Path), required=False)
@click.option("--text", type=click.Path(path_type=Path, allow_dash=True), help="Typed answer; - reads stdin.")
@click.option("--question", "question_id", metavar="ID", help="What was asked.")
@click.option("--json", "as_json", is_flag=True, help="The card as JSON on one line.")
@click.option(
    "--duration",
    type=click.FloatRange(min=0, min_open=True, max=24 * 3600),
    metavar="SECONDS",
    callback=lambda _context, _option, value: _no_nan(value),
    help="How long the typed answer took to say. Without it, it is timed at 150 words a minute.",
)
@click.option(
    "--batch",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE.jsonl",
    help="Score a file of answers; - reads stdin.",
)
@pass_session
def score(  # noqa: PLR0913 - click hands over each option as an argument
    session: Session,
    *,
    audio: Path | None,
    text: Path | None,
    question_id: str | None,
    as_json: bool,
    duration: float | None,
    batch: Path | None,
) -> int:
    """Score a recording, a typed answer, or a batch of either. Nothing is added to the history.

    AUDIO is any sound or video file.
    """
    if sum(source is not None for source in (audio, text, batch)) != 1:
        raise click.UsageError("Give one of AUDIO, --text FILE or --batch FILE.jsonl.")
    if batch is not None:
        if question_id is not None or duration is not None:
            raise click.UsageError("In a batch each line brings its own question and duration_s.")
        return _score_batch(session, batch)
    if question_id is None:
        raise click.UsageError("Missing option '--question'.")
    if audio is not None and duration is not None:
        raise click.UsageError("--duration is for typed text; a recording has its own length.")
    card = _score_one(session, question_id, audio, text, duration)
    if as_json:
        from voicecoach.scoring.contract import to_dict  # noqa: PLC0415 - brings pydantic, which --help does without

        output.write_json(to_dict(card))
    else:
        question = session.question(question_id)
        output.write_text(render_card(card, question, colour=output.wants_colour()))
    return ExitCode.FINE


def _score_one(
    session: Session, question_id: str, audio: Path | None, text: Path | None, duration: float | None
) -> "ScoreCard":
    question = find_question(session.bank, question_id)
    if text is not None:
        typed = read_text(text)
        return session.coach.score_text(question, typed, duration).card
    if audio is None:  # pragma: no cover - `score` has made sure of one of them
        raise AssertionError
    clip = session.assembly.engines.decode(audio)
    say(f"Scoring {clip.duration_s:.0f} s of sound; this takes a while.")
    return session.coach.score_clip(question, clip).card


def read_text(file: Path) -> str:
    """A typed answer.

    Args:
        file: UTF-8 text, with or without a byte order mark; "-" is stdin.

    Raises:
        VoicecoachError: It cannot be read, is no UTF-8 or is too long to be an answer.
    """
    name = "stdin" if str(file) == "-" else str(file)
    try:
        if str(file) == "-":
            content = _stdin().read(MAX_TEXT_BYTES + 1)
        else:
            with file.open("rb") as stream:
                content = stream.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        raise VoicecoachError(f"{name}: cannot be read: {error.strerror}.") from error
    if len(content) > MAX_TEXT_BYTES:
        raise VoicecoachError(f"{name}: is larger than 1 MB.", "Is this the right file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise VoicecoachError(f"{name}: is not UTF-8 text (line {line}).", "Save it as UTF-8.") from error


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise VoicecoachError("stdin: cannot be read: it is closed.")
    return sys.stdin.buffer


def _score_batch(session: Session, batch: Path) -> int:
    if str(batch) == "-":
        failed = score_lines(session, _stdin(), Path())
    else:
        try:
            stream = batch.open("rb")
        except OSError as error:
            raise VoicecoachError(f"{batch}: cannot be read: {error.strerror}.") from error
        with stream:
            failed = score_lines(session, stream, batch.parent)
    if failed:
        say(f'{counted(failed, "line")} could not be scored; each has an "error".')
        return ExitCode.FOUND
    return ExitCode.FINE
