"""`voicecoach project`: the person's own projects."""

import textwrap
from collections.abc import Iterable

import click

from voicecoach.cli import output
from voicecoach.cli.commands.practice import open_on
from voicecoach.cli.render import WIDTH, plain
from voicecoach.cli.session import Session, find_question, pass_session
from voicecoach.cli.talk import ExitCode, counted, say
from voicecoach.content.model import Question
from voicecoach.content.project import Project, project_of, projects_of, seconds_to_say
from voicecoach.errors import UnknownQuestionError
from voicecoach.tui.opening import Opening


@click.command(
    epilog="\b\nExamples:\n  voicecoach project\n  voicecoach project project-churn\n"
    "  voicecoach project --edit"
)
@click.argument("project_id", metavar="[ID]", default="")
@click.option("--edit", is_flag=True, help="Open the app on your projects; with ID, in its editor.")
@click.option("--json", "as_json", is_flag=True, help="Of ID one JSON object, else an array of them.")
@pass_session
def project(session: Session, project_id: str, *, edit: bool, as_json: bool) -> int:
    """List your own projects, show what you want to have said in one, or open its editor.

    A project is a question of your own: `voicecoach practice ID` asks it.
    """
    if edit and as_json:
        raise click.UsageError("--edit opens the app, which writes no JSON.")
    chosen = _project(session, project_id) if project_id else None
    if edit:
        return open_on(session, Opening("project", project_id))
    if chosen is not None:
        question, found = chosen
        if as_json:
            output.write_json(_as_dict(found))
        else:
            output.write_text("\n".join(_page(question, found)))
        return ExitCode.FINE
    every = projects_of(session.bank)
    if as_json:
        output.write_json([_as_dict(each) for each in every])
        return ExitCode.FINE
    for each in every:
        output.write_text(f"{each.id}  {plain(each.title)}  ({_length(each)})")
    if not every:
        say("There is no project yet: `voicecoach project --edit`, or p in the app, begins one.")
    return ExitCode.FINE


def _project(session: Session, project_id: str) -> tuple[Question, Project]:
    question = find_question(session.bank, project_id)
    found = None if question.is_narrowed else project_of(question)
    if found is None:
        raise UnknownQuestionError(
            f"The question {project_id!r} is no project of yours.", "`voicecoach project` lists them."
        )
    return question, found


def _as_dict(project: Project) -> dict[str, object]:
    return {
        "id": project.id,
        "title": project.title,
        "seconds": round(_seconds(project), 1),
        "beats": [{"id": plan.beat, "statements": list(plan.statements)} for plan in project.beats],
    }


def _page(question: Question, project: Project) -> Iterable[str]:
    yield f"{plain(project.title)}  ({project.id})"
    yield _length(project)
    for plan, beat in zip(project.beats, question.structure.beats, strict=True):
        seconds = sum(map(seconds_to_say, plan.statements))
        yield ""
        yield f"{plain(beat.label)}: {seconds:.0f} of {beat.share * sum(question.target_s) / 2:.0f} s"
        for statement in plan.statements:
            yield from textwrap.wrap(plain(statement), WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _length(project: Project) -> str:
    shortest, longest = project.target_s
    statements = counted(len(project.statements), "statement")
    return f"{statements}, {_seconds(project):.0f} s to say of {shortest:g}-{longest:g} s"


def _seconds(project: Project) -> float:
    return sum(map(seconds_to_say, project.statements))
