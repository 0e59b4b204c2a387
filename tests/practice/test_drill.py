"""A round of the drill as values: it ends, what was not crisp comes back, nothing is lost."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.judging import assembly, judged
from tests.support.practising import practising
from voicecoach.config import Settings
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Bank
from voicecoach.errors import UnknownQuestionError
from voicecoach.practice.drill import (
    COMES_BACK_AFTER,
    MOST_TRIES,
    Drill,
    Verdict,
    begin,
    choices,
    feedback,
    in_order,
    verdict_of,
)
from voicecoach.practice.drilling import Drilling
from voicecoach.practice.plan import NO_PLAN, PlanChoice
from voicecoach.practice.terms import Term, all_terms, exact_version, find_term, first_ask, term_of
from voicecoach.wiring import Assembly

ALL_TERMS = all_terms(load_bank(find_bank_folders(None, Path("nowhere"))))
VERDICTS: tuple[Verdict, ...] = ("right", "check", "vague", "wrong", "passed")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return load_bank(find_bank_folders(None, tmp_path_factory.mktemp("own")))


@pytest.fixture(scope="module")
def terms() -> tuple[Term, ...]:
    return ALL_TERMS


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return assembly(tmp_path_factory.mktemp("drill"))


def played(drill: Drill, verdicts: list[Verdict]) -> tuple[Drill, list[str]]:
    """The round after these verdicts, the last one for ever, and the ids in the order they were asked."""
    asked = []
    while drill.now is not None:
        asked.append(drill.now.question.id)
        drill = drill.answered(verdicts[min(len(asked), len(verdicts)) - 1])
    return drill, asked


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=40),
    st.integers(0, 28),
    st.integers(0, 1000),
)
def test_every_round_ends_and_loses_nothing(verdicts: list[Verdict], size: int, seed: int) -> None:
    terms = ALL_TERMS[:size]
    drill, asked = played(begin(terms, seed), verdicts)
    assert len(asked) <= 2 * MOST_TRIES * size
    assert len(drill.tried) == len(asked)
    assert {term.first.id for term in terms} <= set(asked)
    assert sum(len(outcome.verdicts) for outcome in drill.outcomes()) == len(asked)
    seconds_asked = [outcome for outcome in drill.outcomes() if outcome.ask.is_second]
    firsts_right = [o for o in drill.outcomes() if not o.ask.is_second and o.is_crisp]
    assert len(seconds_asked) == len(firsts_right)
    for outcome in drill.outcomes():
        assert "right" not in outcome.verdicts[:-1]
        assert outcome.is_crisp or len(outcome.verdicts) == MOST_TRIES


@pytest.mark.parametrize("verdict", ["check", "vague", "wrong", "passed"])
def test_what_was_not_crisp_comes_back_a_few_terms_later(terms: tuple[Term, ...], verdict: Verdict) -> None:
    drill = begin(terms[:6], 1)
    first = drill.now
    assert first is not None
    drill = drill.answered(verdict)
    asked = []
    while drill.now is not None and drill.now != first:
        asked.append(drill.now)
        drill = drill.answered("wrong")
    assert len(asked) == COMES_BACK_AFTER
    assert drill.question is not None
    assert drill.question.text.startswith(f"Once more, {first.title}. ")
    assert drill.question.id == first.question.id


def test_right_brings_the_catch_or_the_fix_at_once_and_that_can_come_back_too(
    terms: tuple[Term, ...],
) -> None:
    drill = begin(terms[:3], 1)
    first = drill.now
    assert first is not None
    drill = drill.answered("right")
    second = drill.now
    assert second is not None
    assert second.is_second
    assert second.question == first.then
    drill = drill.answered("vague")
    _, asked = played(drill, ["right"])
    assert second.question.id in asked
    assert first.question.id not in asked


def test_a_lone_term_comes_back_at_once_and_is_let_go_in_the_end(terms: tuple[Term, ...]) -> None:
    drill, asked = played(begin(terms[:1], 1), ["wrong"])
    assert asked == [terms[0].first.id] * MOST_TRIES
    assert drill.answered("right") == drill


def test_a_round_is_the_same_for_the_same_seed(terms: tuple[Term, ...]) -> None:
    assert begin(terms, 7) == begin(terms, 7)
    assert in_order(terms, {}, (), 7) == in_order(terms, {}, (), 7)
    assert in_order(terms, {}, (), 7) != in_order(terms, {}, (), 8)


def test_due_terms_come_first_then_new_ones_then_those_that_were_not_right(terms: tuple[Term, ...]) -> None:
    due, wrong, right = terms[20], terms[10], terms[5]
    last: dict[str, Verdict] = {right.id: "right", wrong.id: "wrong", due.id: "right"}
    order = in_order(terms, last, {due.id}, 3)
    assert Counter(order) == Counter(terms)
    assert order[0] == due
    assert order[-2:] == (wrong, right)


def test_terms_are_chosen_by_area_role_and_what_is_due(bank: Bank, terms: tuple[Term, ...]) -> None:
    offered = {choice.label: choice.terms for choice in choices(terms, {terms[3].id}, bank.roles)}
    assert offered["All terms"] == terms
    assert offered["Due: a point has come back"] == (terms[3],)
    assert all(term.question.area == "evaluation" for term in offered["Area: evaluation"])
    assert sum(label.startswith("Role: ") for label in offered) == len(bank.roles) == 3
    assert all(offered.values())
    assert not any(choice.label.startswith("Due") for choice in choices(terms, (), bank.roles))


def test_each_of_the_28_is_asked_in_one_short_question_and_then_for_more(terms: tuple[Term, ...]) -> None:
    assert len(terms) == 28
    for term in terms:
        assert term.first.text.count("?") == 1, term.id
        assert ", and" not in term.first.text, term.id
        assert term.first.title == term.question.title
        assert term.seconds, term.id
        first_ids = {point.id for point in term.first.points}
        for second in term.seconds:
            assert second.text.endswith(("?", ".")), second.id
            assert not first_ids & {point.id for point in second.points}


@pytest.mark.parametrize(
    ("whole", "first"),
    [
        ("What is recall, and when do you care about it?", "What is recall?"),
        ("What is class imbalance, why is it bad, and how do you deal with it?", "What is class imbalance?"),
        (
            "In a recommender system, what is the cold start problem, and what do you do about it?",
            "In a recommender system, what is the cold start problem?",
        ),
        ("Explain SHAP values.", "Explain SHAP values."),
        ("When would you use the F one score, and why?", "When would you use the F one score?"),
        ("When labels arrive late, how do you evaluate a model?",) * 2,
        (
            "When labels arrive late, how do you evaluate a model, and why?",
            "When labels arrive late, how do you evaluate a model?",
        ),
        ("If labels are late, how do you evaluate a model?",) * 2,
        ("What is a label shift, which some call prior shift, in a classifier?",) * 2,
        ("What is recall worth in a product, where misses are cheap?",) * 2,
        ("What is the difference between batch, stream and real time?",) * 2,
    ],
)
def test_the_first_step_is_the_first_of_the_questions(whole: str, first: str) -> None:
    assert first_ask(whole) == first


def test_an_id_of_either_step_finds_its_question_in_the_bank(bank: Bank, terms: tuple[Term, ...]) -> None:
    for term in terms:
        for asked in (term.first, *term.seconds):
            found = bank.find(asked.id)
            assert found is not None
            assert found.points == asked.points


@pytest.mark.parametrize("name", ["precision", "define-precision", "Precision", " PRECISION "])
def test_a_term_is_found_by_what_people_call_it(terms: tuple[Term, ...], name: str) -> None:
    assert find_term(terms, name).id == "define-precision"


@pytest.mark.parametrize("name", ["", "nothing of the sort", "auc"])
def test_a_term_that_is_none_or_several_is_refused_in_one_line(terms: tuple[Term, ...], name: str) -> None:
    with pytest.raises(UnknownQuestionError) as raised:
        find_term(terms, name)
    assert "\n" not in str(raised.value)


def test_every_exact_version_is_whole_sentences_that_the_judge_calls_right(
    wired: Assembly, terms: tuple[Term, ...]
) -> None:
    for term in terms[::4]:
        for asked in (term.first, *term.seconds):
            exact = exact_version(asked)
            assert exact[0].isupper(), exact
            assert exact.endswith("."), exact
            assert verdict_of(asked, judged(wired, term.question, exact)) == "right", (asked.id, exact)


def test_a_definition_without_a_model_answer_is_quoted(terms: tuple[Term, ...]) -> None:
    bare = term_of(replace(terms[0].question, model_answer="", follow_ups=()))
    assert exact_version(bare.first).startswith("You could say: ")
    assert len(bare.seconds) == 1
    assert "catch" in bare.seconds[0].text


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("Of everything it flags, precision is the share that truly is positive.", "right"),
        ("Precision is the share of the actual positives that the model finds.", "wrong"),
        ("Well it is a number that is between zero and one and people like it.", "vague"),
    ],
)
def test_verdicts_come_from_the_real_judge(
    wired: Assembly, terms: tuple[Term, ...], said: str, verdict: str
) -> None:
    asked = find_term(terms, "precision").first
    told = feedback(asked, judged(wired, asked, said), exact_version(asked), said)
    assert told.verdict == verdict
    assert told.exact.startswith("Precision is the share of the positive predictions")
    assert ("That is recall" in told.why) == (verdict == "wrong")
    assert bool(told.quote) == (verdict != "vague")


def test_a_whole_definition_tells_what_its_first_step_would_be(
    wired: Assembly, terms: tuple[Term, ...]
) -> None:
    term = find_term(terms, "precision")
    said = "Of everything it flags, precision is the share that truly is positive."
    assert verdict_of(term.first, judged(wired, term.question, said)) == "right"


def test_an_answer_that_cannot_be_read_keeps_nobody_from_the_drill(tmp_path: Path) -> None:
    with practising(tmp_path, Settings()) as practice:
        attempt = practice.typed("Of everything it flags, precision is the share that truly is positive.")
        drilling = Drilling(practice.coach, NO_PLAN)
        precision = find_term(drilling.terms, "precision")
        recall = find_term(drilling.terms, "recall")
        asked = drilling.begin((precision, recall), 1).now
        assert asked is not None
        assert asked.title == recall.question.title, "it was never tried"
        with closing(sqlite3.connect(practice.paths.database)) as connection:
            connection.execute("UPDATE cards SET card = 'no JSON' WHERE attempt_id = ?", (attempt.id,))
            connection.commit()
        assert len(drilling.begin((precision, recall), 2).queue) == 2


def test_on_the_evening_before_the_interview_the_drill_offers_what_home_calls_due(tmp_path: Path) -> None:
    with practising(tmp_path, Settings()) as practice:
        practice.typed("Well it is a number that is between zero and one and people like it.")
        schedule = practice.coach.schedule
        schedule.catch_up()
        choice = PlanChoice(schedule.today() + timedelta(days=1))
        on_home = [row.question.id for row in practice.coach.overview(choice).rows if row.due]
        assert on_home == ["define-precision"]
        offered = {each.label: each for each in Drilling(practice.coach, choice).choices()}
        assert [term.id for term in offered["Due: a point has come back"].terms] == on_home
        drill = Drilling(practice.coach, choice).begin(all_terms(practice.coach.bank), 1)
        assert [ask.question.whole.id for ask in drill.queue] == on_home
        without = {each.label for each in Drilling(practice.coach, NO_PLAN).choices()}
        assert "Due: a point has come back" not in without, "it comes back tomorrow"
