"""Projects on disk: an ordinary prompt and rubric each, in the person's own bank.

Saving goes into the files that are there, so that what was added by hand (comments, wordings, contrasts,
weights, whole points) stays. Each file is replaced in one step, and what a kill leaves between them is
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
from tomlkit.items import InlineTable, Table

from voicecoach.content.authoring import SPOKEN_ROOM, file_of
from voicecoach.content.loader import RECORDING_SUFFIXES
from voicecoach.content.model import Role
from voicecoach.content.project import STRUCTURE, TARGET_S, Project, Version, point_id, question_text
from voicecoach.content.shapes import PromptShape, RubricShape, read_shape, tables
from voicecoach.content.spoken import without
from voicecoach.errors import AuthoringError, ChangedFileError
from voicecoach.outside import MAX_TOML_BYTES, FileError, one_line, read_text
from voicecoach.private import make_private_folder, private_opener

PROMPTS, RUBRICS = "prompts", "rubrics"

PARTIAL, DELETED = ".partial", ".deleted-by-voicecoach"
"""Behind a file's name while they are written, and while they are deleted; no bank reads such a file."""

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

_Point = Table | InlineTable
"""As TOML may have it: under [[points]], or in braces on one line."""

_BLANK_LINES = re.compile(r"\n{3,}")


class ProjectStore:
    """The projects in a bank folder.

    Args:
        folder: The person's own bank; made when something is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self) -> set[str]:
        """Every id that has a file here.

        Raises:
            AuthoringError: That cannot be seen.
        """
        kinds = [(PROMPTS, ".toml"), (RUBRICS, ".toml"), (SPOKEN_ROOM, ".txt")]
        # A project that took the name of one of these alone would be asked in its voice.
        kinds += [(PROMPTS, suffix) for suffix in RECORDING_SUFFIXES]
        rooms = [(self._folder / room, suffix) for room, suffix in kinds]
        try:
            return {file.stem for room, suffix in rooms for file in room.glob(f"*{suffix}")}
        except OSError as error:
            raise _unreadable(self._folder, error) from error

    def rooms(self, project_id: str) -> frozenset[str]:
        """Which of a project's prompt and rubric are here.

        Raises:
            AuthoringError: That cannot be seen.
        """
        return frozenset(room for room in (PROMPTS, RUBRICS) if _is_there(self._path(room, project_id)))

    def version(self, project_id: str) -> Version:
        """What is there now, to compare with when saving.

        Raises:
            AuthoringError: It cannot be read.
        """
        return Version(*(_digest(self._read(room, project_id)) for room in (PROMPTS, RUBRICS)))

    def save(self, project: Project, since: Version | None) -> None:
        """Write both files, readable by their owner alone.

        Spoken lines beside them that are marked with points that are gone are put aside.

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
            points = {str(point["id"]) for point in rubric["points"]}
            prompt = _prompt(texts[PROMPTS], project, points)
        except (
            tomlkit.exceptions.TOMLKitError,
            TypeError,
            KeyError,
            ValueError,
            AttributeError,
            RecursionError,
        ) as error:
            raise AuthoringError(
                f"The files of {project.title!r} cannot be read: {one_line(error)}.",
                "`voicecoach check` names what is wrong with them.",
            ) from error
        _refuse_unreadable(PromptShape, prompt)
        _refuse_unreadable(RubricShape, rubric)
        # Points that are moved leave their blank lines behind.
        statements = _BLANK_LINES.sub("\n\n", tomlkit.dumps(rubric))
        gone = {
            str(point["id"]) for point in tables(tomlkit.parse(texts[RUBRICS]).unwrap(), "points")
        } - points
        spoken = self._read(SPOKEN_ROOM, project.id) if gone else ""
        left = without(spoken, gone)
        # First: a point without a line is only known less well, a mark without its point is a mistake.
        first = {SPOKEN_ROOM: left} if left != spoken else {}
        self._write(project.id, {**first, PROMPTS: tomlkit.dumps(prompt), RUBRICS: statements})

    def delete(self, project_id: str) -> None:
        """Delete its files, and the spoken lines and recordings beside them.

        Raises:
            AuthoringError: They cannot be deleted.
        """
        prompt = self._path(PROMPTS, project_id)
        try:
            # A rubric without its prompt would be told as a mistake at each start: `finish` sees the mark.
            marked = prompt.with_name(prompt.name + DELETED)
            prompt.replace(marked)
            self._delete_others(project_id)
            marked.unlink()
        except OSError as error:
            raise AuthoringError(
                f"{prompt}: cannot be deleted: {error.strerror}.", "Check the folder's permissions."
            ) from error

    def finish(self) -> None:
        """Complete what a kill interrupted; what cannot be completed now is left for the next time."""
        with suppress(OSError):
            for marked in (self._folder / PROMPTS).glob(f"*.toml{DELETED}"):
                project_id = marked.name.removesuffix(f".toml{DELETED}")
                if not self._path(PROMPTS, project_id).exists():
                    self._delete_others(project_id)
                marked.unlink()
            for room, other in ((PROMPTS, RUBRICS), (RUBRICS, PROMPTS)):
                for partial in (self._folder / room).glob(f"*.toml{PARTIAL}"):
                    self._finish_writing(partial, self._folder / other)
            for partial in (self._folder / SPOKEN_ROOM).glob(f"*.txt{PARTIAL}"):
                _sweep(partial)

    def _delete_others(self, project_id: str) -> None:
        """Delete what there is of a project beside its prompt."""
        prompt = self._path(PROMPTS, project_id)
        recordings = (prompt.with_suffix(suffix) for suffix in RECORDING_SUFFIXES)
        for path in (self._path(RUBRICS, project_id), self._path(SPOKEN_ROOM, project_id), *recordings):
            path.unlink(missing_ok=True)

    def _finish_writing(self, partial: Path, other: Path) -> None:
        path = partial.with_name(partial.name.removesuffix(PARTIAL))
        if (other / path.name).exists() and not path.exists():
            partial.replace(path)
        else:
            _sweep(partial)

    def _path(self, room: str, project_id: str) -> Path:
        return file_of(self._folder, room, project_id)

    def _read(self, room: str, project_id: str) -> str:
        path = self._path(room, project_id)
        try:
            return read_text(path, MAX_TOML_BYTES)
        except FileNotFoundError:
            return ""
        except FileError as problem:
            raise AuthoringError(f"{path}: {problem}.", "Mend or delete the file.") from problem

    def _write(self, project_id: str, texts: dict[str, str]) -> None:
        paths = (self._path(room, project_id) for room in texts)
        partials = [path.with_name(path.name + PARTIAL) for path in paths]
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


