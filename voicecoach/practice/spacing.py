"""Spaced repetition of points with FSRS, graded from what was said and never from how it felt.

FSRS (py-fsrs, https://github.com/open-spaced-repetition/py-fsrs) keeps a stability and a difficulty for each
point, and brings it back on the day on which the chance to recall it has fallen to DESIRED_RETENTION. Time is
counted in days of the person's calendar: a point that is due tomorrow is due from midnight on, at whatever
hour it was practised today, and from yesterday evening to this morning is a day.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from fsrs import Card, Rating, Scheduler

from voicecoach.history.schedule import Grade, PastAnswer, PointVerdict, ScheduledPoint

CLEAR = 0.8
"""The probability from which a covered point was said beyond doubt."""

DESIRED_RETENTION = 0.9
"""The chance of recall at which a point comes back; FSRS's own default."""

LONGEST_INTERVAL_DAYS = 60
"""Interviews are weeks away, not years."""

LOST_DAYS, PARTLY_DAYS = 1, 2
"""What was missed or wrong, and what was said by half, comes back after so many days at most, however well it
was known: FSRS would leave it for weeks, with an interview ahead. Two days are what it gives a point that was
said for the first time.
"""

RATINGS: dict[Grade, Rating] = {
    "wrong": Rating.Again,
    "missed": Rating.Again,
    "partly": Rating.Hard,
    "said": Rating.Good,
    "clear": Rating.Easy,
}

# Without learning steps, which are for minutes, FSRS counts in days from the first answer on. Without fuzz
# the same answers always give the same days.
_SCHEDULER = Scheduler(
    desired_retention=DESIRED_RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_INTERVAL_DAYS,
    enable_fuzzing=False,
)


def grade_of(verdict: PointVerdict) -> Grade | None:
    """How well a point was recalled; None where the judge cannot tell, which neither punishes nor rewards.

    | on the card                                        | grade  | FSRS  |
    |----------------------------------------------------|--------|-------|
    | contradicted, or something said is called wrong    | wrong  | Again |
    | missing                                            | missed | Again |
    | partly covered                                     | partly | Hard  |
    | covered                                            | said   | Good  |
    | covered with a probability of CLEAR, nothing to check | clear | Easy |
    | unsure                                             | none   | no review: it stays due if it was |

    "Check this" is no verdict: it only keeps a covered point from counting as clear.
    """
    if verdict.contradicted or verdict.state == "contradicted":
        return "wrong"
    match verdict.state:
        case "missing":
            return "missed"
        case "partly":
            return "partly"
        case "covered":
            return "clear" if verdict.probability >= CLEAR and not verdict.doubted else "said"
        case _:
            return None


def schedule_points(
    answers: Sequence[PastAnswer], alternatives: Collection[frozenset[str]] = ()
) -> tuple[ScheduledPoint, ...]:
    """When each point comes back.

    Of the answers of one day the first tells what was remembered. Later ones follow minutes after the model
    answer was read, so none of them counts as clear; FSRS's formula for reviews within a day takes care of
    the rest.

    Args:
        answers: To one question, oldest first.
        alternatives: Sets of points any of which is a right answer where just these are asked for: those
            that such an answer leaves out are not reviewed by it.

    Returns:
        Every point that was ever graded, in the order in which they were first.
    """
    cards: dict[str, Card] = {}
    grades: dict[str, Grade] = {}
    for day, its in groupby(answers, key=lambda answer: day_of(answer.started_at)):
        judged_today: set[str] = set()
        for point, found in (each for answer in its for each in _grades(answer, alternatives)):
            grade: Grade | None = "said" if found == "clear" and point in judged_today else found
            judged_today.add(point)
            if grade is None:
                continue
            card = cards.get(point) or Card(card_id=0, due=_midnight(day))
            cards[point], _ = _SCHEDULER.review_card(card, RATINGS[grade], _midnight(day))
            grades[point] = grade
    return tuple(
        ScheduledPoint(point, _due(card, grades[point]), _reviewed(card), grades[point])
        for point, card in cards.items()
    )


def _grades(
    answer: PastAnswer, alternatives: Collection[frozenset[str]]
) -> Iterator[tuple[str, Grade | None]]:
    """Each point of an answer with its grade."""
    points = frozenset(each.point for each in answer.verdicts)
    is_right = points in alternatives and any(each.state == "covered" for each in answer.verdicts)
    for verdict in answer.verdicts:
        grade = grade_of(verdict)
        yield verdict.point, None if is_right and grade == "missed" else grade


def _due(card: Card, grade: Grade) -> date:
    """As FSRS says, but no later than what was not said well may stay away."""
    match grade:
        case "wrong" | "missed":
            longest = LOST_DAYS
        case "partly":
            longest = PARTLY_DAYS
        case _:
            longest = LONGEST_INTERVAL_DAYS
    return min(card.due.date(), _reviewed(card) + timedelta(days=longest))


def day_of(moment: datetime) -> date:
    """The day on the calendar of this machine, in the time zone that it has now."""
    return moment.astimezone().date()


def _reviewed(card: Card) -> date:
    assert card.last_review is not None  # noqa: S101 - every card here has been reviewed
    return card.last_review.date()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
