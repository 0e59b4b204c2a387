import pytest

from voicecoach.content.model import Point
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import PointResult, PointState
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.numbers import number_remarks, without_numbers_half_said


def remark(statement: str, answer: str, state: PointState = "covered", *others: str) -> str:
    """The remark on an answer, all of which says the first statement."""
    clauses = split_clauses(transcript_of(answer, None), ())
    end_s = clauses[-1].end_s
    texts = (statement, *others)
    points = [Point(f"p{i}", text, "b", 1.0, (text,), (), text) for i, text in enumerate(texts)]
    results = [
        PointResult(point.id, point.label, "b", 1.0, state if i == 0 else "missing", 0.9, 0.0, end_s, answer)
        for i, point in enumerate(points)
    ]
    found = number_remarks(points, results, clauses, "text")
    return found[0].message if found else ""


@pytest.mark.parametrize(
    "answer",
    [
        "recall went from sixty two to seventy one percent on the last month",
        "Recall went from 62% to 71% on the last month.",
        "recall went from 0.62 to 0.71 on the last month",
        "recall went from point six two to point seven one on the last month",
        "it was seventy one percent and before that just sixty two on the last month",
    ],
)
def test_a_number_that_was_said_in_any_form_is_not_talked_about(answer: str) -> None:
    assert remark("Recall from 62 to 71 percent", answer) == ""


def test_a_number_said_differently_is_told_with_what_was_heard() -> None:
    message = remark(
        "Recall from 62 to 71 percent", "recall went from sixty two to eighty one percent on the test set"
    )
    assert (
        message
        == "Not heard as you planned: 71 percent (heard: eighty one percent). Say your numbers exactly."
    )
    message = remark(
        "It saves 180 thousand euros a year", "it saves us eighty thousand euros in every single year"
    )
    assert "180 thousand (heard: eighty thousand)" in message


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("I asked 50 engineers", "i asked half of the engineers what they thought of it"),
        ("It cut the cost by 50%", "it cut the cost a lot and it took half a year"),
        ("33% fewer calls", "there are fewer calls since a third party does it"),
    ],
)
def test_a_fraction_of_something_else_is_no_number_that_was_planned(statement: str, answer: str) -> None:
    assert "Not heard as you planned" in remark(statement, answer)


def test_a_number_before_a_full_stop_is_heard() -> None:
    assert remark("We checked 40 models", "We checked 40. And a half of them were wrong in the end.") == ""


def test_a_number_that_was_left_out_is_told() -> None:
    assert "180k" in remark("It saves 180k a year", "it has saved us a lot of money in every year since")
    message = remark("From 20% to 30%, 40% and 50%", "it went up quite a lot in every one of the groups")
    assert "20%, 30% and 40% and 1 more" in message


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("18 months of logs from 2023 on", "a year and a half of logs from the year before last"),
        ("I compared 2 models", "I compared both models with each other at length"),
        ("About 1,930,000 rows", "there were about two million rows in all of it"),
        ("The queue is 50% shorter and 25% cheaper", "that cut the queue in half and costs by a quarter"),
        ("20% of users and 0.5 s", "that was one in five of the users and took half a second at most"),
        ("1.5 million users", "it was used by a million and a half people in the end"),
        ("One of the plants was new", "there was a plant that had just been opened then"),
        ("F1 at the 95th percentile on GPT-4", "the score at that percentile was good with the big model"),
    ],
)
def test_it_is_silent_in_doubt(statement: str, answer: str) -> None:
    assert remark(statement, answer) == ""


@pytest.mark.parametrize(
    ("answer", "engine", "state"),
    [
        ("recall rose to seventy one percent in the end", "text", "covered"),
        ("recall rose to seventeen percent in the end", "text", "partly"),
        ("recall rose by a good deal in the end", "whisper", "partly"),
        ("recall rose to seventy run per sent in the end", "pocketsphinx", "covered"),
    ],
)
def test_a_statement_without_its_number_is_half_said(answer: str, engine: str, state: PointState) -> None:
    clauses = split_clauses(transcript_of(answer, None), ())
    text = "recall rose to 71%"
    points = [
        Point("own", text, "b", 1.0, (text,), (), text),
        Point("shipped", "Recall rose", "b", 1.0, (text,)),
        Point("missing", text, "b", 1.0, (text,), (), text),
    ]
    judged: tuple[PointState, ...] = ("covered", "covered", "missing")
    results = [
        PointResult(point.id, point.label, "b", 1.0, before, 0.9, 0.0, 9.0, answer)
        for point, before in zip(points, judged, strict=True)
    ]

    found = without_numbers_half_said(points, results, clauses, engine)

    assert [each.state for each in found] == [state, "covered", "missing"]


