from pathlib import Path

import pytest

from tests.content.files import PROMPT, RUBRIC, write_bank
from voicecoach.content.loader import load_bank
from voicecoach.content.spelling import FIELD_WORDS, correction, lint_spelling


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("recieve", "receive"),
        ("acuracy", "accuracy"),
        ("Thresold", "threshold"),
        ("doesnt", "doesn't"),
        ("modle's", "model"),
        ("teh", "the"),
    ],
)
def test_a_plain_slip_is_told_with_what_is_meant(slip: str, meant: str) -> None:
    assert correction(slip) == meant


@pytest.mark.parametrize(
    "word",
    [
        *("colour", "color", "behavioural", "optimise", "optimize", "analysed", "labelled", "labeled"),
        *("centre", "catalogue", "normalisation", "defence", "memorised", "neighbours"),
        *("doesn't", "model's", "they'd", "naïve"),
        *("embeddings", "overfitting", "quantile", "reranker", "API", "cpu", "app", "lookups"),
        *("timestamp", "holdout", "retrained", "preprocessing", "undersample"),
        *("kubeflow", "numpy", "ml", "x"),
    ],
)
def test_both_spellings_and_words_of_the_field_are_right(word: str) -> None:
    assert correction(word) == ""


def test_the_list_has_one_lower_case_word_a_line_in_order() -> None:
    words = FIELD_WORDS.read_text("utf-8").splitlines()[1:]

    assert words == sorted(set(words))
    assert all(word == word.strip().lower() and " " not in word for word in words)


@pytest.mark.parametrize(
    ("old", "new", "place", "key"),
    [
        ('title = "The mean"', 'title = "The averge"', "prompts", "title"),
        ("What is the mean?", "What is the avrage?", "prompts", "question"),
        ("Say how it is", "Say how it iss", "prompts", "hint"),
        ("The sum over the count.", "The sum over teh count.", "prompts", "model_answer"),
        ("And the median?", "And the medain?", "prompts", "follow_ups[0].ask"),
        ("Define it", "Defin it", "rubrics", "points[0].label"),
        ("add them up", "add thme up", "rubrics", "points[0].phrasings[1]"),
        ('["the value in', '["the valeu in', "rubrics", "points[0].contrasts[0].phrasings[0]"),
        ("That is the median", "That iss the median", "rubrics", "points[0].contrasts[0].why"),
    ],
)
def test_everything_that_is_read_or_heard_is_looked_at(
    tmp_path: Path, old: str, new: str, place: str, key: str
) -> None:
    assert old in PROMPT + RUBRIC
    (question,) = load_bank(
        [write_bank(tmp_path, PROMPT.replace(old, new), RUBRIC.replace(old, new))]
    ).questions

    (finding,) = lint_spelling(question)

    assert (finding.severity, finding.place, finding.key) == ("warning", f"{place}/mean.toml", key)


def test_a_name_is_no_slip_wherever_it_stands(tmp_path: Path) -> None:
    prompt = PROMPT.replace("The sum over the count.", "I built it at Modle, on Sparc.")
    rubric = RUBRIC.replace("one huge value", "at modle and on sparc one huge value")
    (question,) = load_bank([write_bank(tmp_path, prompt, rubric)]).questions

    assert list(lint_spelling(question)) == []


def test_a_capital_at_the_start_of_a_sentence_makes_no_name(tmp_path: Path) -> None:
    prompt = PROMPT.replace("The sum over the count.", "It is a sum. Modle it first.")
    (question,) = load_bank([write_bank(tmp_path, prompt)]).questions

    assert ["'Modle'" in finding.message for finding in lint_spelling(question)] == [True]
