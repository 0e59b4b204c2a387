"""How scoring grows with the answer and the rubric, and how home and history grow with the attempts kept.

    python -m benchmarks.speed.growth

Every size is timed in turn, again and again, so that what else the machine does falls on all of them alike;
medians, and ratios against the first size. Nothing is read from or written to the person's own folders.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from voicecoach.config import Paths, Settings
from voicecoach.content.model import Area, Point, Question
from voicecoach.embedding.embedder import Vectors
from voicecoach.history.records import NewAttempt
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.practice.coach import Coach
from voicecoach.practice.progress import ProgressReader
from voicecoach.practice.reading import read_rubric, reader_of
from voicecoach.practice.typed import TYPED_WORDS_PER_MINUTE, transcript_of
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.evidence import Answer, Rubric, answer_texts, rubric_texts
from voicecoach.scoring.judge import judge
from voicecoach.transcript import EngineInfo
from voicecoach.tui.screens.history import PAGE
from voicecoach.wiring import Assembly, assemble

ANSWER_S = (30, 90, 300)
RUBRIC_POINTS = (3, 6, 12, 24)
ATTEMPTS = (10, 1_000, 100_000)
FEW = 3
"""Questions of the history in which every attempt is on a few of them."""

FILTER = "design"
AREA: Area = "evaluation"

USUAL_ANSWER_S = 90
QUESTION = "skew-vs-drift"
KEPT_QUESTION = "define-recall"
"""A short answer is kept 100,000 times, so that the database takes some 500 MB and not 2 GB."""

SCORING_TURNS = 15
EMBEDDING_TURNS = 5
HISTORY_TURNS = 60


@dataclass(frozen=True, slots=True)
class Series:
    """One thing timed at several sizes.

    Attributes:
        what: What was timed.
        unit: What the sizes count.
        sizes: In the order in which they were asked for; the first is the baseline.
        seconds: The median at each size.
    """

    what: str
    unit: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    def ratio(self, size: int) -> float:
        """How many times the baseline a size takes."""
        return self.seconds[self.sizes.index(size)] / self.seconds[0]


@dataclass(frozen=True, slots=True)
class Growth:
    """Every series.

    Attributes:
        scoring: Pure scoring by answer length and by rubric size.
        embedding: Embedding the answer by its length, and the rubric by its size (done once: it is cached).
        home: Home's data, by attempts: at the start of the program, opening the database included; when an
            attempt has been kept since; and when nothing has. Attempts on all questions, and on FEW of them.
        history: What the history screen asks for first, unfiltered and filtered; what the progress screen
            asks for, over all areas and over one; and opening the database.
        schedule: Catching up with every attempt, and with one more, in a worker that home does not wait for.
    """

    scoring: tuple[Series, ...]
    embedding: tuple[Series, ...]
    home: tuple[Series, ...]
    history: tuple[Series, ...]
    schedule: tuple[Series, ...]

    @property
    def home_ratio_100k(self) -> float:
        """Home with 100,000 attempts against home with 10: the worst of the ways in which it is shown."""
        return max(series.ratio(100_000) for series in self.home)


def measure() -> Growth:
    """Time everything; takes a minute or two on two cores."""
    with tempfile.TemporaryDirectory(prefix="voicecoach-growth-") as name:
        wired = assemble(Settings(), _paths(Path(name)))
        scoring, embedding = _scoring_and_embedding(wired)
        attempt = _real_attempt(wired)
        with tempfile.TemporaryDirectory(dir=name) as folder:
            desks = _desks(wired, Path(folder), attempt, len(wired.bank.questions))
            home, history = _home(desks, ""), _history(desks)
            schedule = _schedule(desks)
        with tempfile.TemporaryDirectory(dir=name) as folder:
            home += _home(_desks(wired, Path(folder), attempt, FEW), f", {FEW} questions")
    return Growth(scoring, embedding, home, history, schedule)


def table(growth: Growth) -> str:
    """The figures as lines of text."""
    kept = (*growth.home, *growth.history, *growth.schedule)
    return "\n".join(
        [
            *map(_line, (*growth.scoring, *growth.embedding, *kept)),
            f"home with 100,000 attempts takes {growth.home_ratio_100k:.2f} times home with 10",
        ]
    )


def _line(series: Series) -> str:
    cells = [
        f"{size:,} {series.unit} {1000 * seconds:.2f} ms (x{series.ratio(size):.2f})"
        for size, seconds in zip(series.sizes, series.seconds, strict=True)
    ]
    return f"{series.what + ':':36} {',  '.join(cells)}"


def _series(
    what: str,
    unit: str,
    calls: Mapping[int, Callable[[], object]],
    turns: int,
    between: Callable[[int], object] | None = None,
) -> Series:
    """Each call in turn, `turns` times over, after a round that is not counted.

    Args:
        what: Names it.
        unit: What the keys of `calls` count.
        calls: What to time, by size.
        turns: How often.
        between: Called with the size before each call, and not timed.
    """
    taken: dict[int, list[float]] = {size: [] for size in calls}
    for turn in range(turns + 1):
        for size, call in calls.items():
            if between is not None:
                between(size)
            started = time.perf_counter()
            call()
            seconds = time.perf_counter() - started
            if turn:
                taken[size].append(seconds)
    return Series(what, unit, tuple(calls), tuple(statistics.median(times) for times in taken.values()))


def _scoring_and_embedding(wired: Assembly) -> tuple[tuple[Series, ...], tuple[Series, ...]]:
    encode = wired.engines.embedder().encode
    question = wired.coach.question(QUESTION)
    texts = {seconds: text_of(wired, question, seconds) for seconds in ANSWER_S}
    own, reader = read_rubric(question, encode), reader_of(wired.engines)
    answers = {seconds: reader.read(own, transcript_of(text, None)) for seconds, text in texts.items()}
    questions = {points: _with_points(wired, question, points) for points in RUBRIC_POINTS}
    rubrics = {points: read_rubric(each, encode) for points, each in questions.items()}

    def scored(rubric: Rubric, answer: Answer) -> Callable[[], object]:
        return lambda: judge(rubric, answer)

    def embedded(listed: Sequence[str]) -> Callable[[], Vectors]:
        return lambda: encode(listed)

    by_length = {s: scored(own, answer) for s, answer in answers.items()}
    by_points = {p: scored(rubric, answers[USUAL_ANSWER_S]) for p, rubric in rubrics.items()}
    windows = {s: embedded(answer_texts(split_clauses(a.transcript, ()))) for s, a in answers.items()}
    phrasings = {p: embedded(rubric_texts(each)) for p, each in questions.items()}
    return (
        _series("scoring, by answer", "s", by_length, SCORING_TURNS),
        _series("scoring, by rubric", "points", by_points, SCORING_TURNS),
    ), (
        _series("embedding the answer", "s", windows, EMBEDDING_TURNS),
        _series("embedding the rubric", "points", phrasings, EMBEDDING_TURNS),
    )


def text_of(wired: Assembly, question: Question, seconds: float) -> str:
    """As many words as are said in that time: the question's model answer, then those of the others."""
    others = [each for each in wired.bank.questions if each.kind == question.kind and each != question]
    words = " ".join(each.model_answer for each in (question, *others)).split()
    return " ".join(words[: round(seconds * TYPED_WORDS_PER_MINUTE / 60)])