@pytest.mark.parametrize(
    "statement",
    ["PR-AUC went from 0.41 to 0.58", "0.41 -> 0.58 in PR-AUC", "PR-AUC 0.58, up from 0.41"],
)
@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ("the area went from point five eight to point four one", "point five eight to point four one"),
        ("the area is now at 0.41, down from 0.58", "0.58 to 0.41"),
        ("it went from 0.58 all the way to 41 percent", "0.58 to 41 percent"),
    ],
)
def test_numbers_told_the_other_way_round_are_told(statement: str, answer: str, heard: str) -> None:
    assert remark(statement, answer) == (
        f"Not heard as you planned: 0.41 to 0.58 (heard: {heard}). Say your numbers exactly."
    )


@pytest.mark.parametrize(
    "answer",
    [
        "the area went to point five eight from point four one before",
        "it went from 0.58 to 0.41, no sorry, from 0.41 to 0.58",
        "at first it was at 0.41 and with the new features at 0.58",
        "it was 0.58 in the end and we had started out with 0.41",
        "we reached 0.58 compared to 0.41 for the old rules",
        "it is 0.58 as opposed to 0.41 before",
        "it is at 0.58 relative to 0.41 then",
        "it was 0.58 next to 0.41 for the old one",
    ],
)
def test_numbers_told_the_right_way_in_any_order_are_not_talked_about(answer: str) -> None:
    assert remark("PR-AUC went from 0.41 to 0.58", answer) == ""


@pytest.mark.parametrize(
    ("statement", "answer", "message"),
    [
        ("Logs of 18 months", "I had the logs of eight months", "18 months (heard: eight months)"),
        ("It trained in 5 minutes", "it trained in 5 hours on that", "5 minutes (heard: 5 hours)"),
        (
            "Churn fell by 14%",
            "churn rose by fourteen percent then",
            "fell by 14% (heard: rose by fourteen percent)",
        ),
        (
            "Saved 600,000 euros",
            "it was costing 600,000 euros then",
            "Saved 600,000 (heard: costing 600,000)",
        ),
        (
            "We saved 600k a year",
            "before tax we lost 600k a year",
            "saved 600k (heard: lost 600k)",
        ),
        (
            "We saved 600k a year",
            "we lost 600k and nothing came of it",
            "saved 600k (heard: lost 600k)",
        ),
        (
            "Saved 600k a year",
            "before tax it cost us 600k a year",
            "Saved 600k (heard: cost us 600k)",
        ),
        (
            "Latency fell from 120 to 90",
            "latency rose from ninety to one twenty",
            "120 to 90 (heard: ninety to one twenty)",
        ),
        (
            "Churn fell by 120",
            "churn rose by one twenty in the end",
            "fell by 120 (heard: rose by one twenty)",
        ),
        (
            "Worth 600,000 euros",
            "it is worth 600,000 dollars to us",
            "600,000 euros (heard: 600,000 dollars)",
        ),
        (
            "Worth €600k",
            "it is worth six hundred thousand dollars",
            "€600k (heard: six hundred thousand dollars)",
        ),
    ],
)
def test_the_right_number_said_of_something_else_is_told(statement: str, answer: str, message: str) -> None:
    assert remark(statement, answer) == f"Not heard as you planned: {message}. Say your numbers exactly."


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("Logs of 18 months", "I had the logs of a year and a half, updated every 2 weeks"),
        ("Cancelled within 60 days", "they had cancelled within two months from then on"),
        ("Logs of 18 months", "I had the logs, and two weeks ago they asked me again"),
        ("From 9 hours to 5 hours", "it is five hours now and before that it was nine"),
        ("Churn fell by 14%", "churn is fourteen percent lower than it was before"),
        ("Churn fell by 14%", "it fell by a bit more than fourteen percent in the end"),
        ("Compute cost down 35%", "it saved us thirty five percent of the compute each month"),
        ("Worth 600,000 euros", "it is worth six hundred thousand a year to all of us"),
        ("12 features", "there were a dozen features in it at the very start"),
        ("20,000 calls", "there were 20 000 calls in each month, or 20.000 as they write"),
        ("Saved 600k a year", "before, it cost us 600k a year and now it costs nothing at all"),
        ("Saved 600k a year", "it used to cost us 600k a year"),
        ("Saved 600k a year", "it cost us 600k a year before we came"),
        ("Saved 600k a year", "it had cost us 600k and now nothing"),
        ("Latency fell from 140 to 120", "latency fell from one forty to one twenty then"),
        ("Churn fell by 120", "churn fell by one twenty in the end"),
        ("3,000 to 12,000 examples", "we had from three to twelve thousand examples of each of them"),
        ("120 of the plants", "there were one twenty of the plants in the end"),
        ("Cancelled within 250 days", "they cancelled within two fifty days of that"),
        ("1,250 sites", "there were twelve fifty sites in all of it"),
        ("105 ms", "it answered in one oh five in the end"),
        ("66 percent of users", "two thirds of the users came back to it"),
        ("Recall of 71 percent", "recall was at seventy uh one percent in the end"),
        ("240,000 rows", "there were two hundred and uh forty thousand rows"),
        ("1.2 million rows", "there were 1.2, uh, million rows in all of it"),
    ],
)
def test_the_same_in_other_words_is_not_talked_about(statement: str, answer: str) -> None:
    assert remark(statement, answer) == ""


