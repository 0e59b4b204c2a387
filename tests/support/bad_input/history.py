"""Bad input for the history and its cards."""

import contextlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.support.bad_input.probe import (
    Prepared,
    assert_clear,
)
from tests.support.mutations import (
    ODD_TEXTS,
    Content,
    Sparse,
    Special,
    json_bombs,
    json_of,
    place,
    spoilt_bytes,
    spoilt_tree,
)
from voicecoach.errors import VoicecoachError

COLUMNS = (
    *(("attempts", name) for name in ("question_id", "take_id", "started_at", "engine", "duration_s")),
    *(("attempts", "overall"), ("attempts", "cue"), ("cards", "card")),
    *(("transcripts", name) for name in ("language", "duration_s", "engine_model", "engine_note")),
    *(("transcripts", "words"), ("transcripts", "speech")),
)


def _show_history(file: Path) -> None:
    """Read everything that there is and put it on a page, as the app and the command do."""
    from tests.tui.samples import IMBALANCE  # noqa: PLC0415 - brings the cards
    from voicecoach.cli.commands.history import _as_dict, _line  # noqa: PLC0415 - a probe's own
    from voicecoach.history.sqlite import SqliteHistory  # noqa: PLC0415 - a probe's own

    history = SqliteHistory(file)
    try:
        refusals: list[VoicecoachError] = []
        with _gathering(refusals):
            for row in history.rows():
                _line(row).encode()
                json.dumps(_as_dict(row), allow_nan=False)
        with _gathering(refusals):
            for standing in history.standings().values():
                assert standing.best <= 1e7
        with _gathering(refusals):
            attempt = history.get(1)
            if attempt is not None:
                _show(attempt, IMBALANCE)
                history.before(attempt)
                history.best_of_others(attempt)
                history.known_takes((attempt.take_id or "",))
    finally:
        history.close()
    if refusals:
        raise refusals[0]


@contextmanager
def _gathering(refusals: list[VoicecoachError]) -> Iterator[None]:
    try:
        yield
    except VoicecoachError as error:
        assert_clear(error)
        refusals.append(error)


def _show(attempt: Any, question: Any) -> None:
    """A card on the command line and in the app."""
    from voicecoach.cli.render import render_card  # noqa: PLC0415 - a probe's own
    from voicecoach.scoring.contract import to_dict  # noqa: PLC0415 - brings pydantic
    from voicecoach.tui.card.document import card_lines  # noqa: PLC0415 - brings Textual
    from voicecoach.tui.card.lines import CardView  # noqa: PLC0415 - brings Textual

    render_card(attempt.card, question).encode()
    json.dumps(to_dict(attempt.card), allow_nan=False).encode()
    for line in card_lines(CardView(attempt, question, None), 100):
        line.content.plain.encode()


def _database(folder: Path) -> Path:
    from tests.tui.samples import attempt as new_attempt  # noqa: PLC0415 - brings the cards
    from voicecoach.history.sqlite import SqliteHistory  # noqa: PLC0415 - a probe's own

    file = folder / "history.sqlite3"
    history = SqliteHistory(file)
    for days_ago in (1, 2):
        history.add(new_attempt(days_ago, 50 + days_ago))
    history.close()
    return file


def database_rows(folder: Path) -> Prepared:
    """Values in the columns of the history, whatever their declared types."""
    import sqlite3  # noqa: PLC0415 - a probe's own

    file = _database(folder)
    whole = file.read_bytes()
    connection = sqlite3.connect(file)
    values = {
        (table, column): connection.execute(f"SELECT {column} FROM {table}").fetchone()[0]  # noqa: S608 - fixed
        for table, column in COLUMNS
    }
    connection.close()

    def probe(case: tuple[tuple[str, str], object]) -> None:
        (table, column), value = case
        place(file, whole)
        connection = sqlite3.connect(file)
        key = "id" if table == "attempts" else "attempt_id"
        with contextlib.suppress(sqlite3.Error, OverflowError, UnicodeEncodeError), connection:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = 1", (value,))  # noqa: S608 - fixed
        connection.close()
        _show_history(file)

    cases = st.sampled_from(COLUMNS).flatmap(lambda where: st.tuples(st.just(where), _column(values[where])))
    bombs = [
        (where, value)
        for where in COLUMNS
        for value in (b"\xff" * 50, "[" * 100_000, float("inf"), None, 10**15, "x" * 5_000_000)
    ]
    return cases, bombs, probe


def _column(value: Any) -> st.SearchStrategy[Any]:
    """What may stand in a column instead."""
    plain = (
        st.sampled_from(ODD_TEXTS) | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.binary(max_size=9)
    )
    if not isinstance(value, str):
        return plain
    if not value.startswith(("[", "{")):
        return plain | spoilt_bytes([value.encode()]).map(_readable)
    trees = spoilt_tree([json.loads(value)]).map(lambda tree: json_of(tree).decode())
    return st.one_of(plain, trees, trees, spoilt_bytes([value.encode()]).map(_readable))


def database_file(folder: Path) -> Prepared:
    """The file of the history itself."""
    file = _database(folder)
    whole = file.read_bytes()

    def probe(content: Content) -> None:
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        place(file, content)
        _show_history(file)

    bombs = [*Special, Sparse(whole, 8 << 30), b"SQLite format 3\0" + b"\xff" * 5_000, b"", whole[:100]]
    return spoilt_bytes([whole], most_edits=12), bombs, probe


def card(folder: Path) -> Prepared:
    """A card as JSON."""
    from dataclasses import replace  # noqa: PLC0415 - as below

    from tests.tui.samples import CARD, IMBALANCE, NOW  # noqa: PLC0415 - brings the cards
    from tests.tui.samples import attempt as new_attempt  # noqa: PLC0415 - brings the cards
    from voicecoach.history.records import Attempt  # noqa: PLC0415 - a probe's own
    from voicecoach.scoring.contract import from_json, to_json  # noqa: PLC0415 - brings pydantic

    new = new_attempt(1, 50)
    kept = Attempt(1, new.question_id, None, NOW, new.transcript, new.speech, new.card)
    whole = to_json(CARD)

    def probe(text: str) -> None:
        try:
            card = from_json(text)
        except ValueError as error:  # as its contract says; the history names the attempt
            raise VoicecoachError(str(error)) from error
        _show(replace(kept, card=card), IMBALANCE)

    trees = spoilt_tree([json.loads(whole)]).map(json_of)
    bombs = [_readable(bomb) for bomb in json_bombs() if isinstance(bomb, bytes)]
    return (trees | trees | spoilt_bytes([whole.encode()])).map(_readable), bombs, probe


def _readable(data: bytes) -> str:
    return data.decode("utf-8", "replace")
