"""Projects on disk: an ordinary prompt and rubric each, in the person's own bank.

Saving goes into the files that are there, so that what was added by hand (comments, wordings, contrasts,
weights, whole points) stays. Each file is replaced in one step, and what a kill leaves between the two is
finished later.
"""

import hashlib
import os
import re
import time
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, get_args

import tomlkit
from tomlkit.items import Table

from voicecoach.content.model import Role
from voicecoach.content.project import STRUCTURE, TARGET_S, Project, Version, point_id, question_text
from voicecoach.content.shapes import PromptShape, RubricShape, read_shape, tables
from voicecoach.errors import AuthoringError, ChangedFileError
from voicecoach.outside import MAX_TOML_BYTES, FileError, one_line, read_text
from voicecoach.private import make_private_folder, private_opener

PROMPTS, RUBRICS = "prompts", "rubrics"

PARTIAL, DELETED = ".partial", ".deleted"
"""Behind a file's name while a pair is written, and while it is deleted; no bank reads such a file."""

SWEEP_AFTER_S = 60.0
"""A half-written file may be another window's, until it is this old."""

ALIKE = 0.5
"""How much of a statement must be left for the new one in its place to be the same point, reworded."""

_HINT = (
    "A sentence each on problem, data and label, evaluation, impact and lesson; two or three on modelling."
)
_PROMPT_COMMENT = (
    " A project of yours. The app's editor (p on the home screen) reads it from here and writes it back."
)
_RUBRIC_COMMENTS = (
    " Each statement is what you want to have said. Add to a point what you like: weight, further wordings",
    " (phrasings), what people get wrong (points.contrasts). The app's editor keeps what it does not know.",
)

_BLANK_LINES = re.compile(r"\n{3,}")


class ProjectStore:
    """The projects in a bank folder.

    Args:
        folder: The person's own bank; made when something is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self) -> set[str]:
        """Every id that has a file here."""
        return {file.stem for room in (PROMPTS, RUBRICS) for file in (self._folder / room).glob("*.toml")}

    def version(self, project_id: str) -> Version:
        """What is there now, to compare with when saving.

        Raises:
            AuthoringError: It cannot be read.
        """
        return Version(*(_digest(self._read(room, project_id)) for room in (PROMPTS, RUBRICS)))

    def save(self, project: Project, since: Version | None) -> None:
        """Write both files, readable by their owner alone.

        Args:
            project: With statements that differ from one another.
            since: What the files held when the project was read, or None to write whatever is there now.

        Raises:
            ChangedFileError: The files hold something else by now; nothing was written.
            AuthoringError: They cannot be read or written, or a statement cannot be kept as it is.
        """
        texts = {room: self._read(room, project.id) for room in (PROMPTS, RUBRICS)}
        if since is not None and since != Version(*map(_digest, texts.values())):
            raise ChangedFileError(
                f"The files of {project.title!r} were changed by something else: nothing was saved.",
                "Save again to write yours over them, or leave and open it again.",
            )
        try:
            rubric = _rubric(texts[RUBRICS], project)
            prompt = _prompt(texts[PROMPTS], project, {str(point["id"]) for point in rubric["points"]})
        except (tomlkit.exceptions.TOMLKitError, TypeError, KeyError, RecursionError) as error:
            raise AuthoringError(
                f"The files of {project.title!r} cannot be read: {one_line(error)}.",
                "`voicecoach check` names what is wrong with them.",
            ) from error
        _refuse_unreadable(PromptShape, prompt)
        _refuse_unreadable(RubricShape, rubric)
        # Points that are moved leave their blank lines behind.
        points = _BLANK_LINES.sub("\n\n", tomlkit.dumps(rubric))
        self._write(project.id, {PROMPTS: tomlkit.dumps(prompt), RUBRICS: points})

    def delete(self, project_id: str) -> None:
        """Delete both files.

        Raises:
            AuthoringError: They cannot be deleted.
        """
        prompt, rubric = (self._path(room, project_id) for room in (PROMPTS, RUBRICS))
        try:
            # A rubric without its prompt would be told as a mistake at each start: `finish` sees the mark.
            marked = prompt.with_name(prompt.name + DELETED)
            prompt.replace(marked)
            rubric.unlink(missing_ok=True)
            marked.unlink()
        except OSError as error:
            raise AuthoringError(
                f"{prompt}: cannot be deleted: {error.strerror}.", "Check the folder's permissions."
            ) from error

    def finish(self) -> None:
        """Complete what a kill interrupted; what cannot be completed now is left for the next time."""
        with suppress(OSError):
            for marked in (self._folder / PROMPTS).glob(f"*.toml{DELETED}"):
                name = marked.name.removesuffix(DELETED)
                if not (self._folder / PROMPTS / name).exists():
                    (self._folder / RUBRICS / name).unlink(missing_ok=True)
                marked.unlink()
            for room, other in ((PROMPTS, RUBRICS), (RUBRICS, PROMPTS)):
                for partial in (self._folder / room).glob(f"*.toml{PARTIAL}"):
                    self._finish_writing(partial, self._folder / other)

    def _finish_writing(self, partial: Path, other: Path) -> None:
        path = partial.with_name(partial.name.removesuffix(PARTIAL))
        if (other / path.name).exists() and not path.exists():
            partial.replace(path)
        elif time.time() - partial.stat().st_mtime > SWEEP_AFTER_S:
            partial.unlink()

    def _path(self, room: str, project_id: str) -> Path:
        return self._folder / room / f"{project_id}.toml"

    def _read(self, room: str, project_id: str) -> str:
        path = self._path(room, project_id)
        try:
            return read_text(path, MAX_TOML_BYTES)
        except FileNotFoundError:
            return ""
        except FileError as problem:
            raise AuthoringError(f"{path}: {problem}.", "Mend or delete the file.") from problem

    def _write(self, project_id: str, texts: dict[str, str]) -> None:
        partials = [self._path(room, project_id).with_suffix(f".toml{PARTIAL}") for room in texts]
        path = partials[0]
        try:
            for path, text in zip(partials, texts.values(), strict=True):
                make_private_folder(path.parent)
                with open(path, "w", encoding="utf-8", newline="\n", opener=private_opener) as stream:
                    stream.write(text)
                    stream.flush()
                    os.fsync(stream.fileno())
            for path in partials:
                path.replace(path.with_name(path.name.removesuffix(PARTIAL)))
        except OSError as error:
            for partial in partials:
                with suppress(OSError):
                    partial.unlink(missing_ok=True)
            raise AuthoringError(
                f"{path.with_suffix('')}: cannot be saved: {error.strerror}.",
                "Check the disk space and the folder's permissions.",
            ) from error


def _digest(text: str) -> str | None:
    return hashlib.sha256(text.encode()).hexdigest() if text else None


def _refuse_unreadable(shape: Any, document: tomlkit.TOMLDocument) -> None:
    _, problems = read_shape(shape, document.unwrap())
    if problems:
        raise AuthoringError(f"This cannot be kept: {problems[0]}.", "Change it and save again.")


def _prompt(text: str, project: Project, points: set[str]) -> tomlkit.TOMLDocument:
    """The prompt with the project's title; follow-ups on points that are gone go with them."""
    document = tomlkit.parse(text)
    if not text:
        document.add(tomlkit.comment(_PROMPT_COMMENT.strip()))
        roles = list(get_args(Role))
        document.update(
            {
                "id": project.id,
                "title": project.title,
                "question": question_text(project.title),
                "kind": "story",
                "area": "behavioural",
                "level": "medium",
                "structure": STRUCTURE,
                "roles": roles,
                "target_s": list(TARGET_S),
                "hint": _HINT,
            }
        )
    if document["question"] == question_text(str(document["title"])):
        document["question"] = question_text(project.title)
    document["title"] = project.title
    asked = tables(document.unwrap(), "follow_ups")
    for index in reversed(range(len(asked))):
        if asked[index].get("point") not in points:
            del document["follow_ups"][index]
    return document


