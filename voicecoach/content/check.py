"""Lint for a bank that loads: what is allowed but will ask, judge or teach badly."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from voicecoach.content.model import Bank, Kind, Point, Question
from voicecoach.content.project import (
    LONGEST_LABEL,
    WORDS_PER_S,
    bare,
    label_of,
    script_of,
    ways_of_saying,
)

Severity = Literal["error", "warning"]
Vector = npt.NDArray[np.float32]
"""One text's unit vector, shape (dimensions,)."""

DEFINITION_WORDS = (25, 70)
LONG_POINTS = (5, 9)
DEFINITION_POINTS = (3, 4)
FEWEST_PHRASINGS = 4
TOO_ALIKE = 0.87
"""Cosine between the mean vectors of two points from which the judge can hardly tell them apart."""

CLEARLY_NEARER = 0.1
"""How much nearer a wrong statement must be; a swapped word, as good contrasts have, moves it little."""

MIRRORED = 0.5
"""Share of its words that a wrong statement has in common with a right one it mirrors on purpose."""

UNSAYABLE = frozenset("%/&=<>_`#*+^|~@\\{}[]$€£→≥≤≈×")
SPELLED_OUT = frozenset(
    "AI API AUC AWS CD CI CNN CPU CSV CTR DAU ETL FAQ GPU HTTP ID IT KNN KPI KS LLM LSTM MAE ML MLE MRR MSE "
    "NDCG NLP OK PCA PDF PII PR PSI QA RMSE RNN ROC ROI SGD SHAP SLA SLO SMOTE SQL SRE STAR SVM UI UK URL "
    "US USA".split()
)
"""Capitals that espeak-ng reads in a way people understand, letter by letter or as a word."""

PLACEHOLDER = "TODO"
"""What a skeleton holds where a person has to write; no text that is finished has it."""

STATEMENT = "statement"
"""Key of a point of one's own project, from which its first phrasings, its label and the script are made."""

_PLACEHOLDER = re.compile(rf"\b{PLACEHOLDER}\b")
_LAST_INDEX = re.compile(r"\[\d+\]$")
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend.

    Attributes:
        severity: An error judges wrongly or teaches something wrong; a warning only does it less well.
        place: The file, relative to its bank folder.
        key: Path of the key within it.
        message: What is wrong with it and, where that is not plain, what to do.
    """

    severity: Severity
    place: str
    key: str
    message: str


def lint(bank: Bank) -> tuple[Finding, ...]:
    """Everything that can be said without a model, in order of question and file.

    Of a question that still holds placeholders only these are told: the rest is not written yet.
    """
    findings: list[Finding] = []
    for question in bank.questions:
        unwritten = placeholders(question)
        findings += unwritten
        if unwritten:
            continue
        for check in (_voiced_text, _model_answer, _number_of_points, _missing_beats, _points, _copies):
            findings += check(question)
    return tuple(findings)


def placeholders(question: Question) -> tuple[Finding, ...]:
    """What nobody has written yet: texts in which the skeleton's mark is left, those of a list together."""
    tasks: dict[tuple[str, str], list[str]] = {}
    for place, key, text in texts_of(question):
        if _PLACEHOLDER.search(text):
            task = text.partition(PLACEHOLDER)[2].lstrip(": ") or "the text"
            tasks.setdefault((place, _LAST_INDEX.sub("", key)), []).append(task)
    return tuple(
        Finding("error", place, key, f"is a placeholder still ({PLACEHOLDER}); write here: {'; '.join(todo)}")
        for (place, key), todo in tasks.items()
    )


def texts_of(question: Question) -> Iterator[tuple[str, str, str]]:
    """Everything of a question that a person reads or hears, each as it is written: file, key and text."""
    place = prompt_file(question)
    yield place, "title", question.title
    yield place, "question", question.text
    yield place, "hint", question.hint
    if question.model_answer != script_of(question.points):
        yield place, "model_answer", question.model_answer
    for index, follow_up in enumerate(question.follow_ups):
        yield place, f"follow_ups[{index}].ask", follow_up.ask
    place = rubric_file(question)
    for index, point in enumerate(question.points):
        at = f"points[{index}]"
        if not point.statement or point.label != label_of(point.statement):
            yield place, f"{at}.label", point.label
        for key, text in zip(_phrasing_keys(point), point.phrasings, strict=True):
            if key != STATEMENT or text == point.statement:
                yield place, f"{at}.{key}", text
        for number, contrast in enumerate(point.contrasts):
            for i, text in enumerate(contrast.phrasings):
                yield place, f"{at}.contrasts[{number}].phrasings[{i}]", text
            yield place, f"{at}.contrasts[{number}].why", contrast.why


def _phrasing_keys(point: Point) -> tuple[str, ...]:
    """Under which key of its point each phrasing is written; STATEMENT for what is made from that, too."""
    made = ways_of_saying(point.statement) if point.statement else ()
    keys: list[str] = []
    written = 0
    for text in point.phrasings:
        keys.append(STATEMENT if text in made else f"phrasings[{written}]")
        written += text not in made
    return tuple(keys)


def lint_vectors(bank: Bank, vectors: Mapping[str, Vector]) -> tuple[Finding, ...]:
    """What only meaning shows: phrasings clearly nearer a wrong statement, points that mean the same.

    Args:
        bank: A loaded bank.
        vectors: A unit vector, shape (dimensions,), for every phrasing of every point and contrast.
    """
    findings: list[Finding] = []
    for question in bank.questions:
        place = rubric_file(question)
        for index, point in enumerate(question.points):
            keys = _phrasing_keys(point)
            findings += [
                Finding("warning", place, f"points[{index}].{keys[number]}", message)
                for number, message in _nearer_a_contrast(point, vectors)
            ]
        means = [_mean(point, vectors) for point in question.points]
        for (i, one), (j, other) in combinations(enumerate(means), 2):
            alike = float(one @ other)
            if alike > TOO_ALIKE:
                names = f"{question.points[i].id!r} and {question.points[j].id!r}"
                message = f"{names} mean nearly the same ({alike:.2f}): merge them or set them apart"
                findings.append(Finding("warning", place, f"points[{j}]", message))
    return tuple(findings)


