"""A small bank on disk that is right in everything, for tests to break one thing at a time."""

from pathlib import Path

import pytest

from voicecoach.content.loader import load_bank
from voicecoach.errors import ContentError

STRUCTURES = """
[[structures]]
id = "short"
label = "Short"
beats = [
  { id = "what", label = "What", share = 0.6, cues = ["it is the share of these"] },
  { id = "use", label = "Use", share = 0.4, cues = ["i would use it when"] },
]
"""

PROMPT = """
id = "mean"
title = "The mean"
question = "What is the mean?"
kind = "definition"
area = "data"
level = "easy"
structure = "short"
roles = ["mle"]
target_s = [10, 30]
hint = "Say how it is worked out."
model_answer = "The sum over the count."
follow_ups = [{ point = "exact", ask = "And the median?" }]
"""

RUBRIC = """
question = "mean"

[[points]]
id = "exact"
label = "Define it"
beat = "what"
weight = 2
phrasings = ["the sum divided by the count", "add them up and divide by how many there are"]

[[points.contrasts]]
why = "That is the median, the value in the middle."
phrasings = ["the value in the middle"]

[[points]]
id = "outliers"
label = "Warn of outliers"
beat = "use"
weight = 1.5
phrasings = ["one huge value drags it along"]
"""


def write_bank(
    folder: Path, prompt: str = PROMPT, rubric: str = RUBRIC, structures: str = STRUCTURES
) -> Path:
    """A bank with the one question "mean"; returns the folder."""
    for name, text in {
        "prompts/mean.toml": prompt,
        "rubrics/mean.toml": rubric,
        "rubrics/structures.toml": structures,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def problems_of(*folders: Path) -> tuple[str, ...]:
    """What `load_bank` refuses these folders for."""
    with pytest.raises(ContentError) as caught:
        load_bank(folders)
    return caught.value.problems
