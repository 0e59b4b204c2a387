"""The beats of a project: for each a heading with its time against its budget, and a field to write in."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from voicecoach.content.model import Beat
from voicecoach.content.project import GUIDES
from voicecoach.practice.project_times import BeatTime
from voicecoach.tui.wording import MUTED

GUIDE_OF = {guide.beat: guide for guide in GUIDES}


class BeatField(Vertical):
    """One beat.

    Args:
        number: From 1, in the structure's order.
        beat: The beat.
        text: What is written already.
    """

    class Changed(Message):
        """Something was written."""

    def __init__(self, number: int, beat: Beat, text: str) -> None:
        super().__init__()
        self.beat = beat
        self._number = number
        self._start = text

    def compose(self) -> ComposeResult:
        """Heading and field."""
        guide = GUIDE_OF.get(self.beat.id)
        yield Static(classes="beat-heading")
        yield TextArea(
            self._start,
            compact=True,
            tab_behavior="focus",
            show_line_numbers=False,
            placeholder=guide.belongs if guide else "",
        )

    @property
    def area(self) -> TextArea:
        """Where it is written."""
        return self.query_one(TextArea)

    @property
    def text(self) -> str:
        """What is written."""
        return self.area.text

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Pass it on as a change of the beat."""
        event.stop()
        self.post_message(self.Changed())

    def add(self, line: str) -> None:
        """Put a line behind what is written, with the cursor at its end."""
        area = self.area
        starts_a_line = not area.text or area.text.endswith("\n")
        # Put in like something pasted, which can be undone.
        area.insert(line if starts_a_line else f"\n{line}", area.document.end)
        area.move_cursor(area.document.end)

    def show_time(self, time: BeatTime, *, current: bool) -> None:
        """Say how long it takes against its budget, in words as well as colour."""
        guide = GUIDE_OF.get(self.beat.id)
        colour = "$text-warning" if time.is_long else "$text-success" if time.seconds else MUTED
        self.query_one(".beat-heading", Static).update(
            Content.assemble(
                (f"{self._number} {self.beat.label}", "bold $text-primary" if current else "bold"),
                (f"  {time.seconds:.0f} of {time.budget_s:.0f} s", colour),
                ("  too long" if time.is_long else "", colour),
                ("  <" if current else "", "bold $text-primary"),
                # Last: where the beat's name leaves no room, this is what can go.
                (f"  {guide.sentences}" if guide else "", MUTED),
            )
        )


class Beats(VerticalScroll):
    """All of them; the one that was written in last is the current one.

    Args:
        beats: In order.
        texts: By beat, what is written already.
    """

    can_focus = False

    def __init__(self, beats: tuple[Beat, ...], texts: Mapping[str, str]) -> None:
        super().__init__(id="beats")
        self.fields = tuple(
            BeatField(number, beat, texts.get(beat.id, "")) for number, beat in enumerate(beats, start=1)
        )
        self.current = self.fields[0]

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield from self.fields

    @property
    def texts(self) -> dict[str, str]:
        """What is written, by beat."""
        return {field.beat.id: field.text for field in self.fields}

    def go_to(self, field: BeatField) -> None:
        """Make it the current one, and show it."""
        self.current = field
        field.scroll_visible(animate=False)
