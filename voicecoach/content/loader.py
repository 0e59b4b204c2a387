"""Finds and reads question banks: TOML files to checked questions."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Generic

from voicecoach.content.model import (
    Bank,
    Beat,
    Contrast,
    FollowUp,
    OtherAnswer,
    Point,
    Question,
    Structure,
    WarningRule,
)
from voicecoach.content.project import follow_ups_of, label_of, script_of, ways_of_saying
from voicecoach.content.shapes import (
    MOST_PROBLEMS_TOLD,
    PointShape,
    PromptShape,
    RubricShape,
    ShapeT,
    StructureShape,
    StructuresShape,
    TrainingShape,
    WarningsShape,
    is_name,
    read_shape,
    tables,
)
from voicecoach.content.spoken import SPOKEN, SpokenAnswer, denies, read_spoken, remarks, states_alone
from voicecoach.content.training import Training
from voicecoach.errors import ContentError
from voicecoach.outside import FileError, quoted, read_toml

MOST_NAMES_TOLD = 20
"""So many ids a problem lists, of those that would be right."""

RECORDING_SUFFIXES = (".wav", ".flac", ".mp3", ".ogg", ".m4a")
"""Recordings of a question beside its prompt, the first that is there is taken."""

STRUCTURES = "structures"
"""Stem of the file in rubrics/ that holds every structure."""

WARNINGS = "warnings"
"""Stem of the file in rubrics/ that holds the rules for an answer as a whole."""

_ROOMS = (("prompts", ".toml"), ("rubrics", ".toml"), (f"rubrics/{SPOKEN}", ".txt"))
"""Folders of a bank, and how the files in them end."""

TRAINING = "training"
"""Stem of the file in prompts/ that holds rounds, roles and plans."""


def find_bank_folders(flag: Path | None, own_bank: Path) -> tuple[Path, ...]:
    """The folders that questions come from, for `load_bank`: later ones override earlier ones.

    They are the bank that ships with the program (inside an installed package, or at the top of a
    checkout), the person's own, and the one that was asked for.

    Args:
        flag: A bank folder that was asked for; must exist.
        own_bank: The person's own bank folder; need not exist.

    Raises:
        ContentError: `flag` is no bank folder, or there is no bank anywhere.
    """
    package = Path(__file__).resolve().parents[1]
    shipped = (package / "bank", package.parent)
    if flag is not None and not is_bank(flag):
        raise ContentError((f"{flag}: is not a question bank: it has no prompts/ or rubrics/ folder",))
    found = [folder for folder in shipped if is_bank(folder)][:1]
    found += [own_bank] if is_bank(own_bank) else []
    found += [flag] if flag is not None else []
    if not found:
        searched = ", ".join(str(folder) for folder in (*shipped, own_bank))
        raise ContentError((f"No question bank was found. Searched for prompts/ and rubrics/ in {searched}",))
    return tuple(found)


def load_usable(folders: Sequence[Path]) -> Bank:
    """Every question of the folders, but for those that a mistake in a file of the person's own spoils.

    Such a file is passed over, with those of its name beside it, and what it would have replaced is there
    again; `left_out` of the bank tells why.

    Args:
        folders: As `load_bank` takes them; what is wrong in the first cannot be passed over.

    Raises:
        ContentError: As `load_bank`, where no file of the person's own is to blame.
    """
    left, told = _Left(), dict[str, None]()
    while True:
        shelf = _read_shelf(folders, left)
        if not shelf.problems:
            return replace(_bank(shelf, folders), left_out=tuple(told))
        # A question that ships goes wrong by structures that were changed.
        blamed = {
            _last_with(folders[1:], problem.key, left) or _last_with(folders[1:], STRUCTURES, left)
            for problem in shelf.problems
        }
        if None in blamed:
            raise ContentError(tuple(told) + tuple(problem.text for problem in shelf.problems))
        told |= dict.fromkeys(problem.text for problem in shelf.problems)
        left |= {each for each in blamed if each is not None}


def load_bank(folders: Sequence[Path]) -> Bank:
    """Every question of the folders.

    A folder holds prompts/ID.toml, rubrics/ID.toml, rubrics/spoken/ID.txt, prompts/training.toml,
    rubrics/structures.toml and rubrics/warnings.toml. Whatever has an id takes, in a later folder, the place
    of what has that id in an earlier one; a rubric does so with the spoken answers beside it.

    Args:
        folders: Bank folders, as `find_bank_folders` gives them.

    Raises:
        ContentError: Names every problem of every file, with the file and the key.
    """
    shelf = _read_shelf(folders)
    if shelf.problems:
        raise ContentError(tuple(problem.text for problem in shelf.problems))
    return _bank(shelf, folders)


@dataclass(frozen=True, slots=True)
class _File(Generic[ShapeT]):
    """One file: `raw` is None when it is no TOML at all, `values` when anything in it is wrong."""

    path: Path
    shown: str
    raw: dict[str, Any] | None
    values: ShapeT | None

    @property
    def checked(self) -> ShapeT:
        if self.values is None:  # pragma: no cover - problems are raised before values are used
            raise AssertionError(self.shown)
        return self.values


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is wrong, and the name of the files that it goes away without; no name where it would not."""

    key: str
    text: str


