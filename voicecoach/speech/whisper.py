"""Whisper through faster-whisper, from weights that are already on this machine."""

import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import EngineError, ModelError
from voicecoach.outside import FileError, one_line, quoted, read_json, read_text
from voicecoach.speech.catalogue import CATALOGUE
from voicecoach.speech.local import hears, is_folder
from voicecoach.speech.spans import Cutting
from voicecoach.speech.weights import decoder_size
from voicecoach.transcript import EngineInfo, Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_CUTTING = Cutting(
    # What Whisper takes in at once.
    longest_s=30.0,
    # Whisper invents words in a silence this long, and drifts over it.
    widest_gap_s=3.0,
    # A soft first or last sound is not cut off.
    padding_s=0.2,
)
_LIVE_CUTTING = replace(_CUTTING, enough_s=8.0, enough_gap_s=0.5)

SPACELESS_LANGUAGES = frozenset({"ja", "lo", "my", "th", "yue", "zh"})
"""Written without spaces: a missing space joins nothing."""

SILENCE_BEHIND = 320
"""Samples, two of Whisper's frames: too short to be heard as anything."""

MARKERS = ("<|startoftranscript|>", "<|endoftext|>", "<|notimestamps|>")
"""Tokens that every Whisper has; their ids must agree between tokenizer and weights."""

PREPROCESSOR = "preprocessor_config.json"
SIZES = {
    "feature_size": (80, 128),
    "n_fft": (400,),
    "hop_length": (160,),
    "chunk_length": (30,),
    "sampling_rate": (SPEECH_RATE,),
}
"""How every Whisper takes its sound (https://github.com/openai/whisper/blob/main/whisper/audio.py)."""

MAX_JSON_BYTES = 20_000_000
"""The largest file of these is a tokenizer of some 2 MB."""


class WhisperTranscriber:
    """A Whisper model, loaded. It never reaches the network and is never told what to expect.

    Args:
        folder: A CTranslate2 Whisper model with its tokenizer.json.
        name: How the model is called, on the card too.
        language: ISO 639-1 code that it listens for.

    Raises:
        ModelError: The folder is incomplete, damaged, made for something else, or lacks the language.
    """

    def __init__(self, folder: Path, name: str, language: str) -> None:
        _check_files(folder, name)
        self._model = _load(folder, name)
        self._info = EngineInfo(name="whisper", model=name)
        self._language = language
        self._lock = threading.Lock()
        _check_parts(self._model, folder, name)
        _check_language(self._model, name, language)

    @property
    def info(self) -> EngineInfo:
        """Name and model; a note is not needed."""
        return self._info

    @property
    def language(self) -> str:
        """What it listens for."""
        return self._language

    @property
    def cutting(self) -> Cutting:
        """Windows as long as Whisper's own, which begin and end in pauses, never inside a word."""
        return _CUTTING

    @property
    def live_cutting(self) -> Cutting:
        """Shorter windows: the encoder costs the same for each, the decoder less."""
        return _LIVE_CUTTING

    def hear(self, sound: AudioClip) -> tuple[Word, ...]:
        """Hear one stretch; see Transcriber."""
        if sound.rate != SPEECH_RATE:
            raise EngineError(f"Whisper was given {sound.rate} Hz audio; it hears {SPEECH_RATE} Hz.")
        if not len(sound.samples):
            return ()
        samples = sound.as_float32()
        with self._lock:
            try:
                try:
                    return self._heard(samples)
                except IndexError:
                    # A last window of a single frame cannot be aligned (faster-whisper issue 1342).
                    return self._heard(_lengthened(samples))
            except Exception as error:
                raise EngineError(
                    f"Whisper ({self._info.model}) failed: {_first_line(error)}",
                    "Try again, or choose another model in the settings.",
                ) from error

    def _heard(self, samples: "npt.NDArray[np.float32]") -> tuple[Word, ...]:
        segments, _ = self._model.transcribe(
            samples,
            language=self._language,
            word_timestamps=True,
            condition_on_previous_text=False,
            vad_filter=False,
        )
        return tuple(word for segment in segments for word in _words(segment.words or (), self._language))


