"""The only place that constructs engines, each on first use."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, TypeVar, cast

from voicecoach.config import Paths, Settings
from voicecoach.errors import HistoryError, ModelError
from voicecoach.memory import share_heaps

if TYPE_CHECKING:
    from voicecoach.audio.activity import ActivityDetector
    from voicecoach.audio.player import Player
    from voicecoach.audio.recorder import Recorder
    from voicecoach.clip import AudioClip, CompactSound
    from voicecoach.content.model import Bank
    from voicecoach.documents.document import Document
    from voicecoach.embedding.comparer import Comparer
    from voicecoach.embedding.embedder import Vectors, WordEmbedder
    from voicecoach.embedding.minilm import MiniLmEmbedder
    from voicecoach.history.records import History
    from voicecoach.history.rounds import RoundStore
    from voicecoach.history.schedule import ScheduleStore
    from voicecoach.history.sqlite import SqliteHistory
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.evaluation.evaluator import Evaluator
    from voicecoach.practice.forgetting import Forgetter
    from voicecoach.scoring.close_reading import Comparison
    from voicecoach.scoring.evidence import Reading
    from voicecoach.speech.shelf import ModelShelf
    from voicecoach.speech.transcriber import Transcriber
    from voicecoach.voice.voice import Voice

EngineT = TypeVar("EngineT")

CHANGES_WITH_SETTINGS = {
    "transcriber": ("engine", "model", "language"),
    "voice": ("voice",),
    "recorder": ("input_device",),
    "player": ("output_device",),
}
"""Engines that `reload` builds anew, and the settings each depends on; other models stay loaded."""

CHANGES_WITH_MODELS = "transcriber"
"""The one that depends on which models are here."""


class WiredEngines:
    """Every engine of this machine, built at its first call and kept (see practice.engines.Engines).

    Each has a lock of its own, so that a slow model does not hold up the player.

    Args:
        settings: Read at the first call of each engine; replace them through `reload`.
        paths: Where things live.
    """

    def __init__(self, settings: Settings, paths: Paths) -> None:
        share_heaps()
        self._settings = settings
        self._paths = paths
        self._built: dict[str, object] = {}
        self._locks: dict[str, RLock] = {}
        self._guard = RLock()
        self._generations = dict.fromkeys(CHANGES_WITH_SETTINGS, 0)

    @property
    def paths(self) -> Paths:
        """Where things live."""
        return self._paths

    @property
    def settings(self) -> Settings:
        """The settings that the engines go by."""
        return self._settings

    def transcriber(self) -> "Transcriber":
        """The best recogniser at hand that the settings allow."""
        return self._once("transcriber", lambda: _transcriber(self._settings, model_folders(self._paths)))

    def embedder(self) -> "WordEmbedder":
        """MiniLM."""
        return self._minilm()

    def comparer(self) -> "Comparer":
        """The network over MiniLM's tokens."""

        def build() -> "Comparer":
            from voicecoach.embedding.minilm_comparer import MiniLmComparer

            return MiniLmComparer(self._minilm())

        return self._once("comparer", build)

    def _minilm(self) -> "MiniLmEmbedder":
        def build() -> "MiniLmEmbedder":
            from voicecoach.embedding.minilm import MiniLmEmbedder

            return MiniLmEmbedder(scratch=self._paths.scratch)

        return self._once("embedder", build)

    def rubric_vectors(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of a rubric's texts, kept on disk."""
        from voicecoach.embedding.cache import VectorCache

        return VectorCache(self.embedder(), self._paths.vectors).encode(texts)

    def rubric_readings(self, comparisons: Sequence["Comparison"]) -> tuple["Reading", ...]:
        """What texts of the bank itself do to its points, kept on disk."""
        from voicecoach.embedding.cache import ReadingCache

        return ReadingCache(self.comparer(), self._paths.vectors).compare(comparisons)

    def forget_vectors(self, texts: Sequence[str]) -> bool:
        """Delete a rubric's vectors from disk."""
        from voicecoach.embedding.cache import VectorCache

        with _deleting(self._paths.vectors):
            return VectorCache(self.embedder(), self._paths.vectors).forget(texts)

    def forget_all_vectors(self) -> int:
        """Delete every rubric's vectors from disk."""
        from voicecoach.embedding.cache import READINGS

        count, folder = 0, self._paths.vectors
        with _deleting(folder):
            for file in (file for end in (".npy", READINGS, ".partial") for file in folder.glob(f"*{end}")):
                file.unlink(missing_ok=True)
                count += file.suffix == ".npy"
        return count

    def activity(self) -> "ActivityDetector":
        """Silero."""

        def build() -> "ActivityDetector":
            from voicecoach.audio.silero import SileroActivity

            return SileroActivity()

        return self._once("activity", build)

    def voice(self) -> "Voice":
        """The voice that the settings ask for, or the best at hand."""
        return self._once("voice", lambda: _voice(self._settings, self._paths))

    def recorder(self) -> "Recorder":
        """PortAudio, with the chosen microphone."""

        def build() -> "Recorder":
            from voicecoach.audio.portaudio import PortAudioRecorder

            return PortAudioRecorder(self._settings.input_device)

        return self._once("recorder", build)

    def player(self) -> "Player":
        """PortAudio, with the chosen loudspeaker."""

        def build() -> "Player":
            from voicecoach.audio.portaudio import PortAudioPlayer

            return PortAudioPlayer(self._settings.output_device)

        return self._once("player", build)

    def decode(self, path: Path) -> "AudioClip":
        """Any file that PyAV reads, as 16 kHz mono."""
        from voicecoach.audio.decode import decode

        return decode(path)

    def compact(self, clip: "AudioClip") -> "CompactSound":
        """MP3, or WAV where that cannot be written."""
        from voicecoach.audio.compact import compact

        return compact(clip)

    def read_document(self, path: Path) -> "Document":
        """Text, Markdown, PDF or Word; the latter two in a process of their own."""
        from voicecoach.documents.reading import read_document

        return read_document(path)

    def shelf(self) -> "ModelShelf":
        """Whisper models, here and on the hub."""

        def build() -> "ModelShelf":
            from voicecoach.speech.hub import HubShelf

            return HubShelf(model_folders(self._paths), self._paths.models)

        return self._once("shelf", build)

    def history(self) -> "History":
        """SQLite in the person's data folder."""
        return self._sqlite()

    def schedule(self) -> "ScheduleStore":
        """In the same database."""

        def build() -> "ScheduleStore":
            from voicecoach.history.sqlite_schedule import SqliteSchedule

            return SqliteSchedule(self._sqlite().database)

        return self._once("schedule", build)

    def rounds(self) -> "RoundStore":
        """In the same database."""

        def build() -> "RoundStore":
            from voicecoach.history.sqlite_rounds import SqliteRounds

            return SqliteRounds(self._sqlite().database)

        return self._once("rounds", build)

    def _sqlite(self) -> "SqliteHistory":
        def build() -> "SqliteHistory":
            from voicecoach.history.sqlite import SqliteHistory

            return SqliteHistory(self._paths.database)

        return self._once("history", build)

    def reload(self, settings: Settings | None = None) -> None:
        """Forget what depends on changed settings, or on models; the next call builds it anew.

        Args:
            settings: New settings; None keeps them (a model was downloaded).
        """
        with self._guard:
            before, self._settings = self._settings, settings or self._settings
            for name, keys in CHANGES_WITH_SETTINGS.items():
                is_changed = any(getattr(before, key) != getattr(self._settings, key) for key in keys)
                if is_changed or (settings is None and name == CHANGES_WITH_MODELS):
                    self._generations[name] += 1
                    self._built.pop(name, None)

    def _once(self, name: str, build: Callable[[], EngineT]) -> EngineT:
        with self._guard:
            lock = self._locks.setdefault(name, RLock())
        with lock:
            # Read once: a reload, which waits for no lock of an engine's, may take it away again.
            engine = self._built.get(name)
            while engine is None:
                generation = self._generations.get(name)
                built = build()
                with self._guard:
                    # A reload during a slow build makes it stale: it was built from the old settings.
                    if generation == self._generations.get(name):
                        engine = self._built[name] = built
            return cast("EngineT", engine)  # each name has one builder


class Assembly:
    """Everything one run of the program needs, built when first asked for.

    Args:
        settings: Which engines, voice and devices.
        paths: Where things live.
        read_bank: Called when a question is first needed, and once.
    """

    def __init__(self, settings: Settings, paths: Paths, read_bank: Callable[[], "Bank"]) -> None:
        self.settings = settings
        self.paths = paths
        self._read_bank = read_bank

    @cached_property
    def engines(self) -> WiredEngines:
        """The engines."""
        return WiredEngines(self.settings, self.paths)

    @cached_property
    def bank(self) -> "Bank":
        """Every question; see `read_bank`."""
        return self._read_bank()

    @cached_property
    def forgetter(self) -> "Forgetter":
        """Deletes what the person wants forgotten."""
        from voicecoach.practice.forgetting import Forgetter

        return Forgetter(self.engines, lambda: self.bank, self.paths.takes)

    @cached_property
    def evaluator(self) -> "Evaluator":
        """Measures the judge."""
        from voicecoach.audio.resampling import resampled
        from voicecoach.embedding.minilm import MiniLmEmbedder
        from voicecoach.practice.evaluation.evaluator import Evaluator

        plain = MiniLmEmbedder(adapted=False, scratch=self.paths.scratch)
        return Evaluator(self.engines, plain, resampled)

    @cached_property
    def coach(self) -> "Coach":
        """The trainer without a screen."""
        from voicecoach.practice.coach import Coach

        return Coach(self.engines, self.bank, self.paths.takes, lambda: datetime.now(UTC))


def assemble(settings: Settings, paths: Paths, bank_folder: Path | None = None) -> Assembly:
    """Wire the program together, with a bank of its own; nothing is built yet."""
    return Assembly(settings, paths, lambda: read_bank(paths, bank_folder))


def read_bank(paths: Paths, bank_folder: Path | None = None) -> "Bank":
    """Every question, but for those that a mistake in the person's own files spoils; no engine is loaded.

    Args:
        paths: Where things live.
        bank_folder: A further folder with prompts/ and rubrics/; None for the usual places alone.

    Raises:
        ContentError: Something else in a bank is wrong.
    """
    from voicecoach.content.loader import find_bank_folders, load_usable
    from voicecoach.content.project_files import ProjectStore

    for folder in (paths.own_bank, bank_folder):
        if folder is not None:
            ProjectStore(folder).finish()
    return load_usable(find_bank_folders(bank_folder, paths.own_bank))


def model_folders(paths: Paths) -> tuple[Path, ...]:
    """Where Whisper models are looked for: a checkout's models/, the person's cache, Hugging Face's."""
    from voicecoach.speech.local import hub_cache

    checkout = Path(__file__).resolve().parent.parent
    beside = (checkout / "models",) if (checkout / "pyproject.toml").is_file() else ()
    return (*beside, paths.models, hub_cache())


@contextmanager
def _deleting(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HistoryError(
            f"{folder}: a file cannot be deleted: {error.strerror}.", "Check the folder's permissions."
        ) from error


def _transcriber(settings: Settings, folders: Sequence[Path]) -> "Transcriber":
    if settings.engine == "pocketsphinx":
        return _pocketsphinx(settings)
    from voicecoach.speech.hub import find_model

    found = find_model(settings.model, folders, settings.language)
    if found is not None:
        from voicecoach.speech.whisper import WhisperTranscriber

        name, folder = found
        return WhisperTranscriber(folder, name, settings.language)
    if settings.engine == "whisper" or settings.model != "auto":
        raise _no_model(settings, folders)
    return _pocketsphinx(settings)


def _no_model(settings: Settings, folders: Sequence[Path]) -> ModelError:
    """What to tell where the model is not here: fetch it, or where it would not help the best that does."""
    from voicecoach.speech.local import helpful_model

    in_english = settings.language == "en"
    helpful = helpful_model(settings.model, settings.language)
    wanted = f"the Whisper model {settings.model!r}"
    if settings.model == "auto":
        wanted = "a Whisper model" if in_english else f"a Whisper model that hears {settings.language!r}"
    searched = ", ".join(str(folder) for folder in folders)
    chosen = "" if settings.model in ("auto", helpful) else f" and set model to {helpful}"
    otherwise = ", or set engine and model to auto" if in_english else ""
    return ModelError(
        f"The settings ask for {wanted}, and none is in {searched}.",
        f"Fetch one with `voicecoach models download {helpful}`{chosen}{otherwise}.",
    )


def _pocketsphinx(settings: Settings) -> "Transcriber":
    from voicecoach.speech.sphinx import PocketSphinxTranscriber

    if settings.language != "en":
        fetch = "fetch a model for other languages with `voicecoach models download small`"
        raise ModelError(
            f"The embedded recogniser hears English only, and language is set to {settings.language!r}.",
            f"{fetch.capitalize()}."
            if settings.engine == "auto"
            else f"Set language to en; or set engine to auto, and {fetch} if none is here.",
        )
    return PocketSphinxTranscriber()


def _voice(settings: Settings, paths: Paths) -> "Voice":
    """A Piper voice that can speak here, then that of macOS or Windows, then the embedded espeak-ng."""
    from voicecoach.voice.espeak import EspeakVoice
    from voicecoach.voice.piper import PiperVoice, find_piper_voice, is_installed
    from voicecoach.voice.system import system_voice

    if settings.voice in ("auto", "piper"):
        piper = find_piper_voice(paths.voices)
        if piper is not None and (settings.voice == "piper" or is_installed()):
            return PiperVoice(piper)
        if settings.voice == "piper":
            raise ModelError(
                f"The settings ask for a Piper voice, and none is in {paths.voices}.",
                "Put NAME.onnx and NAME.onnx.json there, or set voice to auto.",
            )
    if settings.voice == "system" or (settings.voice == "auto" and sys.platform in ("darwin", "win32")):
        system = system_voice(paths.scratch)
        if system is not None:
            return system
        if settings.voice == "system":
            raise ModelError("This system has no voice of its own.", "Set voice to espeak or auto.")
    return EspeakVoice(links=paths.scratch)