_Left = frozenset[tuple[Path, str]]
"""Bank folders, and the names of files in them that are passed over."""


@dataclass(slots=True)
class _Shelf:
    """What was read so far, by id, with every problem met on the way."""

    prompts: dict[str, _File[PromptShape]] = field(default_factory=dict)
    rubrics: dict[str, _File[RubricShape]] = field(default_factory=dict)
    spoken: dict[str, tuple[str, tuple[SpokenAnswer, ...]]] = field(default_factory=dict)
    """The file as it is shown, and its answers."""
    structures: dict[str, tuple[tuple[str, ...], StructureShape | None]] = field(default_factory=dict)
    """Beat ids and values; the latter None when the file has problems."""
    warnings: dict[str, WarningRule] = field(default_factory=dict)
    training: Training = field(default_factory=Training)
    structures_known: bool = True
    """False when a structures file could not be parsed: then a missing structure proves nothing."""
    problems: list[_Problem] = field(default_factory=list)

    def tell(self, key: str, problems: Iterable[str]) -> None:
        """Keep what is wrong with the files of one name."""
        self.problems += [_Problem(key, problem) for problem in problems]

    def answers_to(self, question: str) -> tuple[SpokenAnswer, ...]:
        _, answers = self.spoken.get(question, ("", ()))
        return answers


def is_bank(folder: Path) -> bool:
    """Whether a folder has a bank's rooms, or one of them.

    Raises:
        ContentError: The system does not let us look.
    """
    try:
        return any((folder / room).is_dir() for room in ("prompts", "rubrics"))
    except OSError as error:
        raise ContentError((f"{folder}: cannot be read: {error.strerror}",)) from error


def _read_shelf(folders: Sequence[Path], left: _Left = frozenset()) -> _Shelf:
    shelf = _Shelf()
    for folder in folders:
        passed_over = {key for where, key in left if where == folder}
        _take_in(shelf, folder, passed_over, show_folder=len(folders) > 1)
    _check_together(shelf)
    if not shelf.problems and not shelf.prompts:
        shelf.tell("", [f"{', '.join(map(str, folders))}: there are no questions in prompts/"])
    return shelf


def _last_with(folders: Sequence[Path], key: str, left: _Left) -> tuple[Path, str] | None:
    """The last of the folders that has a file of this name which is not passed over yet."""
    for folder in reversed(folders):
        files = (folder / room / f"{key}{suffix}" for room, suffix in _ROOMS)
        # A link to nothing is a file that cannot be read.
        if key and (folder, key) not in left and any(file.is_symlink() or file.exists() for file in files):
            return folder, key
    return None


