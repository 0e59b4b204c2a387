import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.report.samples import HOSTILE, hostile_take, take
from tests.tui.samples import CARD, CLAUSES
from voicecoach.report.axis import SIGN_WIDTH, time_axis
from voicecoach.report.page import FOLDER, render
from voicecoach.report.wording import STATES, plain
from voicecoach.scoring.card import Accuracy, Corrections, Part, Quote, Ruling, Verdict
from voicecoach.transcript import EngineInfo


class Outline(HTMLParser):
    """Tags with their attributes, and headings with their level."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_every_claim_of_the_card_is_on_the_page() -> None:
    page = render([take()], "Handling imbalanced data")

    for point in CARD.points:
        assert point.label in page
        assert f"</span> {point.state}</span>" in page
    for text in (CARD.cue, CARD.rambling.cut_note, *(clause.text for clause in CLAUSES)):
        assert text in page
    assert "57<small> of 100" in page


@pytest.mark.parametrize(
    ("verdict", "heading", "more"),
    [
        ("right", "right, as far as this judge can tell", "a swapped word can slip through"),
        ("vague", "vague: too little was said exactly enough to judge", "too little was said exactly enough"),
        (
            "unsure",
            "vague: too little was said exactly enough to judge",
            "too little was said exactly enough",
        ),
    ],
)
def test_a_card_without_anything_wrong_has_its_verdict_and_where_the_speaker_went_back(
    verdict: Verdict, heading: str, more: str
) -> None:
    back = Quote("oh and before that", 9.0, 10.5)
    card = replace(
        CARD, accuracy=Accuracy(verdict, (), ()), structure=replace(CARD.structure, went_back=(back,))
    )
    page = render([replace(take(), card=card)], "x")

    assert heading in page
    assert f"Nothing was found that contradicts the rubric; {more}" in page
    assert 'went back</span> <button type="button" class="said" data-start="9.0" data-end="10.5">' in page
    assert back.quote in page
    assert "Nothing was found" not in render([take()], "x")


def test_typed_words_have_no_pace() -> None:
    typed = replace(CARD, engine=EngineInfo("text", ""))

    assert "118 words a minute" in render([take(spoken=False)], "x")
    page = render([replace(take(spoken=False), card=typed)], "x")
    assert "words a minute" not in page
    assert "against 60-90\u00a0s, as typed." in page


def test_a_corrected_point_says_by_whom() -> None:
    point = CARD.points[0]
    ruling = Ruling(point.id, "covered", "missing", 0.2, None, "2026-11-21T12:00:00+00:00")
    corrected = replace(CARD, corrections=Corrections((ruling,), ()))

    assert "Corrected by the speaker; first judged missing." in render([replace(take(), card=corrected)], "x")
    assert "Corrected by the speaker" not in render([take()], "x")


def test_a_filled_pause_without_a_word_can_be_played() -> None:
    left_out = Quote("from what a missed fraud", 73.0, 73.5)
    card = replace(CARD, delivery=replace(CARD.delivery, filled_pauses=(left_out,)))

    assert "without a word" not in render([take()], "x")
    page = render([replace(take(), card=card)], "x")
    assert "At least 1 more um or uh, in the sound without a word; together 3.0 a minute." in page
    assert ("73.0", "73.5") in {(b["data-start"], b["data-end"]) for b in Outline(page).all("button")}


@pytest.mark.parametrize("title", ["Structure", "Proof"])
def test_a_part_that_is_not_counted_has_no_score(title: str) -> None:
    part = Part(title.lower(), 50.0, 0.04)
    others = tuple(p for p in CARD.parts if p.name != part.name)
    told = f"<h2>{title} <span "

    for counted in ((*others, part), ()):
        assert told in render([replace(take(), card=replace(CARD, parts=counted))], "x")
    page = render([replace(take(), card=replace(CARD, parts=others))], "x")
    assert f"<h2>{title} <small>not counted for this question</small></h2>" in page


def test_every_clause_is_a_button_that_knows_its_moment() -> None:
    buttons = Outline(render([take()], "x")).all("button")
    moments = {(float(b["data-start"] or -1), float(b["data-end"] or -1)) for b in buttons}

    assert {(clause.start_s, clause.end_s) for clause in CLAUSES} <= moments
    assert all(button["type"] == "button" for button in buttons)


def test_without_sound_nothing_can_be_pressed_and_the_page_says_why() -> None:
    outline = Outline(page := render([take(spoken=False)], "x"))

    assert outline.all("button") == outline.all("audio") == []
    assert "There is no recording of this answer." in page
    assert " and your voice" not in page


def test_nothing_on_the_page_leads_elsewhere() -> None:
    outline = Outline(render([take(), take(spoken=False)], "A round"))

    for tag, attributes in outline.tags:
        for name in ("src", "href", "action", "srcset", "poster", "data", "xlink:href"):
            value = attributes.get(name) or ""
            assert value.startswith(("data:audio/", "#")) or not value, (tag, name)
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
    policy = outline.all("meta")[1]["content"] or ""
    assert policy.startswith("default-src 'none'; media-src data:; style-src 'sha256-")
    assert "unsafe" not in policy


def test_what_anybody_wrote_is_text_and_nothing_else() -> None:
    harmless = Outline(render([take()], "x"))
    hostile = Outline(page := render([hostile_take()], HOSTILE))

    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in harmless.tags]
    assert page.count("<script>") == 1
    assert "{{7*7}}" in page, "nobody's braces are a template"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("left\u202eright", "leftright"),
        ("half \udc80", "half "),
        ("naïve\n“x”", "naïve\n“x”"),
    ],
)
def test_text_cannot_steer_what_shows_it(told: str, shown: str) -> None:
    assert plain(told) == shown


def test_a_round_has_a_list_of_its_answers() -> None:
    outline = Outline(page := render([take(spoken=False)] * 3, "Night before", ["Three answers."]))

    assert [each["href"] for each in outline.all("a")] == ["#take-1", "#take-2", "#take-3"]
    assert [each["id"] for each in outline.all("article")] == ["take-1", "take-2", "take-3"]
    assert "Three answers." in page
    assert len(outline.all("h1")) == 1


@pytest.mark.parametrize("count", [1, 2])
def test_headings_go_down_by_one_level_at_a_time(count: int) -> None:
    page = render([take(spoken=False)] * count, "x")
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_silence_at_the_end_is_no_overtime() -> None:
    axis = time_axis(replace(CARD, timing=replace(CARD.timing, duration_s=85.0)))

    assert axis.span_s == CARD.duration_s
    assert axis.end == pytest.approx(100 * 85.0 / CARD.duration_s)
    assert axis.lanes[-1].marks == ()


@pytest.mark.parametrize("duration_s", [85.3, 95.66, 102.94])
def test_the_window_and_the_end_are_told_as_they_are(duration_s: float) -> None:
    timing = replace(CARD.timing, duration_s=duration_s)
    card = replace(CARD, duration_s=duration_s, timing=timing)
    page = render([replace(take(), card=card)], "x")

    ended = f"{int(duration_s) // 60}:{int(duration_s) % 60:02d}"
    assert f"window: 1:00 to 1:30 (shaded); the answer ended at {ended}" in page


def test_the_axis_has_every_lane_to_scale() -> None:
    axis = time_axis(CARD)
    lanes = {lane.name: lane for lane in axis.lanes}

    assert list(lanes) == [
        "beats",
        "points landing",
        "off the point",
        "long pauses",
        "overtime, beyond 60-90\u00a0s",
    ]
    assert axis.span_s == CARD.duration_s
    assert axis.end == pytest.approx(100)
    assert [mark.text for mark in lanes["beats"].marks] == ["Define it", "Failure mode", "Define it", "Fix"]
    (off,) = lanes["off the point"].marks
    assert (off.left, off.width) == pytest.approx((100 * 24 / 101.6, 100 * 7 / 101.6))
    signs = [mark.text for mark in lanes["points landing"].marks]
    assert signs == [STATES[state][0] for state in ("covered", "contradicted", "partly")]
    (over,) = lanes["overtime, beyond 60-90\u00a0s"].marks
    assert over.left + over.width == pytest.approx(100)


def test_points_of_one_second_stand_beside_one_another() -> None:
    again = replace(CARD.points[0], id="again", state="partly")
    axis = time_axis(replace(CARD, points=(*CARD.points, again)))
    (points,) = [lane.marks for lane in axis.lanes if lane.name == "points landing"]

    assert [mark.text for mark in points] == ["✓", "◐", "✗", "◐"]
    assert points[1].left == points[0].left + SIGN_WIDTH
    assert all(after.left - before.left >= SIGN_WIDTH for before, after in pairwise(points))


def test_a_short_answer_leaves_room_up_to_the_window() -> None:
    card = replace(
        CARD,
        duration_s=30.0,
        timing=replace(CARD.timing, duration_s=30.0),
        rambling=replace(CARD.rambling, off_point=()),
    )
    axis = time_axis(card)

    assert axis.span_s == 90.0
    assert axis.end == pytest.approx(100 / 3)
    assert {lane.name: len(lane.marks) for lane in axis.lanes}["off the point"] == 0


@pytest.mark.parametrize("duration_s", [0.5, 7.0, 90.0, 1_800.0, 7_200.0])
def test_ticks_fit_a_phone(duration_s: float) -> None:
    card = replace(
        CARD, duration_s=duration_s, delivery=replace(CARD.delivery, long_pauses=(Quote("", 0, 1),))
    )

    assert 2 <= len(time_axis(card).ticks) <= 7


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_text_stands_out_from_its_ground(theme: str) -> None:
    """WCAG AA asks for 4.5."""
    blocks = re.findall(r":root \{(.*?)\}", (FOLDER / "page.css").read_text("utf-8"), flags=re.DOTALL)
    of = colours(blocks[("light", "dark", "print").index(theme)])

    for ground in ("ground", "raised"):
        for text in ("text", "muted", "good", "fair", "bad", "look"):
            assert contrast(of[text], of[ground]) >= 4.5, (text, ground)
    for ground in ("even", "odd", "shade"):
        assert contrast(of["text"], of[ground]) >= 4.5, ground
    for sign in ("muted", "good", "fair", "bad", "look"):
        assert contrast(of[sign], of["shade"]) >= 4.5, sign
