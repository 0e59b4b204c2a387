"""The keys, and how scoring works in short."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from voicecoach.tui.widgets.keys_footer import KeysFooter

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Home",
        (
            ("enter", "practise the highlighted question"),
            ("n", "practise what comes next: what is due, then today's step of the plan"),
            ("o", "plan: the interview date, today's step, what is done and left"),
            ("k  l  a  w", "filter by kind, level, area, by what is due; x shows all"),
            ("/", "find by part of a title; esc leaves the filter"),
            ("f  t", "score a recording, or typed words, on the question"),
            ("u", "answers that were recorded and never judged"),
            ("j", "target job: paste a title or description, and the list is in its order"),
            ("p", "my project: write what you want to say in each beat, then practise it"),
            ("r", "interview rounds: questions back to back, one report at the end"),
            ("g", "progress: ← → skill, a area, p the last 30 days or all"),
        ),
    ),
    (
        "Practice",
        (
            ("space", "skip the reading; start; stop and be judged"),
            ("p  i  m", "hear the question again; show a hint; hear a good answer"),
            ("r  esc", "while recording: start over; throw it away"),
        ),
    ),
    (
        "Card",
        (
            ("enter", "play the moment of the highlighted row"),
            ("a", "play the whole answer; esc stops"),
            ("tab", "next part of the card; shift+tab goes back"),
            ("r", "answer the same question again"),
            ("o  w", "answer just the highlighted point; all of it without the sentences to cut"),
            ("y  m", "hear your take with its transcript moving along; hear a good answer"),
            ("e", "correct a verdict or a misheard word; settings (e) list all you corrected"),
            ("v", "this take beside another of the question; left and right choose it"),
            ("x", "write it as a page for a browser, with the recording inside"),
        ),
    ),
    (
        "Drill",
        (
            ("d", "from home: rapid rounds over definitions; what is not crisp comes back"),
            ("space", "skip the reading; start or stop an answer; on to the next"),
            ("n  p", "leave a term out; hear the exact version"),
            ("enter", "the whole card of the answer"),
        ),
    ),
    (
        "My project",
        (
            ("^s  ^r", "save; save and practise"),
            ("tab", "next beat; shift+tab goes back; each line is one statement"),
            ("^o  ^n", "open a résumé or notes beside it; go to its lines"),
            ("enter 1-6", "in the notes: pull the line into the current beat, or into that one"),
        ),
    ),
    (
        "Round",
        (
            ("n", "pass on this question"),
            ("esc", "leave; the round can be gone on with"),
            ("tab", "in the list: from the rounds to their reports"),
            ("b  e", "in the list: begin anew; end the round with what is there"),
            ("x", "in the report: write it as a page for a browser, with the recordings inside"),
        ),
    ),
    (
        "Everywhere",
        (
            ("h  s  ?", "history, settings, help (from home)"),
            ("ctrl+p", "command palette: theme, screenshot and more"),
            ("ctrl+q", "quit"),
        ),
    ),
)

SCORING: tuple[tuple[str, str], ...] = (
    ("Coverage", "which points of the rubric you said, in whatever words; the sign says how sure it is"),
    ("Accuracy", "what goes against the rubric; inside the unsure band you are asked to check, not accused"),
    ("Structure", "whether the beats came in order, each within its share of the time"),
    ("Rambling", "seconds that added nothing, ideas said again, and which sentences to cut"),
    ("Relevance", "how clearly it is about what was asked: its sentences nearest to the question"),
    ("Timing", "length against the window, and what had been said if you were stopped early"),
    ("Delivery", "pace, pauses measured in the sound, filler words (at least so many)"),
    ("Proof", "I rather than we, numbers, baselines, decisions with their reasons"),
)

SIGNS = "✓ covered   ◐ partly   ○ missing   ✗ contradicted   ? unsure   ↺ said before   ~ off the point"

PRIVACY = "Everything stays on this machine. Only a model download that you ask for uses the network."


class HelpScreen(Screen[None]):
    """One page of help."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "leave", "Back", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Keys, then scoring, then privacy."""
        with VerticalScroll(id="help"):
            for title, keys in KEYS:
                yield from _section(title, keys)
            yield from _section("How an answer is scored", SCORING)
            for title, text in (("Signs", SIGNS), ("Privacy", PRIVACY)):
                yield Static(title, classes="title")
                yield Static(text, classes="paragraph")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Scroll with the arrow keys at once."""
        self.query_one("#help").focus()

    def action_leave(self) -> None:
        """Back to where it was opened."""
        self.app.pop_screen()


def _section(title: str, rows: tuple[tuple[str, str], ...]) -> ComposeResult:
    """A title, and under it what each key or name means; long lines wrap beside it."""
    yield Static(title, classes="title")
    with Grid(classes="meanings"):
        for name, meaning in rows:
            yield Static(name, classes="name", markup=False)
            yield Static(meaning, markup=False)
