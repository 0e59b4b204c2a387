import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from tests.tui.samples import CARD, IMBALANCE, NOW, attempt
from voicecoach.history.records import Attempt
from voicecoach.practice.archive import Comparison, PastCard
from voicecoach.scoring.card import Accuracy, Part, Quote, RaisedWarning, ScoreCard, Verdict
from voicecoach.transcript import EngineInfo
from voicecoach.tui.card.axis import time_axis
from voicecoach.tui.card.document import card_lines
from voicecoach.tui.card.lines import CardView, Moment
from voicecoach.tui.layout import Cell, row


def view(card: ScoreCard = CARD, comparison: Comparison | None = None) -> CardView:
    new = attempt(0, card.overall, card)
    kept = Attempt(1, new.question_id, None, NOW, new.transcript, new.speech, new.card)
    return CardView(kept, IMBALANCE, comparison)


def text(shown: CardView, width: int = 100) -> str:
    return "\n".join(line.content.plain for line in card_lines(shown, width))


@pytest.mark.parametrize("width", [56, 78, 100, 118, 160])
def test_every_line_fits_the_width(width: int) -> None:
    past = PastCard(2, NOW, replace(CARD, overall=70.0))
    for line in card_lines(view(comparison=Comparison(past, past)), width):
        assert max(part.cell_length for part in line.content.split("\n")) <= width


def test_the_parts_come_in_the_order_that_teaches() -> None:
    shown = text(view())
    order = ["Coverage", "On the clock", "What you said", "Accuracy", "Against your other takes", "Structure"]
    order += ["Rambling", "Timing", "Delivery", "Proof", "How the number comes about"]
    places = [shown.index(f"\n{title} ") for title in order[1:]]

    assert shown.lstrip().startswith("Coverage")
    assert places == sorted(places)


def test_every_state_and_role_is_said_in_words() -> None:
    shown = text(view())
    for words in ("✓ covered", "✗ contradicted", "○ missing", "◐ partly"):
        assert words in shown
    for words in ("✓ point", "· context", "✗ contradiction", "~ off the point", "↺ said before"):
        assert words in shown


@pytest.mark.parametrize(
    ("duration_s", "said"),
    [
        (59.6, "60 s, in the window (target 60-90"),
        (90.3, "90 s, in the window (target 60-90"),
        (90.8, "91 s, 1 s too long"),
        (57.0, "57 s, 3 s too short"),
    ],
)
def test_no_answer_is_nought_seconds_too_long(duration_s: float, said: str) -> None:
    timing = replace(CARD.timing, score=100.0, duration_s=duration_s)
    assert said in text(view(replace(CARD, timing=timing)))


def test_a_contradicted_point_quotes_and_plays_what_contradicts_it() -> None:
    line = next(line for line in card_lines(view(), 100) if "✗ contradicted" in line.content.plain)

    assert line.moment == Moment(11.5, 17.0)
    assert "accuracy is a good measure" in line.content.plain
    assert "Accuracy hides the rare class" in line.content.plain


def test_every_claim_with_a_second_plays_that_moment() -> None:
    moments = {line.moment for line in card_lines(view(), 100)}

    expected = [(c.start_s, c.end_s) for c in CARD.clauses]
    expected += [(c.start_s, c.end_s) for c in (*CARD.accuracy.contradictions, *CARD.accuracy.check)]
    expected += [(b.start_s, b.end_s) for b in CARD.structure.beats if b.start_s is not None and b.end_s]
    expected += [(q.start_s, q.end_s) for q in (*CARD.rambling.off_point, *CARD.rambling.cut)]
    expected += [(r.start_s, r.end_s) for r in CARD.rambling.repeats]
    expected += [(q.start_s, q.end_s) for q in (*CARD.delivery.long_pauses, *CARD.proof.numbers)]
    assert {Moment(*each) for each in expected} <= moments


def test_where_the_speaker_went_back_is_shown_and_plays() -> None:
    back = Quote("oh and before that we counted them", 73.0, 75.5)
    shown = view(replace(CARD, structure=replace(CARD.structure, went_back=(back,))))
    line = next(line for line in card_lines(shown, 100) if "← went back" in line.content.plain)

    assert line.moment == Moment(73.0, 75.5)
    assert "oh and before that we counted them" in line.content.plain
    assert "went back" not in text(view())