def test_a_number_behind_filled_pauses_is_found_where_it_was_said() -> None:
    said, after = "Well, um, uh, the, um, the queue is, uh, 40 calls long.", "It was, um, 90 then."
    clauses = split_clauses(transcript_of(f"{said} {after}", None), ())
    point = Point("p", "The queue", "b", 1.0, ("the queue",), (), "The queue is 50 calls long")
    middle_s = next(clause.end_s for clause in clauses if clause.ends_sentence)
    result = PointResult("p", "The queue", "b", 1.0, "covered", 0.9, 0.0, middle_s, said)

    (remark,) = number_remarks((point,), (result,), clauses, "text")

    assert remark.message == "Not heard as you planned: 50 (heard: 40). Say your numbers exactly."


def test_numbers_swapped_between_two_statements_are_told_and_both_are_half_said() -> None:
    texts = ("False alarms fell by 30%", "Latency fell by 12%")
    points = [Point(f"p{i}", text, "b", 1.0, (text,), (), text) for i, text in enumerate(texts)]

    def judged(first: str, second: str) -> tuple[list[PointState], str]:
        clauses = split_clauses(transcript_of(f"{first} {second}", None), ())
        middle_s = next(clause.end_s for clause in clauses if clause.ends_sentence)
        spans = ((0.0, middle_s, first), (middle_s, clauses[-1].end_s, second))
        results = [
            PointResult(point.id, point.label, "b", 1.0, "covered", 0.9, *span)
            for point, span in zip(points, spans, strict=True)
        ]
        halved = without_numbers_half_said(points, results, clauses, "text")
        remarks = number_remarks(points, results, clauses, "text")
        return [result.state for result in halved], remarks[0].message if remarks else ""

    swapped = judged("The false alarms went down by twelve percent.", "The latency fell by thirty percent.")
    right = judged("The false alarms went down by thirty percent.", "The latency fell by twelve percent.")
    both = judged("In all we had 30 percent of those and 12 percent of these.", "The latency fell by a bit.")

    assert swapped == (
        ["partly", "partly"],
        "Not heard as you planned: 30% (heard: twelve percent) and 12% (heard: thirty percent). "
        "Say your numbers exactly.",
    )
    assert right == (["covered", "covered"], "")
    assert both == (["covered", "covered"], "")


def test_a_statement_that_was_not_said_is_left_to_the_points() -> None:
    assert remark("Recall of 71 percent", "we never got as far as that in this answer", "missing") == ""


def test_a_number_of_another_statement_is_not_taken_for_a_wrong_one() -> None:
    message = remark(
        "Recall of 71 percent", "recall was good and precision was at ninety percent", "covered", "90%"
    )
    assert message == "Not heard as you planned: 71 percent. Say your numbers exactly."


def test_a_shipped_rubric_plans_no_numbers() -> None:
    clauses = split_clauses(transcript_of("recall was better than it had been before", None), ())
    point = Point("p", "Give the metric", "b", 1.0, ("recall rose to 71 percent",))
    result = PointResult("p", "Give the metric", "b", 1.0, "covered", 0.9, 0.0, 9.0, "recall was better")
    assert number_remarks((point,), (result,), clauses, "text") == ()


def test_what_the_small_recogniser_heard_proves_nothing_about_numbers() -> None:
    clauses = split_clauses(transcript_of("recall rose to seventy run per sent in the end", None), ())
    point = Point("p", "Recall rose", "b", 1.0, ("recall rose to 71%",), (), "recall rose to 71%")
    result = PointResult("p", "Recall rose", "b", 1.0, "covered", 0.9, 0.0, 9.0, "recall rose")
    assert number_remarks((point,), (result,), clauses, "pocketsphinx") == ()
    assert number_remarks((point,), (result,), clauses, "whisper")
