"""Lint for a bank that loads: what is allowed but will ask, judge or teach badly."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from voicecoach.content.model import Bank, Point, Question

Severity = Literal["error", "warning"]
Vector = npt.NDArray[np.float32]
"""One text's unit vector, shape (dimensions,)."""

WORDS_PER_S = 2.5
"""150 words a minute, the middle of a good speaking pace."""
DEFINITION_WORDS = (25, 70)
LONG_POINTS = (5, 9)
DEFINITION_POINTS = (3, 4)
FEWEST_PHRASINGS = 4
LONGEST_LABEL = 48
"""Characters; a longer one is cut on an 80-column card."""
TOO_ALIKE = 0.85
"""Cosine between the mean vectors of two points from which the judge can hardly tell them apart."""

CLEARLY_NEARER = 0.1
"""How much nearer a wrong statement must be; a swapped word, as good contrasts have, moves it little."""

UNSAYABLE = frozenset("%/&=<>_`#*+^|~@\\{}[]$€£→≥≤≈×")
SPELLED_OUT = frozenset(
    "AI API AUC AWS CD CI CNN CPU CSV CTR DAU ETL FAQ GPU HTTP ID IT KNN KPI KS LLM LSTM MAE ML MLE MRR MSE "
    "NDCG NLP OK PCA PDF PII PR PSI QA RMSE RNN ROC ROI SGD SHAP SLA SLO SMOTE SQL SRE STAR SVM UI UK URL "
    "US USA".split()
)
"""Capitals that espeak-ng reads in a way people understand, letter by letter or as a word."""

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
    """Everything that can be said without a model, in order of question and file."""
    findings: list[Finding] = []
    for question in bank.questions:
        for check in (_voiced_text, _model_answer, _number_of_points, _missing_beats, _points, _copies):
            findings += check(question)
    return tuple(findings)


def texts_to_embed(bank: Bank) -> tuple[str, ...]:
    """Every phrasing of every point and contrast, each once: what `lint_vectors` needs vectors of."""
    texts: dict[str, None] = {}
    for question in bank.questions:
        for point in question.points:
            texts.update(dict.fromkeys((*point.phrasings, *_contrast_phrasings(point))))
    return tuple(texts)


def lint_vectors(bank: Bank, vectors: Mapping[str, Vector]) -> tuple[Finding, ...]:
    """What only meaning shows: phrasings clearly nearer a wrong statement, points that mean the same.

    Args:
        bank: A loaded bank.
        vectors: A unit vector, shape (dimensions,), for each of `texts_to_embed(bank)`.
    """
    findings: list[Finding] = []
    for question in bank.questions:
        place = _rubric_file(question)
        for index, point in enumerate(question.points):
            findings += [
                Finding("warning", place, f"points[{index}].phrasings[{number}]", message)
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
    for number in range(len(point.phrasings)):
        nearest = int(to_wrong[number].argmax())
        own, other = float(to_right[number].max()), float(to_wrong[number, nearest])
        if other > own + CLEARLY_NEARER:
            yield (
                number,
                f"is nearer the wrong statement {contrasts[nearest]!r} ({other:.2f}) than any other "
                f"phrasing of its point ({own:.2f})",
            )


def _mean(point: Point, vectors: Mapping[str, Vector]) -> Vector:
    mean = np.mean([vectors[text] for text in point.phrasings], axis=0)
    unit: Vector = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit


def _prompt_file(question: Question) -> str:
    return f"prompts/{question.id}.toml"


def _rubric_file(question: Question) -> str:
    return f"rubrics/{question.id}.toml"


def _contrast_phrasings(point: Point) -> tuple[str, ...]:
    return tuple(text for contrast in point.contrasts for text in contrast.phrasings)


def _voiced_text(question: Question) -> Iterator[Finding]:
    voiced = [("question", question.text), ("model_answer", question.model_answer)]
    voiced += [(f"follow_ups[{i}].ask", follow_up.ask) for i, follow_up in enumerate(question.follow_ups)]
    for key, text in voiced:
        symbols = sorted({char for char in text if char in UNSAYABLE})
        if symbols:
            message = f"a voice cannot say {' '.join(symbols)} well: write it as it is spoken"
            yield Finding("warning", _prompt_file(question), key, message)
        capitals = sorted({word for word in _CAPITALS.findall(text) if word not in SPELLED_OUT})
        if capitals:
            message = f"a voice may misread {', '.join(capitals)}: write it as it is spoken"
            yield Finding("warning", _prompt_file(question), key, message)


def _model_answer(question: Question) -> Iterator[Finding]:
    words = len(question.model_answer.split())
    shortest, longest = question.target_s
    fewest, most = round(shortest * WORDS_PER_S), round(longest * WORDS_PER_S)
    if question.is_definition:
        fewest, most = DEFINITION_WORDS
    if words and not fewest <= words <= most:
        message = f"has {words} words; {fewest} to {most} fit the target at 150 words a minute"
        yield Finding("warning", _prompt_file(question), "model_answer", message)


def _number_of_points(question: Question) -> Iterator[Finding]:
    fewest, most = DEFINITION_POINTS if question.is_definition else LONG_POINTS
    if not fewest <= len(question.points) <= most:
        message = f"there are {len(question.points)}; {fewest} to {most} can be said in the time"
        yield Finding("warning", _rubric_file(question), "points", message)


def _missing_beats(question: Question) -> Iterator[Finding]:
    used = {point.beat for point in question.points}
    missing = [beat.id for beat in question.structure.beats if beat.id not in used]
    if missing:
        message = f"no point belongs to {', '.join(missing)} of the structure {question.structure.id!r}"
        yield Finding("warning", _rubric_file(question), "points", message)


def _points(question: Question) -> Iterator[Finding]:
    place = _rubric_file(question)
    for index, point in enumerate(question.points):
        if len(point.label) > LONGEST_LABEL:
            message = f"has {len(point.label)} characters; more than {LONGEST_LABEL} are cut on the card"
            yield Finding("warning", place, f"points[{index}].label", message)
        if len(point.phrasings) < FEWEST_PHRASINGS:
            message = (
                f"there are {len(point.phrasings)}; with fewer than {FEWEST_PHRASINGS} a good answer in "
                "other words is missed"
            )
            yield Finding("warning", place, f"points[{index}].phrasings", message)


def _copies(question: Question) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for index, point in enumerate(question.points):
        places = [(f"points[{index}].phrasings[{i}]", text) for i, text in enumerate(point.phrasings)]
        for number, contrast in enumerate(point.contrasts):
            at = f"points[{index}].contrasts[{number}].phrasings"
            places += [(f"{at}[{i}]", text) for i, text in enumerate(contrast.phrasings)]
        for key, text in places:
            words = " ".join(re.findall(r"\w+", text.casefold()))
            if words in first:
                message = f"says the same as {first[words]}: {text!r}"
                yield Finding("error", _rubric_file(question), key, message)
            else:
                first[words] = key