def _rubric(text: str, project: Project) -> tomlkit.TOMLDocument:
    """The rubric with the project's statements in order, each in the point that held it before."""
    document = tomlkit.parse(text)
    if not text:
        for line in _RUBRIC_COMMENTS:
            document.add(tomlkit.comment(line.strip()))
        document["question"] = project.id
    there: list[Table] = list(document.get("points", ()))
    by_hand = [point for point in there if not point.get("statement")]
    ids = {str(point["id"]) for point in there}
    found = _matched([point for point in there if point.get("statement")], project)
    ordered: list[Table] = []
    for plan in project.beats:
        for statement in dict.fromkeys(plan.statements):
            point = found.get((plan.beat, statement))
            if point is None:
                point = _new_point(statement, plan.beat, ids)
            elif point["statement"] != statement or point["beat"] != plan.beat:
                point["statement"], point["beat"] = statement, plan.beat
            ordered.append(point)
        ordered += [point for point in by_hand if point["beat"] == plan.beat]
    if list(map(id, ordered)) != list(map(id, there)):
        document.pop("points", None)
        points = tomlkit.aot()
        for point in ordered:
            points.append(point)
        document["points"] = points
    return document


def _new_point(statement: str, beat: str, ids: set[str]) -> Table:
    point = tomlkit.table()
    name = point_id(statement, beat, ids)
    ids.add(name)
    point.update({"id": name, "beat": beat, "weight": 1.0, "statement": statement})
    return point


def _matched(points: list[Table], project: Project) -> dict[tuple[str, str], Table]:
    """Which point holds each (beat, statement): the same words, or else the same ones reworded in place."""
    left = list(points)
    found: dict[tuple[str, str], Table] = {}
    wanted = [(plan.beat, statement) for plan in project.beats for statement in plan.statements]
    for needs_beat in (True, False):
        for key in wanted:
            same = (p for p in left if p["statement"] == key[1] and (p["beat"] == key[0] or not needs_beat))
            point = next(same, None) if key not in found else None
            if point is not None:
                found[key] = point
                left = [each for each in left if each is not point]
    for key in wanted:
        near = [p for p in left if p["beat"] == key[0]] if key not in found else []
        best = max(near, key=lambda point: _alike(point, key[1]), default=None)
        if best is not None and _alike(best, key[1]) >= ALIKE:
            found[key] = best
            left = [each for each in left if each is not best]
    return found


def _alike(point: Table, statement: str) -> float:
    return SequenceMatcher(None, str(point["statement"]).split(), statement.split()).ratio()
