"""The card as JSON: a documented, versioned contract (docs/card.md)."""

import json
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from voicecoach.outside import one_line, quoted, shown_key
from voicecoach.scoring.card import SCHEMA, Corrections, ScoreCard

LARGEST_NUMBER = 1e7
"""No score or weight in a card comes near, nor do the seconds of a day; a screen could not show more."""

LONGEST_TEXT = 100_000
"""Characters; an hour of speech is half of that."""


@cache
def _adapter() -> TypeAdapter[ScoreCard]:
    return TypeAdapter(ScoreCard)


@cache
def _corrections_adapter() -> TypeAdapter[Corrections]:
    return TypeAdapter(Corrections)


def to_dict(card: ScoreCard) -> dict[str, Any]:
    """The card as plain JSON values, times and scores rounded to three decimals."""
    plain: dict[str, Any] = json.loads(json.dumps(rounded(asdict(card))))
    return plain


def to_json(card: ScoreCard) -> str:
    """The card as one line of JSON."""
    return json.dumps(to_dict(card), ensure_ascii=False)


def from_json(text: str) -> ScoreCard:
    """A card that `to_json` wrote.

    Raises:
        ValueError: The text is not a card of this schema; the message names the first wrong field.
    """
    try:
        card = _adapter().validate_json(text)
    except ValidationError as error:
        raise ValueError(f"not a scorecard: {_first_fault(error)}") from error
    if card.schema != SCHEMA:
        raise ValueError(f"not a scorecard: schema: is {quoted(card.schema)}; this voicecoach reads {SCHEMA}")
    if not _is_measured(asdict(card)):
        raise ValueError("not a scorecard: a number or a text in it is beyond all measure")
    return card


def corrections_from_json(text: str) -> Corrections:
    """The `corrections` of a card that `to_json` wrote.

    Raises:
        ValueError: The text is something else; the message names the first wrong field.
    """
    try:
        corrections = _corrections_adapter().validate_json(text)
    except ValidationError as error:
        raise ValueError(f"not corrections of a scorecard: {_first_fault(error)}") from error
    if not _is_measured(asdict(corrections)):
        raise ValueError("not corrections of a scorecard: a number or a text is beyond all measure")
    return corrections


def _first_fault(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(shown_key(str(part)) for part in first["loc"]) or "the document"
    return f"{where}: {one_line(first['msg'])}"


def _is_measured(value: Any) -> bool:
    """Whether every number and text in nested dictionaries and sequences can be shown."""
    match value:
        case int() | float():
            return abs(value) <= LARGEST_NUMBER
        case str():
            return len(value) <= LONGEST_TEXT
        case dict():
            return all(_is_measured(item) for item in value.values())
        case list() | tuple():
            return all(_is_measured(item) for item in value)
        case _:
            return True


def rounded(value: Any) -> Any:
    """Nested dictionaries and sequences with their numbers rounded to three decimals."""
    match value:
        case float():
            return round(value, 3)
        case dict():
            return {key: rounded(item) for key, item in value.items()}
        case list() | tuple():
            return [rounded(item) for item in value]
        case _:
            return value