def _with_points(wired: Assembly, question: Question, count: int) -> Question:
    """The question with `count` points, the further ones from other long questions of the bank."""
    others = [each for each in wired.bank.questions if not each.is_definition and each != question]
    borrowed: list[Point] = [point for each in (question, *others) for point in each.points][:count]
    beats = cycle(beat.id for beat in question.structure.beats)
    points = [replace(p, id=f"{number}-{p.id}", beat=next(beats)) for number, p in enumerate(borrowed)]
    return replace(question, points=tuple(points))


def _real_attempt(wired: Assembly) -> NewAttempt:
    question = wired.coach.question(KEPT_QUESTION)
    judged = wired.coach.score_text(question, question.model_answer, None)
    began = datetime(2020, 1, 1, tzinfo=UTC)
    # As if spoken: progress looks for crutch words in spoken answers only.
    heard = replace(judged.transcript, engine=EngineInfo("whisper", "small.en"))
    return NewAttempt(question.id, "take-1", began, heard, judged.speech, judged.card)


class _Desk:
    """A coach over one history, which can be closed and opened again."""

    def __init__(self, wired: Assembly, paths: Paths, attempt: NewAttempt) -> None:
        self._wired, self._paths, self._attempt = wired, paths, attempt
        self.coach = self._new_coach()

    def _new_coach(self) -> Coach:
        engines = assemble(self._wired.settings, self._paths).engines
        return Coach(engines, self._wired.bank, self._paths.takes, lambda: datetime.now(UTC))

    def close(self) -> None:
        """As when the program ends; the next call of the coach opens the database again."""
        self.coach.engines.history().close()
        self.coach = self._new_coach()

    def open(self) -> None:
        """Open the database, and nothing else."""
        self.coach.engines.history()

    def home(self) -> None:
        """What the home screen asks for."""
        self.coach.overview()

    def schedule_all(self) -> None:
        """What the worker does that first meets these attempts."""
        self.coach.engines.schedule().rebuild()
        self.coach.schedule.catch_up()

    def schedule_one(self) -> None:
        """What the worker does after an attempt."""
        self.coach.schedule.catch_up()

    def change(self) -> None:
        """Keep an attempt; it is deleted at once, so that there are as many as before."""
        history = self.coach.engines.history()
        history.delete(history.add(self._attempt).id)

    def list(self, wanted: str) -> None:
        """What the history screen asks for when it opens."""
        self.coach.attempts(wanted, PAGE)
        self.coach.count_attempts(wanted)
        self.coach.count_attempts()

    def progress(self, area: Area | None) -> None:
        """What the progress screen asks for, over all time."""
        reader = ProgressReader(self.coach.engines, self.coach.bank, self.coach.clock)
        reader.read(area)
        reader.areas()


