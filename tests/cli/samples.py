"""A question and a card with something in every part."""

from voicecoach.content.model import Beat, Contrast, Point, Question, Structure
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
from voicecoach.transcript import EngineInfo

QUESTION = Question(
    id="define-recall",
    title="Define recall",
    text="What is recall?",
    kind="definition",
    area="evaluation",
    level="easy",
    roles=("mle",),
    structure=Structure(
        "definition",
        "Definition",
        (Beat("what", "What it is", 0.6, ("it is",)), Beat("trap", "The trap", 0.4, ("the trap",))),
    ),
    target_s=(10.0, 30.0),
    points=(
        Point("found", "Say which share it counts", "what", 2.0, ("found over all positives",)),
        Point(
            "trap",
            "Name the trap",
            "trap",
            1.0,
            ("flag all",),
            (Contrast(("precision",), "That is precision."),),
        ),
    ),
)

CARD = ScoreCard(
    schema=SCHEMA,
    question="define-recall",
    engine=EngineInfo("pocketsphinx", "en-us", "The embedded recogniser mishears many words."),
    duration_s=34.5,
    overall=61.7,
    cue="Say what the positives are counted against before anything else.",
    parts=(Part("coverage", 60.0, 0.6), Part("accuracy", 64.0, 0.4), Part("proof", 0.0, 0.0)),
    points=(
        PointResult(
            "found", "Say which share it counts", "what", 2.0, "covered", 0.91, 2.0, 7.5, "found of all"
        ),
        PointResult("trap", "Name the trap", "trap", 1.0, "missing", 0.1, None, None, ""),
    ),
    accuracy=Accuracy(
        "wrong",
        (Contradiction("trap", "of the flagged ones", 12.0, 14.0, "That is precision."),),
        (Contradiction("found", "of all of them", 20.0, 22.0, "Say which."),),
    ),
    structure=StructureResult(
        55.0,
        (
            BeatResult("what", "What it is", 2.0, 14.0, 12.0, 12.0),
            BeatResult("trap", "The trap", None, None, 0.0, 8.0),
        ),
        ("what",),
        ("trap",),
        2.0,
        closes=False,
    ),
    rambling=Rambling(
        40.0,
        9.0,
        20.5,
        (Repeat("as I said, found of all", 15.0, 18.0, "found of all", 2.0),),
        (Quote("my last holiday was nice " * 8, 22.0, 31.0),),
        (CurvePoint(7.5, 1.0),),
        (Quote("my last holiday was nice", 22.0, 31.0),),
        "Dropping this sentence brings it to 25 s.",
    ),
    timing=Timing(80.0, 34.5, (10.0, 30.0), 148.0, (Interruption(15.0, 0.66),)),
    delivery=Delivery(70.0, 148.0, 2, 3.5, (Filler("um", 2),), 4, (Quote("and then", 19.0, 21.1),), True),
    proof=Proof(
        30.0,
        1,
        2,
        (Quote("ten percent", 5.0, 6.0),),
        (Quote("a coin flip", 6.0, 7.0),),
        (Quote("because it is rare", 7.0, 8.0),),
        (Quote("we sort of did it", 8.0, 9.0),),
    ),
    clauses=(ClauseNote("found of all", 2.0, 7.5, "point", "found", "what"),),
    notices=("The recording is clipped in places.",),
)
