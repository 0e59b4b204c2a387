"""Devices, engines, models, voice and looks; every change is saved at once."""

from typing import TYPE_CHECKING, ClassVar, get_args

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Select, Static

from voicecoach.config import EngineChoice, VoiceChoice
from voicecoach.errors import VoicecoachError
from voicecoach.speech.shelf import ModelEntry
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.layout import Choice, choices_of, styled
from voicecoach.tui.messages import DevicesFound, DownloadWanted, ModelsFound, SettingChanged, Trouble
from voicecoach.tui.widgets.download_line import DownloadLine
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.microphone_test import MicrophoneTest
from voicecoach.tui.widgets.now_playing import NowPlaying
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import MUTED, size

if TYPE_CHECKING:
    from voicecoach.clip import AudioClip
    from voicecoach.practice.coach import Coach

ENGINE_WORDS: dict[str, str] = {
    "auto": "the best at hand",
    "whisper": "Whisper only",
    "pocketsphinx": "PocketSphinx (built in)",
}
VOICE_WORDS: dict[str, str] = {
    "auto": "the best at hand",
    "espeak": "espeak-ng (built in)",
    "piper": "Piper, where one is installed",
    "system": "the system's own",
}
READ_ALOUD: tuple[Choice, ...] = (("yes, when practice opens", "yes"), ("no, only with p", "no"))
SYSTEM_DEFAULT: Choice = ("the system's default", "")
BEST_MODEL: Choice = ("the best that is here", "auto")

MODEL_COLUMNS = (
    Column("Whisper model", 16),
    Column("Size", 7, "right"),
    Column("State", 10),
    Column("Gain", 0),
)

SAMPLE = "This is how questions sound. Take a breath, then answer in about a minute."


