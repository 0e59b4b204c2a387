"""What one answer of the drill earned, and how a round went."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from voicecoach.practice.drill import MOST_TRIES, Ask, Drill, Feedback, Outcome, Verdict
from voicecoach.practice.terms import exact_version
from voicecoach.tui.wording import MUTED, plural

VERDICT_LINES: dict[Verdict, tuple[str, str]] = {
    "right": ("✓ Right", "$text-success"),
    "check": ("? Check this", "$text-accent"),
    "vague": ("○ Vague", "$text-warning"),
    "wrong": ("✗ Wrong", "$text-error"),
    "passed": ("- Left out", MUTED),
}

WITHOUT_A_CONTRAST: dict[Verdict, str] = {
    "right": "",
    "check": "You were close: it was said by half, or in words that leave it open.",
    "vague": "What was asked for was not said clearly enough to be heard as such.",
    "wrong": "",
    "passed": "",
}


class VerdictPanel(Static):
    """The verdict with its quote, the contrast with its why, and the exact version."""

    def tell(self, told: Feedback, after: Drill, ask: Ask) -> None:
        """Show what an answer earned.

        Args:
            told: The feedback.
            after: The round after the answer.
            ask: What had been asked.
        """
        word, colour = VERDICT_LINES[told.verdict]
        lines = [Content.styled(word, f"bold {colour}")]
        if told.quote:
            lines.append(Content.assemble(("You said: ", MUTED), f"“{told.quote}”"))
        elif told.heard:
            lines.append(Content.assemble(("Heard: ", MUTED), f"“{told.heard}”"))
        remark = told.why or WITHOUT_A_CONTRAST[told.verdict]
        if remark:
            lines.append(Content(remark))
        if told.also:
            lines.append(Content.assemble(("Add this: ", MUTED), "; ".join(told.also)))
        lines.append(Content.assemble(("Say it like this: ", MUTED), (told.exact, "bold")))
        lines.append(Content.styled(what_next(after, ask, told.verdict), MUTED))
        self.update(Content("\n\n").join(lines))


class RoundSummary(Static):
    """What was crisp at once, what needed several tries, and what is still open, with what to say."""

    def tell(self, drill: Drill) -> None:
        """Show how a round went."""
        outcomes = drill.outcomes()
        at_once = [each for each in outcomes if each.is_crisp and len(each.verdicts) == 1]
        in_the_end = [each for each in outcomes if each.is_crisp and len(each.verdicts) > 1]
        still_open = [each for each in outcomes if not each.is_crisp]
        parts: list[Content] = []
        if at_once:
            names = ", ".join(_name(each) for each in at_once)
            parts.append(Content.assemble(("✓ Crisp at once: ", "bold $text-success"), names))
        if in_the_end:
            names = ", ".join(f"{_name(each)} ({len(each.verdicts)} tries)" for each in in_the_end)
            parts.append(Content.assemble(("✓ Crisp in the end: ", "bold $text-success"), names))
        parts += [_open_line(each) for each in still_open]
        not_asked = len({ask.title for ask in drill.queue} - {each.ask.title for each in drill.tried})
        if not_asked:
            parts.append(Content.styled(f"{plural(not_asked, 'term')} not asked.", MUTED))
        self.update(Content("\n\n").join(parts))


def headline(drill: Drill) -> str:
    """How a round went, in one line."""
    outcomes = drill.outcomes()
    crisp = sum(each.is_crisp and len(each.verdicts) == 1 for each in outcomes)
    return f"{crisp} of {plural(len(outcomes), 'question')} crisp at once"


def progress(drill: Drill) -> str:
    """Where a round is: "3 answered, 4 to go"."""
    return f"{len(drill.tried)} answered, {len(drill.queue)} to go"


def what_next(after: Drill, ask: Ask, verdict: Verdict) -> str:
    """What becomes of the question that was asked; empty where it is done with."""
    if verdict == "right":
        return "Next comes the second step." if ask.then is not None else ""
    if ask in after.queue:
        return "It comes back in this round."
    return f"Left at that after {MOST_TRIES} tries."


def _name(outcome: Outcome) -> str:
    """A term, or for a second step the term with what was asked of it."""
    ask = outcome.ask
    return f"{ask.title} ({_labels(ask)})" if ask.is_second else ask.title


def _labels(ask: Ask) -> str:
    return "; ".join(point.label[:1].lower() + point.label[1:] for point in ask.question.points)


def _open_line(outcome: Outcome) -> Content:
    words = _last_words(outcome.verdicts)
    return Content.assemble(
        (f"○ Still open: {_name(outcome)}", "bold $text-warning"),
        (f", {words}\n", MUTED),
        ("  Say: ", MUTED),
        exact_version(outcome.ask.question),
    )


def _last_words(verdicts: Sequence[Verdict]) -> str:
    last = VERDICT_LINES[verdicts[-1]][0].split(maxsplit=1)[1].lower()
    return f"{last} after {plural(len(verdicts), 'try', 'tries')}"
