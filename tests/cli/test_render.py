from dataclasses import replace

import pytest

from tests.cli.samples import CARD, QUESTION
from voicecoach.cli.render import WIDTH, moment, plain, render_card
from voicecoach.scoring.card import Part, PointResult, Quote, RaisedWarning, ScoreCard
from voicecoach.transcript import EngineInfo


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_number_and_the_one_cue_come_first() -> None:
    lines = render_card(CARD, QUESTION).splitlines()

    assert "Define recall" in lines[0]
    assert lines[2] == "62 of 100"
    assert lines[3] == f"Next time: {CARD.cue}"


def test_everything_on_the_card_is_told() -> None:
    text = words(render_card(CARD, QUESTION))

    for told in (
        "Note: The recording is clipped in places.",
        "1 of 2 points covered",
        'covered 0:02 Say which share it counts "found of all"',
        "missing - Name the trap",
        "Accuracy: wrong in places",
        '0:12 "of the flagged ones" That is precision. (Point: Name the trap)',
        "Check this; it may be right, or heard wrongly:",
        "0:02-0:14 12s of 12s budget What it is",
        "missing of 8s budget The trap",
        "Told in this order: What it is",
        "The first point landed at 0:02. It does not close on the last beat.",
        "9 s off the point; 20 s after the last new point.",
        'said at 0:02 already: "as I said, found of all"',
        "Cut list: Dropping this sentence brings it to 25 s.",
        '0:22 cut "my last holiday was nice"',
        "34 s against 10-30 s; 148 words a minute.",
        "stopped at 15 s: 66%",
        "At least 2 fillers (3.5 a minute): um 2.",
        "4 pauses, 1 of them long.",
        '0:19 2.1 s after "and then"',
        'Clauses that say what you did yourself: 1; "we" or "our": 2.',
        'baseline: "a coin flip"',
        'vague: "we sort of did it"',
        "The number: coverage 60 x 0.60, accuracy 64 x 0.40.",
        "Heard by pocketsphinx (en-us). The embedded recogniser mishears many words.",
    ):
        assert told in text


def test_no_line_is_wider_than_a_terminal() -> None:
    long = PointResult("x", "A label " * 30, "what", 1.0, "partly", 0.5, 61.0, 62.0, "word" * 60)
    wide = replace(CARD, points=(long,), cue="cue " * 60, notices=("notice " * 40,))

    for line in render_card(wide, QUESTION).splitlines():
        assert len(line) <= WIDTH


def test_colour_adds_to_the_words_and_never_replaces_them() -> None:
    coloured = render_card(CARD, QUESTION, colour=True)

    assert "\x1b[32mcovered" in coloured
    assert "\x1b[31mmissing" in coloured
    assert "\x1b" not in render_card(CARD, QUESTION)


def test_what_was_said_cannot_steer_the_terminal() -> None:
    point = replace(CARD.points[0], quote="ring\x07 \x1b[2Jclear\u202e\nline")
    text = render_card(replace(CARD, points=(point,)), QUESTION, colour=False)

    assert '"ring [2Jclear line"' in text


def test_typed_text_is_said_to_be_typed() -> None:
    typed = replace(
        CARD, engine=EngineInfo("text", "", "Typed."), delivery=replace(CARD.delivery, measured_pauses=False)
    )
    text = render_card(typed, QUESTION)

    assert text.endswith("Typed text. Typed.\n")
    assert "Pauses were not measured" in text


def test_filled_pauses_without_a_word_are_told_apart_from_fillers() -> None:
    left_out = Quote("of all flagged", 8.0, 8.4)
    card = replace(CARD, delivery=replace(CARD.delivery, filled_pauses=(left_out,)))

    assert "without a word" not in render_card(CARD, QUESTION)
    text = words(render_card(card, QUESTION))
    assert "At least 1 more um or uh, in the sound without a word; together 5.2 a minute:" in text
    assert '0:08 probably um, after "of all flagged"' in text


@pytest.mark.parametrize("title", ["Structure", "Proof"])
def test_a_part_that_is_not_counted_has_no_score(title: str) -> None:
    part = Part(title.lower(), 50.0, 0.04)
    told = f"{title}: {getattr(CARD, part.name).score:.0f} of 100\n"
    others = tuple(p for p in CARD.parts if p.name != part.name)

    assert told in render_card(replace(CARD, parts=(*others, part)), QUESTION)
    assert told in render_card(replace(CARD, parts=()), QUESTION)
    text = render_card(replace(CARD, parts=others), QUESTION)
    assert f"{title}: not counted for this question\n" in text


def test_a_remark_comes_with_what_called_for_it() -> None:
    assert "would remark" not in render_card(CARD, QUESTION)

    warned = RaisedWarning("no-baseline", "Name a baseline.", "I trained a forest.", 4.0, 6.5)
    text = words(render_card(replace(CARD, warnings=(warned,)), QUESTION))

    assert 'What an interviewer would remark on 0:04 "I trained a forest." Name a baseline.' in text


def test_where_the_speaker_went_back_is_quoted_under_the_structure() -> None:
    assert "went back" not in render_card(CARD, QUESTION)

    back = replace(CARD.structure, went_back=(Quote("oh and before that", 9.0, 10.5),))
    text = words(render_card(replace(CARD, structure=back), QUESTION))

    assert 'does not close on the last beat. 0:09 went back: "oh and before that"' in text


def test_an_answer_that_said_nothing_right_has_a_card_too() -> None:
    empty: ScoreCard = replace(
        CARD,
        points=(),
        structure=replace(CARD.structure, order=(), first_point_s=None),
        rambling=replace(CARD.rambling, cut=(), cut_note=""),
        timing=replace(CARD.timing, interrupted=()),
    )
    text = render_card(empty, QUESTION)

    assert "No point landed." in text
    assert "Cut list" not in text


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "-"), (0.0, "0:00"), (59.9, "0:59"), (61, "1:01"), (3600, "60:00")]
)
def test_a_moment_is_told_as_a_clock_does(seconds: float | None, shown: str) -> None:
    assert moment(seconds) == shown


def test_plain_keeps_letters_of_every_script() -> None:
    assert plain("  naïve\t“Bayes” \x00 ") == "naïve “Bayes”"


def test_one_of_a_thing_is_told_as_one() -> None:
    delivery = replace(CARD.delivery, fillers=1, pauses=1)
    text = words(render_card(replace(CARD, delivery=delivery), QUESTION))

    assert "At least 1 filler (" in text
    assert "1 pause, 1 of them long." in text
