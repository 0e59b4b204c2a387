"""The first start's offer of the better recogniser. Nothing is fetched unless it is accepted."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from voicecoach.speech.shelf import ModelEntry
from voicecoach.tui.dialog import Dialog
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.wording import size


class OfferDialog(Dialog[bool]):
    """Says what a download costs and gains; the answer is whether to fetch it now.

    Args:
        entry: The model.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # It comes unasked, over the list: no key that means something there may answer it.
        Binding("y", "answer(True)", "Download now"),
        Binding("escape", "answer(False)", "Not now"),
    ]

    def __init__(self, entry: ModelEntry) -> None:
        super().__init__()
        self._entry = entry

    def compose(self) -> ComposeResult:
        """What, how much, what for."""
        entry = self._entry
        with Vertical(classes="dialog"):
            yield Static("A better recogniser", classes="dialog-title", markup=False)
            yield Static(
                "PocketSphinx, which is built in, hears English only and mishears many words. "
                "Whisper hears far better and runs on this machine too.\n",
                markup=False,
            )
            facts = (
                (
                    "Model",
                    f"Whisper {entry.name}, {size(entry.size_bytes)}, fetched once from huggingface.co",
                ),
                ("Gain", entry.gain),
                ("Speed", entry.cost),
            )
            for label, value in facts:
                with Horizontal(classes="fact"):
                    yield Static(label, classes="label")
                    yield Static(value, classes="value", markup=False)
            yield Static(
                "You can practise while it is fetched. This is asked once: the settings (s) and "
                "`voicecoach models` offer it, and other models, at any time.",
                id="offer-note",
                markup=False,
            )
        yield KeysFooter()

    def action_answer(self, wanted: bool) -> None:
        """Answer with a key."""
        self.dismiss(wanted)
