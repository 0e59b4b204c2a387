"""Cards as one HTML page: style, script and sound inside it, and a policy that lets it load nothing."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from voicecoach import minutes
from voicecoach.clip import CompactSound
from voicecoach.content.model import Question
from voicecoach.report import wording
from voicecoach.report.axis import Axis, time_axis
from voicecoach.scoring.card import ClauseNote, Contradiction, Quote, ScoreCard
from voicecoach.scoring.quotes import evidence
from voicecoach.transcript import Transcript

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class ReportedTake:
    """One answer on a page.

    Attributes:
        question: What was asked; None when it is no longer in the bank.
        started_at: Aware.
        card: What it scored.
        transcript: What was heard.
        sound: The recording; None where there is none.
        silence: Why there is none, in words; empty where there is one.
    """

    question: Question | None
    started_at: datetime
    card: ScoreCard
    transcript: Transcript
    sound: CompactSound | None
    silence: str = ""

    @property
    def title(self) -> str:
        """The question in short."""
        return self.question.title if self.question is not None else self.card.question

    @property
    def axis(self) -> Axis:
        """The time axis."""
        return time_axis(self.card)

    @property
    def data_url(self) -> Markup:
        """The recording inside the page: nothing in it needs escaping, and it is long."""
        if self.sound is None:
            return Markup()
        encoded = b64encode(self.sound.data).decode("ascii")
        return Markup("data:{};base64,").format(self.sound.media_type) + Markup(encoded)  # noqa: S704

    @property
    def evidence(self) -> dict[str, Quote | None]:
        """What was said about each point, by the point's id."""
        return {point.id: evidence(self.card, point) for point in self.card.points}

    @property
    def labels(self) -> dict[str, str]:
        """Labels of points by their ids."""
        return {point.id: point.label for point in self.card.points}

    @property
    def beats(self) -> dict[str, str]:
        """Labels of beats by their ids."""
        return {beat.id: beat.label for beat in self.card.structure.beats}

    def why(self, clause: ClauseNote) -> str:
        """Why a clause goes against the rubric; empty where it does not."""
        found = (c for c in self.card.accuracy.contradictions if self._is_of(clause, c))
        return next((c.why for c in found), "")

    @staticmethod
    def _is_of(clause: ClauseNote, contradiction: Contradiction) -> bool:
        return (clause.start_s, clause.point) == (contradiction.start_s, contradiction.point)


def render(takes: Sequence[ReportedTake], title: str, summary: Sequence[str] = ()) -> str:
    """The page.

    Args:
        takes: One for a take, several for a round, in the order in which they were asked.
        title: Of the page; for a single take it is the question's.
        summary: Sentences about the takes together, above the first.

    Returns:
        HTML; whatever the takes hold, it is text in it.
    """
    style = (FOLDER / "page.css").read_text("utf-8")
    script = (FOLDER / "page.js").read_text("utf-8")
    policy = (
        f"default-src 'none'; media-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    page = _template().render(
        takes=takes,
        title=title,
        summary=summary,
        is_round=bool(summary) or len(takes) > 1,
        policy=policy,
        # The files ship with the program: nothing that anybody said is in them.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
    )
    return page.lstrip()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=wording.plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(words=wording, minutes=minutes)
    return environment.get_template("page.html")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"
