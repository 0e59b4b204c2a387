"""Dialogs that set a card right: what a point is, and what was said."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from voicecoach.errors import VoicecoachError
from voicecoach.history.records import Attempt
from voicecoach.scoring.card import PointResult, Ruled
from voicecoach.scoring.corrections import heard_in, offered, ruling_of
from voicecoach.scoring.quotes import evidence
from voicecoach.tui.dialog import Dialog
from voicecoach.tui.layout import styled
from voicecoach.tui.screens.confirm import leave
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import KeyList
from voicecoach.tui.wording import MUTED, STATE_COLOURS, STATE_SIGNS

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach

SAYING: dict[Ruled, str] = {
    "covered": "I said it, and it was right",
    "partly": "I said half of it",
    "contradicted": "I said it wrongly",
    "missing": "I did not say it",
}

LEAVE = "Leave it to the judge again"


class _Done(Message):
    """A card has been corrected, or could not be."""

    def __init__(self, attempt: Attempt | None, error: VoicecoachError | None = None) -> None:
        super().__init__()
        self.attempt = attempt
        self.error = error


class CorrectionDialog(Dialog[Attempt]):
    """Corrects a card and gives back its attempt; esc leaves it as it is.

    Args:
        coach: Keeps the attempt.
        attempt: Is kept.
    """

    def __init__(self, coach: "Coach", attempt: Attempt) -> None:
        super().__init__()
        self._corrector = coach.corrector
        self._attempt = attempt
        self._judging = False

    def _correct(self, change: Callable[[], Attempt]) -> None:
        """Judge anew; one change at a time."""
        if not self._judging:
            self._judging = True
            self.query_one("#dialog-trouble", Static).update("Judging it again with your correction.")
            self._work(change)

    @work(thread=True, group="correct")
    def _work(self, change: Callable[[], Attempt]) -> None:
        try:
            self.post_message(_Done(change()))
        except VoicecoachError as error:
            self.post_message(_Done(None, error))

    def on__done(self, message: _Done) -> None:
        """Give the new card back, or say why there is none."""
        message.stop()
        self._judging = False
        if message.attempt is not None:
            self.dismiss(message.attempt)
        else:
            self.query_one("#dialog-trouble", Static).update(str(message.error))

    def action_cancel(self) -> None:
        """Leave the card as it is; what is being judged is waited for."""
        if not self._judging:
            self.dismiss(None)


class VerdictDialog(CorrectionDialog):
    """Asks what a point is.

    Args:
        coach: Keeps the attempt.
        attempt: Is kept.
        point: A point of its card.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Say so"),
        Binding("escape", "cancel", "Leave it"),
    ]

    def __init__(self, coach: "Coach", attempt: Attempt, point: PointResult) -> None:
        super().__init__(coach, attempt)
        self._point = point
        self._ruling = ruling_of(attempt.card, point.id)
        self._judged = self._ruling.judged if self._ruling is not None else point.state
        self._choices: list[Ruled | None] = list(offered(point, attempt.card.accuracy))
        if self._ruling is not None:
            self._choices.append(None)

    def compose(self) -> ComposeResult:
        """The point, what was quoted for it, what the judge says, and what there is to say."""
        quote = evidence(self._attempt.card, self._point)
        unsaid = (
            "Nothing counts as saying it, as you ruled."
            if self._ruling
            else "Nothing was found that says it."
        )
        said = f"“{quote.quote}”" if quote is not None else unsaid
        with Vertical(classes="dialog"):
            yield Static(self._point.label, classes="dialog-title", markup=False)
            yield Static(said, markup=False)
            yield Static(
                Content.assemble(
                    ("The judge says ", MUTED),
                    (f"{STATE_SIGNS[self._judged]} {self._judged}", STATE_COLOURS[self._judged]),
                    (". What is right?", MUTED),
                )
            )
            yield KeyList(*map(self._option, self._choices), compact=True, markup=False, id="verdicts")
            yield Static(id="dialog-trouble", markup=False)
        yield KeysFooter()

    def _option(self, state: Ruled | None) -> Option:
        if state is None:
            return Option(Content(LEAVE))
        parts = [styled(f"{STATE_SIGNS[state]} {SAYING[state]}", STATE_COLOURS[state])]
        if state == self._judged:
            parts.append(styled("  as judged: you agree", MUTED))
        if self._ruling is not None and self._ruling.state == state:
            parts.append(styled("  what you said", MUTED))
        return Option(Content("").join(parts))

    def on_mount(self) -> None:
        """Rest on what holds now."""
        verdicts = self.query_one("#verdicts", OptionList)
        now = self._ruling.state if self._ruling is not None else self._point.state
        verdicts.highlighted = next((i for i, state in enumerate(self._choices) if state == now), 0)
        verdicts.focus()

    def action_choose(self) -> None:
        """Say what is highlighted."""
        self.query_one("#verdicts", OptionList).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Judge again with it."""
        event.stop()
        state = self._choices[event.option_index]
        self._correct(lambda: self._corrector.rule(self._attempt, self._point.id, state))


class WordsDialog(CorrectionDialog):
    """Takes the words of a clause as they were said.

    Args:
        coach: Keeps the attempt.
        attempt: Is kept.
        clause: Place of the clause on its card.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "as_heard", "As heard"),
        Binding("escape", "cancel", "Leave it"),
    ]

    def __init__(self, coach: "Coach", attempt: Attempt, clause: int) -> None:
        super().__init__(coach, attempt)
        self._clause = clause
        self._said = attempt.card.clauses[clause].text
        self._heard = " ".join(heard_in(attempt.card, attempt.heard or attempt.transcript, clause))

    def compose(self) -> ComposeResult:
        """What was heard, and the words to put right."""
        with Vertical(classes="dialog"):
            yield Static("What did you say?", classes="dialog-title", markup=False)
            yield Static(Content.assemble(("Heard: ", MUTED), self._heard))
            yield Input(self._said, id="said", max_length=4000, compact=True, select_on_focus=False)
            yield Static(
                "Put misheard words right; Enter judges the answer again. Nothing is recorded anew.",
                classes="muted",
                markup=False,
            )
            yield Static(id="dialog-trouble", markup=False)
        yield KeysFooter()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge again with these words."""
        event.stop()
        said = event.value
        if said.split() == self._said.split():
            self.dismiss(None)
        else:
            self._correct(lambda: self._corrector.reword(self._attempt, self._clause, said))

    @property
    def is_unsaved(self) -> bool:
        """Whether the words are others than the card has."""
        return any(field.value.split() != self._said.split() for field in self.query("#said").results(Input))

    def action_cancel(self) -> None:
        """Leave the card as it is, and ask first where the words have been changed."""
        leave(self.app, super().action_cancel, loses=self.is_unsaved and not self._judging)

    def action_as_heard(self) -> None:
        """Put the words back as they were heard."""
        self.query_one("#said", Input).value = self._heard
