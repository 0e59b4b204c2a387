"""Bad input for what the judge is measured on."""

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.support.bad_input.probe import Prepared
from tests.support.mutations import (
    ODD_TEXTS,
    Content,
    json_bombs,
    json_of,
    place,
    spoilt_bytes,
    spoilt_tree,
)
from tests.support.questions import CONCEPT
from voicecoach.content.model import Bank

BANK = Bank((CONCEPT,), (CONCEPT.structure,), ())
ANSWER: dict[str, Any] = {
    "id": "one",
    "question": CONCEPT.id,
    "style": "strong",
    "text": "Of all alarms, how many were real.",
    "duration_s": 30,
    "set": "test",
}
LABELS: dict[str, Any] = {
    "id": "one",
    "labels": {"precision": "said", "threshold": "partly"},
    "contradicted": ["threshold"],
}
WHOLE: dict[str, dict[str, Any]] = {
    "answers.jsonl": ANSWER,
    "labels.jsonl": LABELS,
    "labels-second.jsonl": LABELS,
}


def labelled_answers(folder: Path) -> Prepared:
    """Any one of the files of a labelled set."""
    from voicecoach.practice.evaluation.labelled import read_labelled  # noqa: PLC0415 - a probe's own

    def probe(case: tuple[str, Content]) -> None:
        name, content = case
        for whole, value in WHOLE.items():
            place(folder / whole, json_of(value))
        place(folder / name, content)
        read_labelled(folder, BANK)

    cases = st.one_of(
        [
            st.tuples(st.just(name), spoilt_bytes([json_of(value)]) | spoilt_tree([value]).map(json_of))
            for name, value in WHOLE.items()
        ]
    )
    bombs: list[tuple[str, Content]] = [(name, bomb) for name in WHOLE for bomb in json_bombs()]
    bombs += [
        (name, json_of({**value, key: text}))
        for name, value in WHOLE.items()
        for key in value
        for text in ODD_TEXTS
    ]
    return cases, bombs, probe
