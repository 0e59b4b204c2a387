"""Piper: a natural voice, where someone has installed the package piper-tts and put a voice in the folder."""

import importlib.util
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.clip import AudioClip
from voicecoach.errors import EngineError
from voicecoach.outside import FileError, one_line, pip, quoted, read_json
from voicecoach.voice.voice import speakable

if TYPE_CHECKING:
    import piper


def find_piper_voice(folder: Path) -> Path | None:
    """The first voice of a folder by name, or None.

    Args:
        folder: Holds NAME.onnx beside NAME.onnx.json; need not exist.
    """
    try:
        models = sorted(path for path in folder.glob("*.onnx") if path.is_file())
    except OSError:
        return None
    return next((path for path in models if _config_of(path).is_file()), None)


def is_installed() -> bool:
    """Whether the package that speaks with such a voice is here."""
    return importlib.util.find_spec("piper") is not None


class PiperVoice:
    """Speaks with a Piper voice, loaded when it first speaks. Threads take turns.

    Args:
        model: NAME.onnx, with NAME.onnx.json beside it.
    """

    def __init__(self, model: Path) -> None:
        self._model = model
        self._voice: piper.PiperVoice | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The engine and the voice's file name."""
        return f"Piper ({self._model.stem})"

    def synthesize(self, text: str, stretch: float = 1.0) -> AudioClip:
        """Speak a text.

        Args:
            text: What to say.
            stretch: How many times as long as at the voice's own pace it should take.

        Returns:
            Mono speech at the rate that the voice was made for.

        Raises:
            EngineError: The text is empty, piper-tts is not installed, or the voice is missing or broken.
        """
        spoken = speakable(text)
        with self._lock:
            if self._voice is None:
                self._voice = _load(self._model)
            try:
                how = _as_long(self._voice, stretch)
                chunks = [
                    chunk.audio_int16_array.reshape(-1) for chunk in self._voice.synthesize(spoken, how)
                ]
            except Exception as error:  # onnxruntime and piper raise many kinds for a model that does not fit
                raise _broken(self._model, error) from error
            rate = self._voice.config.sample_rate
        if not any(chunk.size for chunk in chunks):
            raise EngineError(f"{self._model}: the voice stayed silent.", _CHOOSE_ANOTHER)
        return AudioClip(np.concatenate(chunks).astype(np.int16, copy=False), rate)


_MAX_CONFIG_BYTES = 1_000_000
_CHOOSE_ANOTHER = "Download the voice again (both files), or choose another voice in the settings."


def _config_of(model: Path) -> Path:
    return model.with_name(model.name + ".json")


def _load(model: Path) -> "piper.PiperVoice":
    if not is_installed():
        raise EngineError(
            "Piper is not installed.",
            f"{pip('install piper-tts')}, or choose another voice in the settings.",
        )
    for file in (model, _config_of(model)):
        if not file.is_file():
            raise EngineError(f"{file}: the voice's file is missing.", _CHOOSE_ANOTHER)
    try:
        read_json(
            _config_of(model), _MAX_CONFIG_BYTES
        )  # piper itself would read whatever it is, however large
    except (FileNotFoundError, FileError) as error:
        raise EngineError(f"{_config_of(model)}: {error}.", _CHOOSE_ANOTHER) from error
    try:
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
        import piper  # noqa: PLC0415 - optional and heavy

        onnxruntime.disable_telemetry_events()
        voice = piper.PiperVoice.load(model)
    except Exception as error:  # a broken package, protobuf or configuration raises almost anything
        raise _broken(model, error) from error
    _check_config(voice.config, _config_of(model))
    if not (Path(voice.espeak_data_dir) / "phontab").is_file():
        # Piper's espeak would end the whole process on meeting this.
        raise EngineError(
            f"{voice.espeak_data_dir}: piper-tts is incomplete.", pip("install --force-reinstall piper-tts")
        )
    return voice


def _as_long(voice: "piper.PiperVoice", stretch: float) -> "piper.SynthesisConfig":
    """The voice's own settings, but for its length."""
    import piper  # noqa: PLC0415 - optional and heavy

    return piper.SynthesisConfig(length_scale=voice.config.length_scale * stretch)


def _check_config(config: "piper.PiperConfig", file: Path) -> None:
    """What piper does not look at, and what would fill the memory or reach for the network.

    Raises:
        EngineError: A value is out of its range.
    """
    ranges = {
        "audio.sample_rate": (config.sample_rate, 4_000, 192_000),
        "inference.length_scale": (config.length_scale, 0.1, 10.0),
    }
    for key, (value, low, high) in ranges.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise EngineError(
                f"{file}: {key} is {quoted(value)}, and must be a number from {low:g} to {high:g}.",
                _CHOOSE_ANOTHER,
            )
    if not isinstance(config.sample_rate, int):
        raise EngineError(f"{file}: audio.sample_rate must be a whole number.", _CHOOSE_ANOTHER)
    if config.phoneme_type == "pinyin":
        # For these piper fetches a model of its own from the network, unasked and unchecked.
        raise EngineError(f"{file}: Chinese voices are not supported.", _CHOOSE_ANOTHER)


def _broken(model: Path, error: Exception) -> EngineError:
    return EngineError(
        f"{model}: the voice cannot be used: {type(error).__name__}: {one_line(error)}.", _CHOOSE_ANOTHER
    )
