"""The scorecard: every claim with its evidence.

The dataclasses are the JSON contract: field for field, in this order, as `scoring.contract` writes them.
Times are seconds from the start of the take, scores 0..100, probabilities and fractions 0..1.
"""

from dataclasses import dataclass
from typing import Literal

from voicecoach.minutes import is_over, is_under
from voicecoach.scoring.thresholds import Thresholds
from voicecoach.transcript import EngineInfo

SCHEMA = 1
"""Version of the contract; a field that changes its meaning or goes away raises it."""

PointState = Literal["covered", "partly", "missing", "contradicted", "unsure"]
Ruled = Literal["covered", "partly", "missing", "contradicted"]
"""What a person can say of a point."""
Verdict = Literal["right", "wrong", "vague", "unsure"]
ClauseRole = Literal["point", "repeat", "context", "off-point", "contradiction"]


@dataclass(frozen=True, slots=True)
class PointResult:
    """One rubric point. Times and quote are None and empty where nothing said it."""

    id: str
    label: str
    beat: str
    weight: float
    state: PointState
    probability: float
    start_s: float | None
    end_s: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something said that a contrast of the rubric calls wrong, or that turns a point around.

    Attributes:
        point: Id of the point it contradicts.
        quote: As heard.
        start_s: Seconds.
        end_s: Seconds.
        why: Why it is wrong, and what to say instead.
        margin: How far it leans to the wrong side; None where the speaker alone calls it wrong.
    """

    point: str
    quote: str
    start_s: float
    end_s: float
    why: str
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What was wrong. `check` holds what lies in the unsure band: look at it, it is no verdict."""

    verdict: Verdict
    contradictions: tuple[Contradiction, ...]
    check: tuple[Contradiction, ...]

    @property
    def told_as(self) -> Verdict:
        """What it is called where the quotes follow: unsure without any to check is vague."""
        return (
            "vague" if self.verdict == "unsure" and not (self.check or self.contradictions) else self.verdict
        )


@dataclass(frozen=True, slots=True)
class BeatResult:
    """One beat of the structure; times are None when it was not told."""

    id: str
    label: str
    start_s: float | None
    end_s: float | None
    spoken_s: float
    budget_s: float


@dataclass(frozen=True, slots=True)
class Quote:
    """Something said, with its time."""

    quote: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class StructureResult:
    """How it was ordered.

    Attributes:
        score: 0..100.
        order: Beat ids in the order in which they were first told.
        beats: In the structure's order.
        missing: Ids of beats that were not told.
        first_point_s: When the first point landed; None when none did.
        closes: Whether the last beat was told after the others began.
        went_back: Where the speaker says that something should have come before.
    """

    score: float
    beats: tuple[BeatResult, ...]
    order: tuple[str, ...]
    missing: tuple[str, ...]
    first_point_s: float | None
    closes: bool
    went_back: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """An idea said again."""

    quote: str
    start_s: float
    end_s: float
    first_quote: str
    first_start_s: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """By this second, this fraction of everything that was covered had been said."""

    at_s: float
    fraction: float


@dataclass(frozen=True, slots=True)
class Rambling:
    """Where time went without adding anything.

    Attributes:
        score: 0..100, 100 when every second worked.
        seconds_off_point: Speech that touches neither a point nor a beat.
        seconds_after_last_new_point: Speech after the last point landed, a short close excepted.
        repeats: Ideas said again.
        off_point: The stretches behind seconds_off_point.
        curve: Coverage over time.
        cut: Fewest of the speaker's own sentences to drop so that it fits the window and loses no
            point; empty when it fits already or when nothing can be cut. Stretches of whole clauses where the
            words do not say where sentences end.
        cut_note: In words: what cutting would do, or why nothing can be cut.
        relevance: 0..100, 100 when a few clauses are clearly about the question that was asked.
    """

    score: float
    seconds_off_point: float
    seconds_after_last_new_point: float
    repeats: tuple[Repeat, ...]
    off_point: tuple[Quote, ...]
    curve: tuple[CurvePoint, ...]
    cut: tuple[Quote, ...]
    cut_note: str
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class Interruption:
    """Had you been stopped at `at_s`: the weighted fraction of the rubric already covered."""

    at_s: float
    covered: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Against the question's window, (shortest, longest) in seconds."""

    score: float
    duration_s: float
    target_s: tuple[float, float]
    words_per_minute: float
    interrupted: tuple[Interruption, ...]

    @property
    def is_over(self) -> bool:
        """Whether the answer is longer than its window, to the second."""
        return is_over(self.duration_s, self.target_s)

    @property
    def is_under(self) -> bool:
        """Whether the answer is shorter than its window, to the second."""
        return is_under(self.duration_s, self.target_s)


