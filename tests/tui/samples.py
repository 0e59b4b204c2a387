"""A small bank, and cards with something in every part."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from voicecoach.content.model import Bank, Beat, Contrast, Point, Question, Structure
from voicecoach.history.records import NewAttempt
from voicecoach.scoring.card import (
    SCHEMA,
    Accuracy,
    BeatResult,
    ClauseNote,
    Contradiction,
    CurvePoint,
    Delivery,
    Filler,
    Interruption,
    Part,
    PointResult,
    Proof,
    Quote,
    Rambling,
    Repeat,
    ScoreCard,
    StructureResult,
    Timing,
)
from voicecoach.transcript import EngineInfo, Span, Transcript, Word

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)

STRUCTURE = Structure(
    "concept",
    "Concept",
    (
        Beat("define", "Define it", 0.25, ("it means that", "it is when")),
        Beat("failure", "Failure mode", 0.25, ("the trouble is", "what goes wrong is")),
        Beat("fix", "Fix", 0.5, ("to fix it i would", "so i choose")),
    ),
)

IMBALANCE = Question(
    id="imbalanced-data",
    title="Handling imbalanced data",
    text="How do you handle a data set where one class is very rare?",
    kind="fundamentals",
    area="modelling",
    level="medium",
    roles=("mle",),
    structure=STRUCTURE,
    target_s=(60.0, 90.0),
    points=(
        Point("rare", "Say what imbalance means", "define", 1.0, ("one class is much rarer than the other",)),
        Point(
            "accuracy",
            "Explain why accuracy misleads",
            "failure",
            2.0,
            ("a model that always says no is right almost every time", "accuracy tells you nothing here"),
            (
                Contrast(
                    ("accuracy is a good measure here",), "Accuracy hides the rare class: it is high anyway."
                ),
            ),
        ),
        Point(
            "threshold",
            "Set the threshold by business cost",
            "fix",
            2.0,
            ("choose the threshold from what a missed fraud costs against a false alarm",),
        ),
    ),
    hint="Say what breaks before you say what you would do.",
)

QUESTIONS = (
    IMBALANCE,
    replace(
        IMBALANCE,
        id="project-walkthrough",
        title="Walk me through a project",
        text="Walk me through a machine learning project that you are proud of.",
        kind="story",
        area="behavioural",
        hint="",
    ),
    replace(
        IMBALANCE,
        id="define-recall",
        title="Recall",
        text="What is recall?",
        kind="definition",
        area="evaluation",
        level="easy",
        target_s=(10.0, 30.0),
    ),
    replace(
        IMBALANCE,
        id="design-marketplace-recsys",
        title="Design recommendations for a marketplace with cold start",
        text="Design a recommender system for a marketplace where most of the items are new each day.",
        kind="design",
        area="systems",
        level="hard",
        target_s=(90.0, 150.0),
    ),
)

BANK = Bank(QUESTIONS, (STRUCTURE,), ())

ANSWER = (
    "Imbalanced data means that one class is much rarer than the other. "
    "The trouble is that a model which always says no is right almost every time, "
    "so accuracy tells you nothing here. "
    "So I choose the threshold from what a missed fraud costs against what a false alarm costs."
)

COSTS = "and then i choose the threshold from what a missed fraud costs against what a false alarm costs us"

CLAUSES = (
    ClauseNote("so imbalanced data means one class is much rarer", 0.5, 6.0, "point", "rare", "define"),
    ClauseNote("maybe one payment in two hundred is fraud", 6.0, 11.0, "context", "", "define"),
    ClauseNote(
        "and accuracy is a good measure as long as it is high",
        11.5,
        17.0,
        "contradiction",
        "accuracy",
        "failure",
    ),
    ClauseNote("we were moving offices that month and", 24.0, 31.0, "off-point", "", ""),
    ClauseNote("as i said one class is much rarer", 31.5, 36.0, "repeat", "rare", "define"),
    ClauseNote(
        COSTS,
        70.0,
        98.0,
        "point",
        "threshold",
        "fix",
    ),
)

CARD = ScoreCard(
    schema=SCHEMA,
    question="imbalanced-data",
    engine=EngineInfo("whisper", "small.en"),
    duration_s=101.6,
    overall=57.4,
    cue="Say why accuracy misleads before you name a metric. (worth about 9 points)",
    parts=(Part("coverage", 60.0, 0.6), Part("rambling", 38.0, 0.4), Part("proof", 30.0, 0.0)),
    points=(
        PointResult(
            "rare",
            "Say what imbalance means",
            "define",
            1.0,
            "covered",
            0.93,
            0.5,
            6.0,
            "so imbalanced data means one class is much rarer",
        ),
        PointResult(
            "accuracy",
            "Explain why accuracy misleads",
            "failure",
            2.0,
            "contradicted",
            0.2,
            6.0,
            11.0,
            "maybe one payment in two hundred is fraud",
        ),
        PointResult(
            "labels", "Check the labels of the rare class", "failure", 1.0, "missing", 0.04, None, None, ""
        ),
        PointResult(
            "threshold",
            "Set the threshold by business cost",
            "fix",
            2.0,
            "partly",
            0.55,
            70.0,
            98.0,
            COSTS,
        ),
    ),
    accuracy=Accuracy(
        "wrong",
        (
            Contradiction(
                "accuracy",
                "and accuracy is a good measure as long as it is high",
                11.5,
                17.0,
                "Accuracy hides the rare class: it is high anyway.",
            ),
        ),
        (Contradiction("rare", "as i said one class is much rarer", 31.5, 36.0, "Rarer than what?"),),
    ),
    structure=StructureResult(
        72.0,
        (
            BeatResult("define", "Define it", 0.5, 36.0, 15.0, 18.8),
            BeatResult("failure", "Failure mode", None, None, 0.0, 18.8),
            BeatResult("fix", "Fix", 70.0, 98.0, 48.0, 37.5),
        ),
        ("define", "fix"),
        ("failure",),
        0.5,
        closes=True,
    ),
    rambling=Rambling(
        38.0,
        7.0,
        3.6,
        (
            Repeat(
                "as i said one class is much rarer",
                31.5,
                36.0,
                "so imbalanced data means one class is much rarer",
                0.5,
            ),
        ),
        (Quote("we were moving offices that month and", 24.0, 31.0),),
        (CurvePoint(6.0, 0.3), CurvePoint(98.0, 1.0)),
        (Quote("we were moving offices that month and", 24.0, 31.0),),
        "Without this sentence it takes 95 s, and no point is lost.",
    ),
    timing=Timing(82.0, 101.6, (60.0, 90.0), 118.0, (Interruption(15.0, 0.3), Interruption(60.0, 0.3))),
    delivery=Delivery(
        70.0,
        118.0,
        4,
        2.4,
        (Filler("um", 3), Filler("you know", 1)),
        14,
        (Quote("good measure", 17.0, 24.0),),
        True,
    ),
    proof=Proof(
        30.0,
        1,
        1,
        (Quote("one payment in two hundred", 6.0, 11.0),),
        (),
        (Quote("i choose the threshold from what a missed fraud costs", 70.0, 80.0),),
        (Quote("we were moving offices", 24.0, 31.0),),
    ),
    clauses=CLAUSES,
)

SPHINX = EngineInfo(
    "pocketsphinx",
    "en-us",
    "Heard by the small recogniser that comes with the app, which mishears more; "
    "`voicecoach models download small.en` gets a better one.",
)


def attempt(days_ago: int, overall: float, card: ScoreCard = CARD) -> NewAttempt:
    words = tuple(
        Word(word, clause.start_s, clause.end_s) for clause in CLAUSES for word in clause.text.split()
    )
    card = replace(card, overall=overall)
    return NewAttempt(
        question_id=card.question,
        take_id=f"take-of-{days_ago}-days-ago",
        started_at=NOW - timedelta(days=days_ago),
        transcript=Transcript(words, "en", card.duration_s, card.engine),
        speech=(Span(0.5, 17.0), Span(24.0, 98.0)),
        card=card,
    )
