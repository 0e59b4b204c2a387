"""The card as JSON: a documented, versioned contract (docs/card.md)."""

import json
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from voicecoach.scoring.card import ScoreCard


@cache
def _adapter() -> TypeAdapter[ScoreCard]:
    return TypeAdapter(ScoreCard)


def to_dict(card: ScoreCard) -> dict[str, Any]:
    """The card as plain JSON values, times and scores rounded to three decimals."""
    rounded: dict[str, Any] = json.loads(json.dumps(_rounded(asdict(card))))
    return rounded


def to_json(card: ScoreCard) -> str:
    """The card as one line of JSON."""
    return json.dumps(to_dict(card), ensure_ascii=False)


def from_json(text: str) -> ScoreCard:
    """A card that `to_json` wrote.

    Raises:
        ValueError: The text is not a card of this schema; the message names the first wrong field.
    """
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise ValueError(f"not a scorecard: {where}: {first['msg']}") from error


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, 3)
        case dict():
            return {key: _rounded(item) for key, item in value.items()}
        case list() | tuple():
            return [_rounded(item) for item in value]
        case _:
            return value