class SettingsScreen(Screen[None]):
    """The settings.

    Args:
        coach: Knows devices and models.
        desk: Keeps the settings.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next"),
        Binding("enter", "choose", "Change"),
        Binding("m", "microphone", "Test microphone"),
        Binding("v", "voice", "Test voice"),
        Binding("e", "app.corrections", "Your corrections"),
        Binding("c", "app.cancel_download", "Cancel fetching"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach", desk: SettingsDesk) -> None:
        super().__init__()
        self._coach = coach
        self._desk = desk
        self._entries: tuple[ModelEntry, ...] = ()

    def compose(self) -> ComposeResult:
        """One line a setting, then the models, then the tests."""
        settings = self._desk.current
        themes = [(name, name) for name in sorted(self.app.available_themes) if name != "textual-ansi"]
        yield Static(
            Content.assemble(
                ("Settings", "bold $text-primary"), (f"   saved at once to {self._desk.file}", MUTED)
            ),
            id="title",
        )
        with VerticalScroll(id="settings", can_focus=False):
            yield from self._line("Microphone", "input_device", _devices(settings.input_device))
            yield from self._line("Loudspeaker", "output_device", _devices(settings.output_device))
            yield from self._line("Recogniser", "engine", _words(get_args(EngineChoice), ENGINE_WORDS))
            yield from self._line("Whisper model", "model", _models(settings.model, ()))
            with Horizontal(classes="setting"):
                yield Static("Language", classes="label")
                yield Input(settings.language, id="language", max_length=2, compact=True)
                yield Static("two letters, for Whisper", classes="remark")
            yield from self._line("Voice", "voice", _words(get_args(VoiceChoice), VOICE_WORDS))
            yield from self._line("Read aloud", "speak_questions", list(READ_ALOUD))
            yield from self._line("Theme", "theme", themes)
            yield MicrophoneTest(self._coach, id="test")
            yield NowPlaying(self._coach.engines.player, id="playing")
            yield Rows(MODEL_COLUMNS, "Looking for models.", id="models")
            yield Static(id="model-detail", classes="muted", markup=False)
        yield DownloadLine(id="download")
        yield KeysFooter()

    def _line(self, label: str, key: str, choices: list[Choice]) -> ComposeResult:
        current = self._value(key)
        known = current in [value for _, value in choices]
        with Horizontal(classes="setting"):
            yield Static(label, classes="label")
            shown = choices if known else [*choices, (current, current)]
            yield Select(choices_of(shown), value=current, allow_blank=False, id=key, compact=True)

    def on_mount(self) -> None:
        """Look for devices and models."""
        self.query_one("#playing").display = False
        self._look_for_devices()
        self.look_for_models()

    def _value(self, key: str) -> str:
        value = getattr(self._desk.current, key)
        return ("yes" if value else "no") if isinstance(value, bool) else str(value)

    @work(thread=True, group="devices")
    def _look_for_devices(self) -> None:
        try:
            inputs = self._coach.engines.recorder().devices()
            outputs = self._coach.engines.player().devices()
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(DevicesFound(inputs, outputs))

    def on_devices_found(self, message: DevicesFound) -> None:
        """Offer the devices that are plugged in."""
        message.stop()
        settings = self._desk.current
        self._offer("input_device", _devices(settings.input_device, message.inputs))
        self._offer("output_device", _devices(settings.output_device, message.outputs))

    @work(thread=True, group="models", exclusive=True)
    def look_for_models(self) -> None:
        """See which models are here."""
        try:
            entries = self._coach.engines.shelf().entries()
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(ModelsFound(entries))

    def on_models_found(self, message: ModelsFound) -> None:
        """List the models with their state."""
        message.stop()
        self._entries = message.entries
        self._offer("model", _models(self._desk.current.model, message.entries))
        self.query_one("#models", Rows).set_rows([_model_row(entry) for entry in message.entries])

    def _offer(self, key: str, choices: list[Choice]) -> None:
        select: Select[str] = self.query_one(f"#{key}", Select)
        with self.prevent(Select.Changed):
            select.set_options(choices_of(choices))
            select.value = self._value(key)

    def on_select_changed(self, event: Select.Changed) -> None:
        """Save what was chosen."""
        event.stop()
        key, value = str(event.select.id), str(event.value)
        self._change(key, value == "yes" if key == "speak_questions" else value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Save the language as soon as both letters are there."""
        event.stop()
        if len(event.value) == 2:
            self._change("language", event.value)

    def _change(self, key: str, value: str | bool) -> None:
        if getattr(self._desk.current, key) != value:
            self.post_message(SettingChanged(key, value))

    def show_settings(self) -> None:
        """Show what is in force again, after a value that was wrong."""
        with self.prevent(Select.Changed, Input.Changed):
            for select in self.query(Select):
                if select.id is not None:
                    select.value = self._value(select.id)
            self.query_one("#language", Input).value = self._desk.current.language

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Enter on the list of models is for models that can be fetched."""
        return action != "choose" or self._chosen_model() is not None

    def _chosen_model(self) -> ModelEntry | None:
        if not self.is_mounted or not self.query_one("#models", Rows).options.has_focus:
            return None
        key = self.query_one("#models", Rows).key
        return next((entry for entry in self._entries if entry.name == key), None)

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Tell the highlighted model's gain and cost in full."""
        entry = next((entry for entry in self._entries if entry.name == event.key), None)
        if entry is not None:
            detail = f"{entry.name}: {entry.problem or entry.gain}. Speed: {entry.cost}."
            self.query_one("#model-detail", Static).update(detail)
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        """Enter means something on the list of models alone."""
        self.refresh_bindings()

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_choose()

    def action_choose(self) -> None:
        """Use the highlighted model, fetching it first where it is not here."""
        entry = self._chosen_model()
        if entry is None:
            return
        if entry.path is not None and not entry.problem:
            self.query_one("#model", Select).value = entry.name
        else:
            self.post_message(DownloadWanted(entry, then_chosen=True))

    def action_microphone(self) -> None:
        """Show the microphone's level for a few seconds."""
        self.query_one(MicrophoneTest).toggle()

    def action_voice(self) -> None:
        """Speak a sentence, or fall silent."""
        playing = self.query_one(NowPlaying)
        if playing.playing:
            playing.stop()
            return
        playing.display = True
        playing.play(self._sample, "Speaking. v stops.")

    def _sample(self) -> "AudioClip":
        return self._coach.engines.voice().synthesize(SAMPLE)

    def on_now_playing_ended(self) -> None:
        """Give the line back."""
        self.query_one(NowPlaying).display = False

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()


def _devices(current: str, names: tuple[str, ...] = ()) -> list[Choice]:
    choices = [SYSTEM_DEFAULT, *((name, name) for name in names)]
    if current and current not in names:
        choices.append((f"{current} (not plugged in)" if names else current, current))
    return choices


def _words(values: tuple[str, ...], words: dict[str, str]) -> list[Choice]:
    return [(words[value], value) for value in values]


def _models(current: str, entries: tuple[ModelEntry, ...]) -> list[Choice]:
    here = [entry.name for entry in entries if entry.path is not None and not entry.problem]
    choices = [BEST_MODEL, *((name, name) for name in here)]
    if current not in ("auto", *here):
        choices.append((f"{current} (not here)" if entries else current, current))
    return choices


def _model_row(entry: ModelEntry) -> Row:
    if entry.problem:
        state = styled("damaged", "$text-error")
    elif entry.path is not None:
        state = styled("✓ here", "$text-success")
    else:
        state = styled("not here", MUTED)
    gain = entry.problem or entry.gain
    return Row(
        entry.name,
        (
            styled(entry.name),
            styled(size(entry.size_bytes)),
            state,
            styled(gain, MUTED),
        ),
    )
