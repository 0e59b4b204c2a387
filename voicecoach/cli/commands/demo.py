"""`voicecoach demo`: the whole way from question to card, with neither microphone nor terminal."""

import wave
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.render import render_card
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, say
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from voicecoach.clip import AudioClip

QUESTION_ID = "imbalanced-data"
ANSWER = Path(__file__).resolve().parents[2] / "demo" / "answer.ogg"
"""A spoken answer with a mistake and a ramble in it; the README beside it says how it was made."""


@click.command(epilog="\b\nExample:\n  voicecoach demo --out /tmp/demo")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/demo"),
    show_default=True,
    help="Folder for question.wav, card.txt and card.json.",
)
@pass_session
def demo(session: Session, out: Path) -> int:
    """Ask a question, score a spoken answer that ships with voicecoach, print and save its card.

    It needs no microphone and adds nothing to the history: the question is spoken to a file, and the
    answer goes through the same recogniser and the same scoring as yours would.
    """
    from voicecoach.scoring.contract import to_json  # noqa: PLC0415 - brings pydantic, which --help does without

    question = session.question(QUESTION_ID)
    coach = session.coach
    try:
        out.mkdir(parents=True, exist_ok=True)
        say(f"Asking: {question.text}")
        _write_wav(out / "question.wav", coach.spoken_question(question))
        answer = session.assembly.engines.decode(ANSWER)
        say(f"Listening to an answer of {answer.duration_s:.0f} s; this takes a while.")
        card = coach.score_clip(question, answer).card
        (out / "card.json").write_text(to_json(card) + "\n", "utf-8")
        (out / "card.txt").write_text(render_card(card, question), "utf-8")
    except OSError as error:
        raise VoicecoachError(
            f"{out}: cannot be written to: {error.strerror}.", "Name another folder with --out."
        ) from error
    output.write_text(render_card(card, question, colour=output.wants_colour()))
    say(f"Saved question.wav, card.txt and card.json in {out}")
    return ExitCode.FINE


def _write_wav(path: Path, clip: "AudioClip") -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.rate)
        file.writeframes(clip.samples.astype("<i2").tobytes())