def test_a_filled_pause_without_a_word_is_shown_and_plays() -> None:
    left_out = Quote("from what a missed fraud", 73.0, 73.5)
    shown = view(replace(CARD, delivery=replace(CARD.delivery, filled_pauses=(left_out,))))

    assert "at least 1 more, in the sound without a word" in text(shown)
    assert "probably um, after" not in text(view())
    line = next(line for line in card_lines(shown, 80) if "probably um, after" in line.content.plain)
    assert line.moment == Moment(73.0, 73.5)
    assert "“from what a missed fraud”" in line.content.plain


def test_fillers_heard_and_found_in_the_sound_have_one_rate() -> None:
    found = tuple(Quote("from what", 5.0 * i, 5.0 * i + 0.5) for i in range(9))
    delivery = replace(CARD.delivery, fillers=3, fillers_per_minute=3.0, filler_words=())
    timing = replace(CARD.timing, duration_s=60.0)
    shown = text(view(replace(CARD, timing=timing, delivery=replace(delivery, filled_pauses=found))), 130)

    assert "without a word: together 12.0 a minute (up to 5 do no harm)" in shown
    assert re.search(r"at least 3, 3\.0 a minute *\n", shown)
    alone = text(view(replace(CARD, timing=timing, delivery=delivery)))
    assert "at least 3, 3.0 a minute (up to 5 do no harm)" in alone
    assert "together" not in alone


def test_what_was_not_said_plays_nothing() -> None:
    line = next(line for line in card_lines(view(), 100) if "○ missing" in line.content.plain)

    assert line.moment is None
    assert "not said" in line.content.plain


def test_the_comparison_tells_what_moved() -> None:
    before = replace(CARD, overall=50.0, points=tuple(replace(p, state="missing") for p in CARD.points))
    best = replace(CARD, overall=81.0)
    shown = text(view(comparison=Comparison(PastCard(3, NOW, before), PastCard(2, NOW, best))))

    assert "50 (+7)" in shown
    assert "81 (-24)" in shown
    assert "covered since last" in shown


def test_points_that_a_changed_rubric_brought_or_dropped_were_neither_gained_nor_lost() -> None:
    covered = tuple(replace(point, state="covered") for point in CARD.points)
    first, second, *others = covered
    now, before = replace(CARD, points=(first, *others)), replace(CARD, points=(second, *others))
    shown = text(view(now, Comparison(PastCard(3, NOW, before), None)))

    assert "covered since last" not in shown
    assert "lost since last" not in shown


def test_the_comparison_shows_the_scores_of_the_cards_own_sections() -> None:
    before = replace(CARD, parts=tuple(replace(p, score=p.score / 2) for p in CARD.parts))
    shown = text(view(before, Comparison(PastCard(3, NOW, CARD), None)))

    own = f"{CARD.rambling.score:.0f}"
    assert re.search(rf"Rambling +{own} ", shown)
    assert re.search(rf"rambling +{own} +{own} \(same\)", shown)


def test_a_remark_quotes_what_called_for_it_and_plays_it() -> None:
    assert "would remark" not in text(view())

    warned = RaisedWarning("no-baseline", "Name a baseline.", "I trained a forest.", 4.0, 6.5)
    shown = view(replace(CARD, warnings=(warned,)))
    line = next(line for line in card_lines(shown, 100) if "! remark" in line.content.plain)

    assert line.moment == Moment(4.0, 6.5)
    assert "I trained a forest." in line.content.plain
    assert "Name a baseline." in line.content.plain


def test_a_first_take_has_nothing_to_compare_with() -> None:
    assert "your first take on this question" in text(view(comparison=Comparison(None, None)))


def test_typed_words_have_no_measured_pauses() -> None:
    unmeasured = replace(CARD, delivery=replace(CARD.delivery, measured_pauses=False, long_pauses=()))

    assert "not measured: there is no recording" in text(view(unmeasured))
    shown = text(view(replace(unmeasured, engine=EngineInfo("text", ""))))
    assert shown.count("not measured for typed text") == 2
    assert "words a minute" not in shown