@dataclass(frozen=True, slots=True)
class Filler:
    """A filler word and how often it was heard, at least."""

    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it sounded.

    Attributes:
        score: 0..100.
        words_per_minute: From the first to the last word.
        fillers: At least this many; recognisers drop some.
        fillers_per_minute: The same over the answer's length.
        filler_words: By word, most frequent first.
        pauses: Silences of 0.2 s and more between the first and the last word.
        long_pauses: Those of 1.5 s and more, with the words before them.
        measured_pauses: Whether pauses come from a waveform; False for typed text.
        filled_pauses: Speech without a word, of a filled pause's length, with the words before it: an "um"
            that the recogniser left out, probably. Not counted among the fillers; at least so many.
    """

    score: float
    words_per_minute: float
    fillers: int
    fillers_per_minute: float
    filler_words: tuple[Filler, ...]
    pauses: int
    long_pauses: tuple[Quote, ...]
    measured_pauses: bool
    filled_pauses: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Ownership and specifics, each with its quotes.

    Attributes:
        score: 0..100.
        first_person: Clauses that say what "I" did.
        team: How often "we" did it.
        numbers: Numbers with what they count.
        baselines: What it was compared with.
        decisions: Choices and trade-offs, with a reason.
        vague: Team language that hides who did what.
    """

    score: float
    first_person: int
    team: int
    numbers: tuple[Quote, ...]
    baselines: tuple[Quote, ...]
    decisions: tuple[Quote, ...]
    vague: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class RaisedWarning:
    """What an interviewer would remark on in the answer as a whole.

    Attributes:
        id: The rule's id.
        message: What is missing, and what to say instead.
        quote: The first clause that called for it.
        start_s: Seconds.
        end_s: Seconds.
    """

    id: str
    message: str
    quote: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the overall number: overall is the sum of weight x score over the parts."""

    name: str
    score: float
    weight: float


@dataclass(frozen=True, slots=True)
class ClauseNote:
    """One clause of the transcript and what it did.

    Attributes:
        text: As heard.
        start_s: Seconds.
        end_s: Seconds.
        role: What it did.
        point: Id of the point it said or contradicted; empty otherwise.
        beat: Id of the beat it was told in; empty where it fits none.
    """

    text: str
    start_s: float
    end_s: float
    role: ClauseRole
    point: str
    beat: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the speaker says of a point; it stands above what the judge says.

    Attributes:
        point: The point's id.
        state: What it is.
        judged: What the judge had said; the same where the speaker agrees.
        probability: That it was said, as judged.
        margin: How far words about it leant to the wrong side; None where none were suspected.
        made_at: When the speaker said so; ISO 8601 in UTC.
    """

    point: str
    state: Ruled
    judged: PointState
    probability: float
    margin: float | None
    made_at: str


@dataclass(frozen=True, slots=True)
class WordFix:
    """Words that were misheard, and what was said.

    Attributes:
        first: Place of the first of them among the words as heard, from 0.
        heard: As heard; none where a word went unheard.
        said: What was said; none where there was no word.
    """

    first: int
    heard: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What the speaker has set right on a card, one ruling a point, fixes in the order of the words."""

    rulings: tuple[Ruling, ...] = ()
    fixes: tuple[WordFix, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """Everything that is said about one answer.

    Attributes:
        notices: What may have spoilt it, such as a clipped recording, and what an answer that was to do
            without the cut list left out; `judge` leaves it empty.
        thresholds: Those it was judged by; None for the shipped ones.
        corrections: What the speaker has set right; None where nothing.
        judged: The card as first judged, where it has been corrected since.
    """

    schema: int
    question: str
    engine: EngineInfo
    duration_s: float
    overall: float
    cue: str
    parts: tuple[Part, ...]
    points: tuple[PointResult, ...]
    accuracy: Accuracy
    structure: StructureResult
    rambling: Rambling
    timing: Timing
    delivery: Delivery
    proof: Proof
    clauses: tuple[ClauseNote, ...]
    notices: tuple[str, ...] = ()
    warnings: tuple[RaisedWarning, ...] = ()
    thresholds: Thresholds | None = None
    corrections: Corrections | None = None
    judged: "ScoreCard | None" = None