_Desks = Mapping[int, _Desk]


def _desks(wired: Assembly, folder: Path, attempt: NewAttempt, questions: int) -> _Desks:
    """One for each number of attempts, these spread over that many questions."""
    ids = [question.id for question in islice(wired.bank.questions, questions)]
    found = {}
    for size in ATTEMPTS:
        paths = _paths(folder / str(size))
        with closing(SqliteHistory(paths.database)) as history:
            history.add(attempt)
        _multiply(paths.database, size, ids)
        found[size] = _Desk(wired, paths, attempt)
        found[size].schedule_one()
    return found


def _home(desks: _Desks, where: str) -> tuple[Series, ...]:
    calls = {size: desk.home for size, desk in desks.items()}

    def series(what: str, between: Callable[[int], object] | None) -> Series:
        return _series(f"home {what}{where}", "attempts", calls, HISTORY_TURNS, between)

    found = (
        series("at the start", lambda size: desks[size].close()),
        series("after an attempt", lambda size: desks[size].change()),
        series("unchanged", None),
    )
    for desk in desks.values():
        desk.close()
    return found


def _history(desks: _Desks) -> tuple[Series, ...]:
    def listing(desk: _Desk, wanted: str) -> Callable[[], None]:
        return lambda: desk.list(wanted)

    found = tuple(
        _series(
            what, "attempts", {size: listing(desk, wanted) for size, desk in desks.items()}, HISTORY_TURNS
        )
        for what, wanted in (("history, first page", ""), (f"history, found by {FILTER!r}", FILTER))
    )

    def progress(desk: _Desk, area: Area | None) -> Callable[[], None]:
        return lambda: desk.progress(area)

    found += tuple(
        _series(
            f"progress, {area or 'all areas'}",
            "attempts",
            {size: progress(desk, area) for size, desk in desks.items()},
            HISTORY_TURNS,
        )
        for area in (None, AREA)
    )
    opening = {size: desk.open for size, desk in desks.items()}
    found += (
        _series("opening the database", "attempts", opening, HISTORY_TURNS, lambda size: desks[size].close()),
    )
    for desk in desks.values():
        desk.close()
    return found


def _schedule(desks: _Desks) -> tuple[Series, ...]:
    all_again = {size: desk.schedule_all for size, desk in desks.items()}
    one_more = {size: desk.schedule_one for size, desk in desks.items()}

    def change(size: int) -> None:
        desks[size].change()

    found = (
        _series("schedule, all attempts", "attempts", all_again, EMBEDDING_TURNS),
        _series("schedule, after an attempt", "attempts", one_more, HISTORY_TURNS, change),
    )
    for desk in desks.values():
        desk.close()
    return found


def _multiply(file: Path, attempts: int, question_ids: Sequence[str]) -> None:
    """Copy the only attempt, one every ten minutes, to each question in turn, until there are `attempts`."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TEMP TABLE asked (place INTEGER PRIMARY KEY, id TEXT)")
        connection.executemany("INSERT INTO asked VALUES (?, ?)", enumerate(question_ids))
        connection.execute("BEGIN")
        connection.execute(
            """
            WITH RECURSIVE copies (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ?)
            INSERT INTO attempts (question_id, take_id, started_at, engine, duration_s, overall, cue)
            SELECT asked.id, 'take-' || (n + 1),
                   strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', a.started_at, (10 * n) || ' minutes'),
                   a.engine, a.duration_s, n * 37 % 1009 / 10.09, a.cue
            FROM copies JOIN asked ON asked.place = n % ? JOIN attempts a ON a.id = 1
            """,
            (attempts - 1, len(question_ids)),
        )
        for kept, columns in (
            ("transcripts", "language, duration_s, engine_model, engine_note, words, speech"),
            ("cards", "card"),
        ):
            connection.execute(f"CREATE TEMP TABLE one AS SELECT {columns} FROM {kept}")  # noqa: S608 - fixed names
            connection.execute(f"INSERT INTO {kept} SELECT a.id, one.* FROM attempts a, one WHERE a.id > 1")  # noqa: S608 - fixed names
            connection.execute("DROP TABLE one")
        connection.execute("COMMIT")


def _paths(folder: Path) -> Paths:
    return Paths(folder / "settings.toml", folder / "data", folder / "cache")


if __name__ == "__main__":
    print(table(measure()))
