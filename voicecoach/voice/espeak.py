"""espeak-ng through ctypes: the voice that is always there.

The package `espeakng-loader` carries the library and its data. The functions are those of espeak-ng 1.52
(`espeak_ng.h`, `speak_lib.h`); the espeak_ng_* ones report failures as codes where the older
espeak_Initialize prints to stderr or ends the process.
"""

import ctypes
import hashlib
import importlib.util
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np

from voicecoach.clip import AudioClip
from voicecoach.errors import EngineError
from voicecoach.outside import pip
from voicecoach.private import make_private_folder
from voicecoach.voice.voice import speakable

_PITCH = 45
_RATE_PER_WORD_A_MINUTE = 0.75
_RATE_RANGE = (80, 450)

_PARAMETER_RATE = 1
_PARAMETER_PITCH = 3
_OUTPUT_SYNCHRONOUS = 1
_POSITION_CHARACTER = 1
_CHARS_UTF8 = 1

_DATA_FOLDER = "espeak-ng-data"
_LONGEST_PARENT = 140
"""Bytes. The library keeps "<parent>/espeak-ng-data" in 160 (230 on Windows) and cuts off the rest."""

_REINSTALL = f"Reinstall it: {pip('install --force-reinstall espeakng-loader')}"

_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)

_lock = threading.Lock()
"""The library has one global state for the whole process."""

_engines: "list[_Engine]" = []
"""The initialised library, once something has been spoken."""


class EspeakVoice:
    """Speaks with espeak-ng. Safe to use from several threads, which take turns.

    A text gives the same samples whenever a process speaks it first; later in the process they may
    differ inaudibly, because the synthesiser carries its phase over from one utterance to the next.

    Args:
        language: An espeak-ng language, such as "en-us" or "de".
        words_per_minute: Pace of running English speech.
        links: Where a link to the library's data may be made, for a package whose own path is too long for
            the library. Made when needed.
    """

    def __init__(
        self, language: str = "en-us", words_per_minute: int = 155, links: Path | None = None
    ) -> None:
        self._language = language
        self._links = links
        self._words_per_minute = words_per_minute

    @property
    def name(self) -> str:
        """The engine and its language."""
        return f"espeak-ng ({self._language})"

    def synthesize(self, text: str, stretch: float = 1.0) -> AudioClip:
        """Speak a text.

        Args:
            text: What to say.
            stretch: How many times as long as at the voice's own pace it should take.

        Returns:
            Mono speech at the library's own rate, 22,050 samples a second.

        Raises:
            EngineError: The text is empty, the language is unknown, or the library is missing or broken.
        """
        spoken = speakable(text)
        with _lock:
            if not _engines:
                _engines.append(_load_engine(self._links))
            return _engines[0].speak(self._language, spoken, self._rate(stretch))

    def _rate(self, stretch: float) -> int:
        rate = round(self._words_per_minute * _RATE_PER_WORD_A_MINUTE / stretch)
        return min(max(rate, _RATE_RANGE[0]), _RATE_RANGE[1])


class _Engine:
    """The initialised library. One a process; its caller holds `_lock`."""

    def __init__(self, library: ctypes.CDLL, data_parent: Path, links: Path | None) -> None:
        self._library = library
        self._folder = _short_enough(data_parent, links)
        encoding = "mbcs" if sys.platform == "win32" else sys.getfilesystemencoding()
        library.espeak_ng_InitializePath(str(self._folder).encode(encoding, "surrogateescape"))
        context = ctypes.c_void_p()
        self._check(library.espeak_ng_Initialize(ctypes.byref(context)), f"cannot read {data_parent}")
        self._check(
            library.espeak_ng_InitializeOutput(_OUTPUT_SYNCHRONOUS, 0, None), "cannot make its output"
        )
        self._blocks: list[bytes] = []
        # ctypes does not keep a callback alive that only the library holds.
        self._callback = _SynthCallback(self._take_block)
        library.espeak_SetSynthCallback(self._callback)

    def speak(self, language: str, text: str, rate: int) -> AudioClip:
        library = self._library
        self._blocks.clear()
        self._check(library.espeak_ng_SetVoiceByName(language.encode()), f"has no voice {language!r}")
        self._check(library.espeak_ng_SetParameter(_PARAMETER_RATE, rate, 0), "refused the pace")
        self._check(library.espeak_ng_SetParameter(_PARAMETER_PITCH, _PITCH, 0), "refused the pitch")
        raw = text.encode("utf-8")
        status = library.espeak_ng_Synthesize(
            raw,
            ctypes.c_size_t(len(raw) + 1),
            ctypes.c_uint(0),
            _POSITION_CHARACTER,
            ctypes.c_uint(0),
            ctypes.c_uint(_CHARS_UTF8),
            None,
            None,
        )
        self._check(status, "cannot speak the text")
        samples = np.frombuffer(b"".join(self._blocks), np.int16).copy()
        self._blocks.clear()
        return AudioClip(samples, int(library.espeak_ng_GetSampleRate()))

    def _take_block(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._blocks.append(ctypes.string_at(samples, count * 2))
        return 0

    def _check(self, status: int, failure: str) -> None:
        if status == 0:
            return
        message = ctypes.create_string_buffer(512)
        self._library.espeak_ng_GetStatusCodeMessage(status, message, ctypes.c_size_t(len(message)))
        reason = message.value.decode("utf-8", "replace")
        raise EngineError(f"espeak-ng {failure}: {reason}.", _REINSTALL)


def _load_engine(links: Path | None) -> _Engine:
    if importlib.util.find_spec("espeakng_loader") is None:
        raise EngineError("The package espeakng-loader is missing.", pip("install espeakng-loader"))
    import espeakng_loader  # noqa: PLC0415 - only speaking needs it

    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        parent = Path(espeakng_loader.get_data_path()).parent
    except (OSError, RuntimeError) as error:
        raise EngineError(f"espeak-ng cannot be loaded: {error}.", _REINSTALL) from error
    return _Engine(library, parent, links)


def _short_enough(parent: Path, links: Path | None) -> Path:
    """The folder itself, or a short one that links to its data where the library would cut the path off."""
    if len(os.fsencode(parent)) <= _LONGEST_PARENT:
        return parent
    too_long = EngineError(
        f"espeak-ng cannot use its data: the path {parent} is too long for it.",
        "Install voicecoach in a folder with a shorter path.",
    )
    # The link stays, for the library reads its data whenever a language is first spoken; each installation
    # has its own, so that it never has to be changed.
    short = links / hashlib.sha256(os.fsencode(parent)).hexdigest()[:12] if links is not None else parent
    if len(os.fsencode(short)) > _LONGEST_PARENT:
        raise too_long
    try:
        make_private_folder(short)
        with suppress(FileExistsError):
            (short / _DATA_FOLDER).symlink_to(parent / _DATA_FOLDER, target_is_directory=True)
    except OSError as error:
        raise too_long from error
    return short
