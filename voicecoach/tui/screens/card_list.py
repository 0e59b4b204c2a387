"""What lists of kept answers have in common: a row's card opens."""

from typing import TYPE_CHECKING

from textual import work
from textual.screen import Screen

from voicecoach.errors import VoicecoachError
from voicecoach.tui.messages import AttemptDeleted, CardWanted, Trouble

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach


class CardListScreen(Screen[None]):
    """A list whose rows lead to cards.

    Args:
        coach: Keeps them.
    """

    def __init__(self, coach: "Coach") -> None:
        super().__init__()
        self._coach = coach

    def read_again(self) -> object:
        """Read what is kept now, in a worker."""
        raise NotImplementedError

    def on_screen_resume(self) -> None:
        """Read the list, again when a card may have been corrected or deleted."""
        self.read_again()

    @work(thread=True, group="open", exclusive=True)
    def open_card(self, attempt_id: int) -> None:
        """Show the card of an attempt; the list is read again where another window has deleted it."""
        try:
            attempt = self._coach.attempt(attempt_id)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
            return
        self.post_message(CardWanted(attempt) if attempt is not None else AttemptDeleted())

    def on_attempt_deleted(self, message: AttemptDeleted) -> None:
        """Read the list again."""
        message.stop()
        self.read_again()