def _lengthened(samples: "npt.NDArray[np.float32]") -> "npt.NDArray[np.float32]":
    """With a little silence behind it."""
    import numpy as np  # noqa: PLC0415 - as heavy as the engine, and seldom needed

    return np.pad(samples, (0, SILENCE_BEHIND))


def _words(heard: Sequence[Any], language: str) -> list[Word]:
    """One segment's words; what faster-whisper splits off without a space ("0" ".85") is joined again."""
    words: list[Word] = []
    for part in heard:
        text, probability = part.word.strip(), min(1.0, float(part.probability))
        if not text:
            continue
        if words and not part.word[0].isspace() and language not in SPACELESS_LANGUAGES:
            whole = words.pop()
            text, probability = whole.text + text, min(whole.probability, probability)
            words.append(Word(text, whole.start_s, float(part.end), probability))
        else:
            words.append(Word(text, float(part.start), float(part.end), probability))
    return words


def _check_files(folder: Path, name: str) -> None:
    """Everything that faster-whisper would otherwise fetch or trip over."""
    if not is_folder(folder):
        raise ModelError(f"Whisper model {name}: {folder} is not a folder.", _hint(name))
    try:
        _look_into(folder, name)
    except OSError as error:
        raise ModelError(
            f"Whisper model {name}: {folder} cannot be read: {error.strerror}.", "Mend its permissions."
        ) from error


def _look_into(folder: Path, name: str) -> None:
    for file in ("model.bin", "config.json", "tokenizer.json"):
        # Without its own tokenizer.json faster-whisper downloads another model's.
        if not (folder / file).is_file():
            raise ModelError(f"Whisper model {name}: {folder} holds no {file}.", _hint(name))
    vocabulary = next(iter(sorted(folder.glob("vocabulary.*"))), None)
    if vocabulary is None or not vocabulary.is_file():
        raise ModelError(f"Whisper model {name}: {folder} holds no vocabulary.", _hint(name))
    for part in (vocabulary, folder / "config.json", folder / "tokenizer.json"):
        # The libraries read these whole, whatever their size.
        if part.stat().st_size > MAX_JSON_BYTES:
            raise ModelError(
                f"Whisper model {name}: {part} is too large to be what it is called.", _hint(name)
            )
    _check_sizes(folder, name)


def _check_sizes(folder: Path, name: str) -> None:
    """The sizes that sound is cut into before Whisper hears it: larger ones would fill the memory."""
    if not (folder / PREPROCESSOR).exists() and not (folder / PREPROCESSOR).is_symlink():
        return
    given = _json(folder, PREPROCESSOR, name)
    for key, allowed in SIZES.items():
        if given.get(key, allowed[0]) not in allowed:
            raise ModelError(
                f"Whisper model {name}: {PREPROCESSOR} in {folder} is damaged: {key} is "
                f"{quoted(given[key])}, and Whisper's is {' or '.join(map(str, allowed))}.",
                _hint(name),
            )


def _load(folder: Path, name: str) -> Any:
    import ctranslate2  # noqa: PLC0415 - heavy
    from faster_whisper import WhisperModel  # noqa: PLC0415 - heavy

    def load(device: str, compute_type: str) -> Any:
        return WhisperModel(
            str(folder),
            device=device,
            compute_type=compute_type,
            cpu_threads=_cpu_threads(),
            local_files_only=True,
        )

    try:
        if ctranslate2.get_cuda_device_count():
            try:
                model = load("cuda", "default")
                # CUDA's libraries are looked for at the first computation, not at loading.
                model.encode(_silence(model))
            except RuntimeError:
                pass
            else:
                return model
        return load("cpu", "int8")
    except Exception as error:
        # tokenizers raises plain Exception for a damaged tokenizer.json.
        raise ModelError(
            f"Whisper model {name}: {folder} cannot be loaded: {_first_line(error)}", _hint(name)
        ) from error


def _silence(model: Any) -> "npt.NDArray[np.float32]":
    """One window of features of nothing, shape (mel bands, frames)."""
    import numpy as np  # noqa: PLC0415 - only a GPU needs it

    extractor = model.feature_extractor
    return np.zeros((extractor.mel_filters.shape[0], extractor.nb_max_frames), np.float32)


