"""Which questions the home screen shows."""

from collections.abc import Callable, Sequence
from typing import get_args

from textual.content import Content

from voicecoach.content.model import Area, Kind, Level, Question
from voicecoach.tui.wording import MUTED

FIELDS: dict[str, Callable[[Question], str]] = {
    "kind": lambda question: question.kind,
    "level": lambda question: question.level,
    "area": lambda question: question.area,
}
"""What can be filtered by; each one's key is its first letter."""

ORDERS = {"kind": get_args(Kind), "level": get_args(Level), "area": get_args(Area)}


class QuestionFilters:
    """One chosen value, or all, for each of kind, level and area.

    Attributes:
        due_only: Whether only questions with due points pass.
    """

    def __init__(self) -> None:
        self._chosen: dict[str, str] = {}
        self.due_only = False

    def advance(self, name: str, questions: Sequence[Question]) -> None:
        """Go to the next value of a field that some question has; after the last comes "all"."""
        there = {FIELDS[name](question) for question in questions}
        values = [None, *(value for value in ORDERS[name] if value in there)]
        chosen = values[(values.index(self._chosen.get(name)) + 1) % len(values)]
        self._chosen.pop(name, None)
        if chosen is not None:
            self._chosen[name] = chosen

    def clear(self) -> None:
        """Back to all."""
        self._chosen.clear()
        self.due_only = False

    def passes(self, question: Question, wanted: str, *, is_due: bool) -> bool:
        """Whether a question has the chosen values and the wanted text, in whatever case."""
        if self.due_only and not is_due:
            return False
        fits = all(FIELDS[name](question) == value for name, value in self._chosen.items())
        return fits and wanted.casefold() in f"{question.title} {question.text} {question.id}".casefold()

    def words(self) -> Content:
        """What is chosen, with the key that changes it."""
        parts: list[tuple[str, str]] = []
        for name in FIELDS:
            value = self._chosen.get(name)
            parts += [
                (f"{name} ", MUTED),
                (value or "all", "bold $text-accent" if value else ""),
                (f" ({name[0]})   ", MUTED),
            ]
        due = ("due only", "bold $text-accent") if self.due_only else ("due", MUTED)
        return Content.assemble(*parts, due, (" (w)   ", MUTED))