def _sweep(partial: Path) -> None:
    if time.time() - partial.stat().st_mtime > SWEEP_AFTER_S:
        partial.unlink()


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> AuthoringError:
    return AuthoringError(f"{path}: cannot be read: {error.strerror}.", "Check the folder's permissions.")


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
    there = _points(document)
    by_hand = [point for point in there if not point.get("statement")]
    ids = {str(point["id"]) for point in there}
    found = _matched([point for point in there if point.get("statement")], project)
    ordered: list[_Point] = []
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
            points.append(_spread(point) if isinstance(point, InlineTable) else point)
        document["points"] = points
    return document


def _points(document: tomlkit.TOMLDocument) -> list[_Point]:
    found = document.get("points", [])
    if not isinstance(found, list) or not all(isinstance(point, _Point) for point in found):
        raise TypeError("points: must be a list of tables")
    return list(found)


def _spread(point: InlineTable) -> Table:
    """A point that was written on one line, as one that can stand among [[points]]."""
    table = tomlkit.table()
    for key, value in point.items():
        table.append(key, value)
    return table


def _new_point(statement: str, beat: str, ids: set[str]) -> Table:
    point = tomlkit.table()
    name = point_id(statement, beat, ids)
    ids.add(name)
    point.update({"id": name, "beat": beat, "weight": 1.0, "statement": statement})
    return point


def _matched(points: list[_Point], project: Project) -> dict[tuple[str, str], _Point]:
    """Which point holds each (beat, statement): the same words, or else the same ones reworded in place."""
    left = list(points)
    found: dict[tuple[str, str], _Point] = {}
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


def _alike(point: _Point, statement: str) -> float:
    return SequenceMatcher(None, str(point["statement"]).split(), statement.split()).ratio()
