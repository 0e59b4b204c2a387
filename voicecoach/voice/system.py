"""The voice that the system itself brings: say on macOS, SAPI on Windows, flite on Linux."""

import math
import os
import shutil
import subprocess
import sys
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicecoach.clip import AudioClip
from voicecoach.errors import EngineError
from voicecoach.private import make_private_folder
from voicecoach.voice.voice import speakable

_TEXT_FILE = "VOICECOACH_SPEECH_TEXT"
_SOUND_FILE = "VOICECOACH_SPEECH_SOUND"

_SAPI_RATE = "VOICECOACH_SPEECH_RATE"

_SAPI = f"""
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voice.Rate = [int]$env:{_SAPI_RATE}
$voice.SetOutputToWaveFile($env:{_SOUND_FILE})
$voice.Speak([System.IO.File]::ReadAllText($env:{_TEXT_FILE}))
$voice.Dispose()
"""

_LONGEST_WAIT_S = 120

_SAY_PACE = 175
"""Words a minute of macOS say's own voices, about; what comes out is measured by whoever asks for a pace."""

_SAPI_RANGE = 3
"""SAPI's rates run from -10, a third of the voice's own, to 10, three times as fast."""

if sys.platform == "win32":
    # Without it PowerShell would open a window over the terminal.
    _CREATION_FLAGS = subprocess.CREATE_NO_WINDOW
else:
    _CREATION_FLAGS = 0


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A program that reads a text file and writes a WAV file.

    Attributes:
        label: What a person sees.
        program: Looked for on the PATH.
        arguments: "{text}" and "{sound}" stand for the two files; the text itself is never an argument.
        pace: Put before them for another pace than the voice's own; "{pace}" stands for words a minute,
            "{stretch}" for flite's setting of how many times as long it should take.
    """

    label: str
    program: str
    arguments: tuple[str, ...]
    pace: tuple[str, ...] = ()


_SPEAKERS = {
    "darwin": _Speaker(
        "macOS say",
        "say",
        ("-f", "{text}", "-o", "{sound}", "--file-format=WAVE", "--data-format=LEI16@22050"),
        ("-r", "{pace}"),
    ),
    "win32": _Speaker(
        "Windows SAPI", "powershell", ("-NoLogo", "-NoProfile", "-NonInteractive", "-Command", _SAPI)
    ),
    # flite's default voice is 8 kHz; slt is 16 kHz and comes with it.
    "linux": _Speaker(
        "flite", "flite", ("-voice", "slt", "-f", "{text}", "-o", "{sound}"), ("--setf", "{stretch}")
    ),
}


def system_voice(scratch: Path, platform: str = sys.platform) -> "SystemVoice | None":
    """The system's own voice, or None where there is none.

    Args:
        scratch: Where the text and the sound lie for a moment; made when needed.
        platform: As sys.platform spells it.
    """
    speaker = _SPEAKERS.get(platform)
    program = shutil.which(speaker.program) if speaker else None
    return SystemVoice(speaker, program, scratch) if speaker and program else None


class SystemVoice:
    """Speaks through a program of the system. Made by `system_voice`.

    Args:
        speaker: Which program and how to call it.
        program: Its path.
        scratch: Where the text and the sound lie for a moment.
    """

    def __init__(self, speaker: _Speaker, program: str, scratch: Path) -> None:
        self._speaker = speaker
        self._program = program
        self._scratch = scratch

    @property
    def name(self) -> str:
        """The program as a person knows it."""
        return self._speaker.label

    def synthesize(self, text: str, stretch: float = 1.0) -> AudioClip:
        """Speak a text.

        Args:
            text: What to say.
            stretch: How many times as long as at the voice's own pace it should take.

        Returns:
            Mono speech at the rate that the program chose.

        Raises:
            EngineError: The text is empty, or the program failed, took too long or wrote no sound.
        """
        spoken = speakable(text)
        try:
            make_private_folder(self._scratch)
            with tempfile.TemporaryDirectory(dir=self._scratch, ignore_cleanup_errors=True) as folder:
                text_file, sound_file = Path(folder, "question.txt"), Path(folder, "question.wav")
                text_file.write_text(spoken + "\n", "utf-8")
                self._run(text_file, sound_file, stretch)
                return self._read(sound_file)
        except subprocess.TimeoutExpired as error:
            raise self._failed(f"it took longer than {_LONGEST_WAIT_S} s") from error
        except (OSError, subprocess.SubprocessError) as error:
            raise self._failed(str(error)) from error

    def _run(self, text_file: Path, sound_file: Path, stretch: float) -> None:
        places = {
            "{text}": str(text_file),
            "{sound}": str(sound_file),
            "{pace}": str(round(_SAY_PACE / stretch)),
            "{stretch}": f"duration_stretch={stretch:.3f}",
        }
        pace = self._speaker.pace if stretch != 1 else ()
        faster = max(-10, min(10, round(-10 * math.log(stretch, _SAPI_RANGE))))
        done = subprocess.run(
            [self._program, *(places.get(each, each) for each in (*pace, *self._speaker.arguments))],
            env={
                **os.environ,
                _TEXT_FILE: str(text_file),
                _SOUND_FILE: str(sound_file),
                _SAPI_RATE: str(faster),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST_WAIT_S,
            check=False,
            creationflags=_CREATION_FLAGS,
        )
        if done.returncode != 0:
            talk = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
            raise self._failed(talk)

    def _read(self, sound_file: Path) -> AudioClip:
        try:
            with wave.open(str(sound_file), "rb") as sound:
                rate, channels, width = sound.getframerate(), sound.getnchannels(), sound.getsampwidth()
                raw = sound.readframes(sound.getnframes())
        except (wave.Error, EOFError, FileNotFoundError) as error:
            raise self._failed("it wrote no sound") from error
        if width != 2 or not raw:
            raise self._failed("it wrote no 16-bit sound")
        samples = np.frombuffer(raw, "<i2").reshape(-1, channels)[:, 0].astype(np.int16)
        return AudioClip(samples, rate)

    def _failed(self, reason: str) -> EngineError:
        line = " ".join(reason.split())[:200]
        return EngineError(
            f"The system's voice ({self.name}) failed: {line}.", "Choose another voice in the settings."
        )