def _cpu_threads() -> int:
    """The physical cores of a usual laptop: hyper-threads slow matrix products down."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 4
    return min(count, 8, max(4, count // 2))


def _check_parts(model: Any, folder: Path, name: str) -> None:
    """Parts of different models load well together and then hear nonsense, or fail at the first answer."""
    vocabulary = _vocabulary(folder, name)
    for marker in MARKERS:
        index = model.hf_tokenizer.token_to_id(marker)
        if index is None or index >= len(vocabulary) or vocabulary[index] != marker:
            raise ModelError(
                f"Whisper model {name}: tokenizer.json and vocabulary in {folder} are of different models.",
                _hint(name),
            )
    if model.feature_extractor.mel_filters.shape[0] != model.model.n_mels:
        raise ModelError(
            f"Whisper model {name}: preprocessor_config.json in {folder} is missing or of another model.",
            _hint(name),
        )
    config = _json(folder, "config.json", name)
    if not config.get("alignment_heads"):
        raise ModelError(
            f"Whisper model {name}: config.json in {folder} names no alignment heads.",
            _hint(name),
        )
    # CTranslate2 writes to memory that is not its own where these point beyond what there is.
    heads = config["alignment_heads"]
    ends = _decoder_size(folder, name)
    if not (isinstance(heads, list) and all(_is_pair(head, ends) for head in heads)):
        raise ModelError(
            f"Whisper model {name}: config.json in {folder} is damaged: alignment_heads.", _hint(name)
        )
    for key in ("suppress_ids", "suppress_ids_begin", "lang_ids"):
        ids = config.get(key) or []
        if not (isinstance(ids, list) and all(_is_index(each, len(vocabulary)) for each in ids)):
            raise ModelError(f"Whisper model {name}: config.json in {folder} is damaged: {key}.", _hint(name))


def _is_index(value: object, end: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < end


def _is_pair(head: object, ends: tuple[int, int]) -> bool:
    """Whether it is [layer, head] within so many of each."""
    return isinstance(head, list) and len(head) == 2 and all(map(_is_index, head, ends))


def _decoder_size(folder: Path, name: str) -> tuple[int, int]:
    try:
        return decoder_size(folder / "model.bin")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"Whisper model {name}: {folder}/model.bin cannot be read: {one_line(error)}.", _hint(name)
        ) from error


def _json(folder: Path, file: str, name: str) -> dict[str, Any]:
    try:
        found = read_json(folder / file, MAX_JSON_BYTES)
    except (FileNotFoundError, FileError) as problem:
        raise ModelError(f"Whisper model {name}: {folder}/{file}: {problem}.", _hint(name)) from problem
    if not isinstance(found, dict):
        raise ModelError(f"Whisper model {name}: {folder}/{file}: holds no JSON object.", _hint(name))
    return found


def _vocabulary(folder: Path, name: str) -> list[str]:
    """The tokens that the weights were made for, by id."""
    file = next(iter(sorted(folder.glob("vocabulary.*"))))
    try:
        if file.suffix == ".json":
            return list(read_json(file, MAX_JSON_BYTES))
        return read_text(file, MAX_JSON_BYTES).split("\n")
    except (FileNotFoundError, FileError, TypeError) as error:
        raise ModelError(f"Whisper model {name}: {file}: {one_line(error)}.", _hint(name)) from error


def _check_language(model: Any, name: str, language: str) -> None:
    # Some that know the tokens of every language were trained on English alone.
    is_english = not model.model.is_multilingual
    if (is_english and language != "en") or (name in CATALOGUE and not hears(name, language)):
        raise ModelError(
            f'Whisper model {name} hears English only, but the language is set to "{language}".',
            "Choose one that hears it, such as small, or set the language to en.",
        )
    if is_english:
        return
    if language not in model.supported_languages or not model.hf_tokenizer.token_to_id(f"<|{language}|>"):
        raise ModelError(
            f'Whisper model {name} does not know the language "{language}".',
            "Use an ISO 639-1 code such as en or de.",
        )


def _hint(name: str) -> str:
    if name in CATALOGUE:
        return f"`voicecoach models download {name}` fetches it again."
    return "Set the model to a folder that holds a CTranslate2 Whisper model, or to a name such as small.en."


def _first_line(error: Exception) -> str:
    return one_line(str(error).strip().partition("\n")[0] or type(error).__name__).rstrip(".") + "."