def _bank(shelf: _Shelf, folders: Sequence[Path]) -> Bank:
    structures = {key: _structure(shape) for key, (_, shape) in shelf.structures.items() if shape is not None}
    warnings = tuple(shelf.warnings.values())
    questions = _beside_each_other(
        _question(prompt, shelf.rubrics[key].checked, structures, warnings, shelf.answers_to(key))
        for key, prompt in sorted(shelf.prompts.items())
    )
    training = shelf.training
    return Bank(
        questions,
        tuple(structures.values()),
        tuple(folders),
        tuple(training.rounds.values()),
        tuple(training.roles.values()),
        tuple(training.plans.values()),
    )


def _take_in(shelf: _Shelf, folder: Path, passed_over: Set[str], *, show_folder: bool) -> None:
    if not is_bank(folder):
        shelf.tell("", [f"{folder}: is not a question bank: it has no prompts/ or rubrics/ folder"])
        return
    base = folder.parent if show_folder else folder
    prefix = f"{base}/" if show_folder else ""
    prompts, rubrics, spoken = (
        [path for path in _files(shelf, folder / room, suffix) if path.stem not in passed_over]
        for room, suffix in _ROOMS
    )
    for path in prompts:
        shown = prefix + path.relative_to(base).as_posix()
        if path.stem == TRAINING:
            file = _read(shelf, path, shown, TrainingShape)
            if file.values is not None:
                shelf.training.take_in(shown, file.values)
            continue
        prompt = _read(shelf, path, shown, PromptShape)
        _check_name(shelf, prompt, "id")
        shelf.prompts[path.stem] = prompt
    for path in rubrics:
        shown = prefix + path.relative_to(base).as_posix()
        if path.stem == STRUCTURES:
            _take_in_structures(shelf, _read(shelf, path, shown, StructuresShape))
            continue
        if path.stem == WARNINGS:
            _take_in_warnings(shelf, _read(shelf, path, shown, WarningsShape))
            continue
        rubric = _read(shelf, path, shown, RubricShape)
        _check_name(shelf, rubric, "question")
        shelf.rubrics[path.stem] = rubric
        shelf.spoken.pop(path.stem, None)
    for path in spoken:
        shown = prefix + path.relative_to(base).as_posix()
        answers, problems = read_spoken(path)
        shelf.tell(path.stem, (f"{shown}: {problem}" for problem in problems[:MOST_PROBLEMS_TOLD]))
        shelf.spoken[path.stem] = (shown, answers)