def _nearer_a_contrast(point: Point, vectors: Mapping[str, Vector]) -> Iterator[tuple[int, str]]:
    contrasts = _contrast_phrasings(point)
    if len(point.phrasings) < 2 or not contrasts:
        return
    right = np.stack([vectors[text] for text in point.phrasings])
    wrong = np.stack([vectors[text] for text in contrasts])
    to_right = right @ right.T
    np.fill_diagonal(to_right, -1.0)
    to_wrong = right @ wrong.T
    for number, phrasing in enumerate(point.phrasings):
        # Beside its mirror image nearness says nothing: there the swapped word decides.
        to_wrong[number, [_mirrors(phrasing, text) for text in contrasts]] = -1.0
        nearest = int(to_wrong[number].argmax())
        own, other = float(to_right[number].max()), float(to_wrong[number, nearest])
        if other > own + CLEARLY_NEARER:
            yield (
                number,
                f"is nearer the wrong statement {contrasts[nearest]!r} ({other:.2f}) than any other "
                f"phrasing of its point ({own:.2f}): give it a second wording, or move it if it is wrong",
            )


def _mirrors(one: str, other: str) -> bool:
    """Whether both say much the same words and each has some of its own; without them they say the same."""
    words, others = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    shared = len(words & others)
    return shared >= MIRRORED * min(len(words), len(others)) and shared < min(len(words), len(others))


def words_that_fit(kind: Kind, target_s: tuple[float, float]) -> tuple[int, int]:
    """How many words a model answer may have, at least and at most, for a window (shortest, longest)."""
    if kind == "definition":
        return DEFINITION_WORDS
    return round(target_s[0] * WORDS_PER_S), round(target_s[1] * WORDS_PER_S)


def _mean(point: Point, vectors: Mapping[str, Vector]) -> Vector:
    mean = np.mean([vectors[text] for text in point.phrasings], axis=0)
    unit: Vector = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit


def prompt_file(question: Question) -> str:
    """Where its prompt is, relative to the bank folder."""
    return f"prompts/{question.id}.toml"


def rubric_file(question: Question) -> str:
    """Where its rubric is, relative to the bank folder."""
    return f"rubrics/{question.id}.toml"


def _contrast_phrasings(point: Point) -> tuple[str, ...]:
    return tuple(text for contrast in point.contrasts for text in contrast.phrasings)


def _voiced_text(question: Question) -> Iterator[Finding]:
    for place, key, text in texts_of(question):
        if key not in ("question", "model_answer") and not key.startswith("follow_ups"):
            continue
        symbols = sorted({char for char in text if char in UNSAYABLE})
        if symbols:
            message = f"a voice cannot say {' '.join(symbols)} well: write it as it is spoken"
            yield Finding("warning", place, key, message)
        capitals = sorted({word for word in _CAPITALS.findall(text) if word not in SPELLED_OUT})
        if capitals:
            message = f"a voice may misread {', '.join(capitals)}: write it as it is spoken"
            yield Finding("warning", place, key, message)


def _model_answer(question: Question) -> Iterator[Finding]:
    if any(point.statement for point in question.points):
        return  # it is the person's own project, whose length the editor shows
    words = len(question.model_answer.split())
    fewest, most = words_that_fit(question.kind, question.target_s)
    if words and not fewest <= words <= most:
        message = f"has {words} words; {fewest} to {most} fit the target at 150 words a minute"
        yield Finding("warning", prompt_file(question), "model_answer", message)


def _number_of_points(question: Question) -> Iterator[Finding]:
    fewest, most = DEFINITION_POINTS if question.is_definition else LONG_POINTS
    if not fewest <= len(question.points) <= most:
        message = f"there are {len(question.points)}; {fewest} to {most} can be said in the time"
        yield Finding("warning", rubric_file(question), "points", message)


def _missing_beats(question: Question) -> Iterator[Finding]:
    used = {point.beat for point in question.points}
    missing = [beat.id for beat in question.structure.beats if beat.id not in used]
    if missing:
        message = f"no point belongs to {', '.join(missing)} of the structure {question.structure.id!r}"
        yield Finding("warning", rubric_file(question), "points", message)


def _points(question: Question) -> Iterator[Finding]:
    place = rubric_file(question)
    for index, point in enumerate(question.points):
        if len(point.label) > LONGEST_LABEL:
            message = f"has {len(point.label)} characters; more than {LONGEST_LABEL} are cut on the card"
            yield Finding("warning", place, f"points[{index}].label", message)
        if not point.statement and len(point.phrasings) < FEWEST_PHRASINGS:
            message = (
                f"there are {len(point.phrasings)}; with fewer than {FEWEST_PHRASINGS} a good answer in "
                "other words is missed"
            )
            yield Finding("warning", place, f"points[{index}].phrasings", message)


def _copies(question: Question) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for place, key, text in texts_of(question):
        if ".phrasings" not in key and not key.endswith(f".{STATEMENT}"):
            continue
        words = bare(text)
        if words in first:
            message = f"says the same as {first[words]}: {text!r}"
            yield Finding("error", place, key, message)
        else:
            first[words] = key