def test_proof_counts_deeds_and_team_words_for_what_they_are() -> None:
    shown = text(view())
    assert "clauses that say what you did yourself: 1" in shown
    assert "“we” or “our”: 1 time\n" in re.sub(r" +\n", "\n", shown)
    assert "“we” or “our”: 0 times" in text(view(replace(CARD, proof=replace(CARD.proof, team=0))))


def heading(card: ScoreCard, title: str) -> str:
    lines = (line.content.plain.strip() for line in card_lines(view(card), 100) if line.heading)
    return next(line for line in lines if line.startswith(f"{title} ")).rstrip(" ─")


@pytest.mark.parametrize("title", ["Structure", "Proof"])
def test_a_part_that_is_not_counted_shows_no_score(title: str) -> None:
    part = Part(title.lower(), 50.0, 0.04)
    score = getattr(CARD, part.name).score
    others = tuple(p for p in CARD.parts if p.name != part.name)

    assert heading(replace(CARD, parts=(*others, part)), title) == f"{title}  {score:.0f}"
    for uncounted in (others, (*others, replace(part, weight=0.0))):
        shown = heading(replace(CARD, parts=uncounted), title)
        assert shown == f"{title}  not counted for this question"
    assert heading(replace(CARD, parts=()), title) == f"{title}  {score:.0f}"


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("right", "a swapped word can slip through, so read your own words again."),
        ("vague", "too little was said exactly enough to call it right."),
    ],
)
def test_no_verdict_claims_more_than_the_judge_knows(verdict: Verdict, words: str) -> None:
    shown = text(view(replace(CARD, accuracy=Accuracy(verdict, (), ()))), 160)

    assert f"Nothing was found that contradicts the rubric; {words}" in shown


def test_parts_that_count_less_than_their_section_says_are_explained() -> None:
    why = "All but coverage and relevance count only as far as something was said to the point."
    held_back = replace(
        CARD, parts=tuple(replace(p, score=0.0) if p.name == "rambling" else p for p in CARD.parts)
    )

    assert why in text(view(held_back))
    assert why not in text(view())


def test_a_comparison_that_cannot_be_had_says_why() -> None:
    shown = text(replace(view(), comparison_problem="history.sqlite3: it is no database."))

    assert "history.sqlite3: it is no database." in shown
    assert "Looking them up." not in shown


def test_the_axis_has_its_lanes_where_things_happened() -> None:
    lanes = time_axis(CARD, {"define": "Define it", "fix": "Fix"}, 111).plain.split("\n")
    across = 100
    second = across / CARD.duration_s
    named = {lane[:11].strip(): lane[11:] for lane in lanes}

    assert list(named) == ["time", "target", "beats", "points", "off point", "long pause", "overtime"]
    assert named["off point"].index("~") == int(24.0 * second)
    assert named["points"][int(11.5 * second)] == "✗"
    assert named["points"][int(70.0 * second)] == "◐"
    assert named["overtime"].index("━") == int(90.0 * second)
    assert named["target"].count("░") > 0
    assert "Fix" in named["beats"]


def test_empty_lanes_say_so() -> None:
    calm = replace(
        CARD,
        duration_s=101.6,  # with half a minute of silence at its end
        timing=replace(CARD.timing, duration_s=70.0),
        rambling=replace(CARD.rambling, off_point=()),
        delivery=replace(CARD.delivery, long_pauses=()),
    )
    lanes = time_axis(calm, {}, 80).plain.split("\n")

    assert [lane.split() for lane in lanes[-3:]] == [
        ["off", "point", "none"],
        ["long", "pause", "none"],
        ["overtime", "none"],
    ]


@given(
    st.lists(st.tuples(st.text(max_size=60), st.integers(1, 30), st.integers(0, 3)), min_size=1, max_size=5)
)
def test_rows_are_as_wide_as_their_columns(cells: list[tuple[str, int, int]]) -> None:
    laid = row(*(Cell(Content(words.replace("\n", " ")), width, lines) for words, width, lines in cells))
    expected = sum(width for _, width, _ in cells) + 2 * (len(cells) - 1)

    assert all(line.cell_length == expected for line in laid.split("\n"))