def _files(shelf: _Shelf, folder: Path, suffix: str) -> list[Path]:
    try:
        # Names with a leading dot are left by editors and file managers beside the real file.
        return sorted(p for p in folder.iterdir() if p.suffix == suffix and not p.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        shelf.tell("", [f"{folder}: cannot be read: {error.strerror}"])
        return []


def _read(shelf: _Shelf, path: Path, shown: str, shape: type[ShapeT]) -> _File[ShapeT]:
    try:
        raw = read_toml(path)
    except FileNotFoundError:  # a link to nothing
        shelf.tell(path.stem, [f"{shown}: is not a file that can be read"])
        return _File(path, shown, None, None)
    except FileError as problem:
        shelf.tell(path.stem, [f"{shown}: {problem}"])
        return _File(path, shown, None, None)
    values, problems = read_shape(shape, raw)
    shelf.tell(path.stem, (f"{shown}: {problem}" for problem in problems))
    return _File(path, shown, raw, values)


def _check_name(shelf: _Shelf, file: _File[ShapeT], key: str) -> None:
    stated = (file.raw or {}).get(key)
    if not isinstance(stated, str) or stated == file.path.stem:
        return
    twin = file.path.with_name(f"{stated}.toml") if is_name(stated) else None
    also = f", and {twin.name} has that id already" if twin is not None and twin.is_file() else ""
    problem = f"{file.shown}: {key}: {quoted(stated)} must be the file's name, {file.path.stem!r}{also}"
    shelf.tell(file.path.stem, [problem])


def _take_in_structures(shelf: _Shelf, file: _File[StructuresShape]) -> None:
    if file.raw is None:
        shelf.structures_known = False
        return
    checked = {shape.id: shape for shape in file.values.structures} if file.values else {}
    for table in tables(file.raw, "structures"):
        name = table.get("id")
        if isinstance(name, str):
            beats = tuple(_ids(table, "beats"))
            shelf.structures[name] = (beats, checked.get(name))


def _take_in_warnings(shelf: _Shelf, file: _File[WarningsShape]) -> None:
    for shape in file.values.warnings if file.values else ():
        shelf.warnings[shape.id] = WarningRule(
            id=shape.id,
            message=shape.message,
            kinds=tuple(shape.kinds),
            when=tuple(shape.when),
            times=shape.times,
            unless=tuple(shape.unless),
            unless_beats=tuple(shape.unless_beats),
            unless_own_work=shape.unless_own_work,
        )


def _check_together(shelf: _Shelf) -> None:
    for key in sorted({*shelf.prompts, *shelf.rubrics}):
        prompt, rubric = shelf.prompts.get(key), shelf.rubrics.get(key)
        if prompt is None and rubric is not None:
            shelf.tell(key, [f"{rubric.shown}: question: there is no prompts/{key}.toml for it"])
        elif rubric is None and prompt is not None:
            rival = (
                " (that file holds something else: take another id)" if key in (STRUCTURES, WARNINGS) else ""
            )
            shelf.tell(key, [f"{prompt.shown}: id: there is no rubrics/{key}.toml for it{rival}"])
        elif prompt is not None and rubric is not None:
            _check_follow_ups(shelf, prompt, rubric)
            _check_beats(shelf, prompt, rubric)
    for key, (shown, answers) in sorted(shelf.spoken.items()):
        _check_spoken(shelf, key, shown, answers)
    shelf.tell(TRAINING, shelf.training.problems({*shelf.prompts})[:MOST_PROBLEMS_TOLD])


def _check_follow_ups(shelf: _Shelf, prompt: _File[PromptShape], rubric: _File[RubricShape]) -> None:
    if prompt.raw is None or rubric.raw is None:
        return
    points = _ids(rubric.raw, "points")
    known, listed = set(points), _listed(points)
    wanted = [follow_up.get("point") for follow_up in tables(prompt.raw, "follow_ups")]
    problems = (
        f"{prompt.shown}: follow_ups[{index}].point: {quoted(point)} is no point of {rubric.shown}; "
        f"its points are {listed}"
        for index, point in enumerate(wanted)
        if known and isinstance(point, str) and point not in known
    )
    shelf.tell(prompt.path.stem, islice(problems, MOST_PROBLEMS_TOLD))


def _check_beats(shelf: _Shelf, prompt: _File[PromptShape], rubric: _File[RubricShape]) -> None:
    wanted = (prompt.raw or {}).get("structure")
    if not isinstance(wanted, str):
        return
    if wanted not in shelf.structures:
        if shelf.structures_known:
            there = _listed(tuple(shelf.structures)) or "none"
            problem = f"{prompt.shown}: structure: there is no structure {quoted(wanted)}; there are {there}"
            shelf.tell(prompt.path.stem, [problem])
        return
    beats, _ = shelf.structures[wanted]
    known, listed = set(beats), _listed(beats)
    told = [point.get("beat") for point in tables(rubric.raw or {}, "points")]
    problems = (
        f"{rubric.shown}: points[{index}].beat: {quoted(beat)} is no beat of the structure {quoted(wanted)}; "
        f"its beats are {listed}"
        for index, beat in enumerate(told)
        if isinstance(beat, str) and beat not in known
    )
    shelf.tell(prompt.path.stem, islice(problems, MOST_PROBLEMS_TOLD))


def _check_spoken(shelf: _Shelf, key: str, shown: str, answers: Sequence[SpokenAnswer]) -> None:
    rubric = shelf.rubrics.get(key)
    if rubric is None:
        shelf.tell(key, [f"{shown}: there is no rubrics/{key}.toml for it"])
    elif rubric.raw is not None:
        points = _ids(rubric.raw, "points")
        known, listed = set(points), _listed(points)
        lines = [line for answer in answers for line in answer.lines]
        meant = dict.fromkeys(point for line in lines for point in sorted(line.points))
        problems = (
            f"{shown}: {quoted(point)} is no point of {rubric.shown}; its points are {listed}"
            for point in meant
            if known and point not in known
        )
        shelf.tell(key, islice(problems, MOST_PROBLEMS_TOLD))


def _ids(raw: dict[str, Any], key: str) -> list[str]:
    """The ids of an array of tables; what has none that is text is passed over."""
    ids = (table.get("id") for table in tables(raw, key))
    return [name for name in ids if isinstance(name, str)]


def _listed(names: Sequence[str]) -> str:
    more = ["..."] if len(names) > MOST_NAMES_TOLD else []
    return ", ".join([name if is_name(name) else quoted(name) for name in names[:MOST_NAMES_TOLD]] + more)


def _structure(shape: StructureShape) -> Structure:
    beats = tuple(Beat(beat.id, beat.label, beat.share, tuple(beat.cues)) for beat in shape.beats)
    return Structure(shape.id, shape.label, beats)


def _beside_each_other(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions, each with what is said in answer to the others; a project's script stays its own."""
    alone = tuple(questions)
    answers = {
        each.id: OtherAnswer(each.title, each.model_sentences)
        for each in alone
        if each.model_answer and not any(point.statement for point in each.points)
    }
    return tuple(
        replace(each, others=tuple(answer for key, answer in answers.items() if key != each.id))
        for each in alone
    )


def _question(
    file: _File[PromptShape],
    rubric: RubricShape,
    structures: Mapping[str, Structure],
    warnings: Sequence[WarningRule],
    spoken: Sequence[SpokenAnswer],
) -> Question:
    prompt = file.checked
    shortest, longest = prompt.target_s
    points = tuple(_point(point, spoken) for point in rubric.points)
    recordings = (file.path.with_suffix(suffix) for suffix in RECORDING_SUFFIXES)
    return Question(
        id=prompt.id,
        title=prompt.title,
        text=prompt.question,
        kind=prompt.kind,
        area=prompt.area,
        level=prompt.level,
        roles=tuple(prompt.roles),
        structure=structures[prompt.structure],
        target_s=(shortest, longest),
        points=points,
        hint=prompt.hint,
        model_answer=prompt.model_answer or script_of(points),
        follow_ups=tuple(FollowUp(f.point, f.ask) for f in prompt.follow_ups) or follow_ups_of(points),
        warnings=tuple(rule for rule in warnings if prompt.kind in rule.kinds),
        recording=next((path for path in recordings if path.is_file()), None),
        remarks=remarks(spoken),
    )


def _point(shape: PointShape, spoken: Sequence[SpokenAnswer]) -> Point:
    phrasings = tuple(shape.phrasings)
    if shape.statement:
        written = {phrasing.casefold() for phrasing in phrasings}
        phrasings = (
            shape.statement,
            *(way for way in ways_of_saying(shape.statement)[1:] if way.casefold() not in written),
            *(phrasing for phrasing in phrasings if phrasing.casefold() != shape.statement.casefold()),
        )
    return Point(
        id=shape.id,
        label=shape.label or label_of(shape.statement),
        beat=shape.beat,
        weight=shape.weight,
        phrasings=phrasings,
        contrasts=tuple(Contrast(tuple(each.phrasings), each.why) for each in shape.contrasts),
        statement=shape.statement,
        spoken=states_alone(spoken, shape.id),
        denied=denies(spoken, shape.id),
    )
