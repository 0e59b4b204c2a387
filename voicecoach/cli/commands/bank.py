"""`voicecoach list` and `voicecoach show`: the questions."""

import textwrap
from collections.abc import Iterable

import click

from voicecoach.cli import output
from voicecoach.cli.render import WIDTH, plain, wrapped
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode
from voicecoach.content.model import Question


@click.command("list", epilog="\b\nExample:\n  voicecoach list --json | jq -r '.[].id'")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, in order of id.")
@pass_session
def list_questions(session: Session, as_json: bool) -> int:
    """List every question: id, kind, level, target time and title."""
    questions = session.bank.questions
    if as_json:
        output.write_json([_summary(question) for question in questions])
        return ExitCode.FINE
    width = max(len(question.id) for question in questions)
    for question in questions:
        low, high = question.target_s
        head = f"{question.id:<{width}}  {question.kind:<15} {question.level:<6} {low:>3.0f}-{high:<3.0f} s"
        title = plain(question.title)
        # Two lines where one would be too wide for the terminal.
        gap = "  " if len(head) + 2 + len(title) <= WIDTH else "\n    "
        output.write_text(f"{head}{gap}{title}")
    return ExitCode.FINE


@click.command(epilog="\b\nExample:\n  voicecoach show imbalanced-data")
@click.argument("question_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="The question as one JSON object.")
@pass_session
def show(session: Session, question_id: str, as_json: bool) -> int:
    """Show one question: what is asked, the points of a good answer, its structure, a model answer."""
    question = session.question(question_id)
    if as_json:
        output.write_json(_whole(question))
    else:
        output.write_text("\n".join(_page(question)))
    return ExitCode.FINE


def _summary(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "title": question.title,
        "question": question.text,
        "kind": question.kind,
        "area": question.area,
        "level": question.level,
        "roles": list(question.roles),
        "structure": question.structure.id,
        "target_s": list(question.target_s),
        "points": len(question.points),
    }


def _whole(question: Question) -> dict[str, object]:
    return {
        **_summary(question),
        "hint": question.hint,
        "beats": [
            {"id": beat.id, "label": beat.label, "budget_s": _budget(question, beat.share)}
            for beat in question.structure.beats
        ],
        "points": [
            {
                "id": point.id,
                "label": point.label,
                "beat": point.beat,
                "weight": point.weight,
                "phrasings": list(point.phrasings),
                "contrasts": [
                    {"phrasings": list(contrast.phrasings), "why": contrast.why}
                    for contrast in point.contrasts
                ],
            }
            for point in question.points
        ],
        "model_answer": question.model_answer,
        "follow_ups": [{"point": item.point, "ask": item.ask} for item in question.follow_ups],
    }


def _page(question: Question) -> Iterable[str]:
    low, high = question.target_s
    yield f"{plain(question.title)}  ({question.id})"
    yield f"{question.kind}, {question.area}, {question.level}, {low:.0f}-{high:.0f} s"
    yield ""
    yield from wrapped(plain(question.text))
    if question.hint:
        yield from wrapped(plain(f"Hint: {question.hint}"))
    yield ""
    yield f"Structure: {plain(question.structure.label)}"
    for beat in question.structure.beats:
        yield from _item(f"{plain(beat.label)}, about {_budget(question, beat.share):.0f} s")
    yield ""
    yield "Points of a good answer"
    labels = {beat.id: plain(beat.label) for beat in question.structure.beats}
    for point in question.points:
        yield from _item(f"{plain(point.label)} ({labels[point.beat]}, weight {point.weight:g})")
        yield from wrapped(plain(f"Such as: {point.phrasings[0]}"), indent=4)
        for contrast in point.contrasts:
            yield from wrapped(plain(f"Not: {contrast.phrasings[0]}. {contrast.why}"), indent=4)
    if question.model_answer:
        yield ""
        yield "A model answer"
        for paragraph in question.model_answer.split("\n\n"):
            yield from wrapped(plain(paragraph), indent=2)


def _budget(question: Question, share: float) -> float:
    """Seconds a beat should take, at the middle of the question's window."""
    low, high = question.target_s
    return round(share * (low + high) / 2, 1)


def _item(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")
