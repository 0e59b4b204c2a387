"""What the app needs of this machine: each need tried for real, with what to do where it fails."""

import locale
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voicecoach.cli.session import Session
from voicecoach.cli.talk import counted
from voicecoach.errors import AudioError, NoPortAudioError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.clip import AudioClip

State = Literal["ok", "warn", "fail"]

LITTLE_DISK_BYTES, NO_DISK_BYTES = 2_000_000_000, 100_000_000
"""Below the first a Whisper model may not fit (an ordinary one takes 0.5 GB, twice that while it
arrives); below the second takes are at risk (a 90 s answer is 3 MB)."""

MEND_PERMISSIONS = "Mend its permissions, or name another place in VOICECOACH_HOME."

SMALLEST_SCREEN = (80, 24)
"""Columns and rows that every screen is made for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: What.
        state: "ok"; "warn": the app does its job, and could do it better; "fail": part of its job
            (asking, recording, hearing, judging, keeping) does not work.
        message: What was found.
        remedy: What to do about it; empty when all is well.
    """

    name: str
    state: State
    message: str
    remedy: str = ""


Probe = Callable[[Session], Iterator[Finding]]


def examine(session: Session, say: Callable[[str], None]) -> Iterator[Finding]:
    """Look at everything, going on after a fault.

    Args:
        session: Where settings, folders and engines come from.
        say: Told what is looked at next, since loading an engine takes seconds.
    """
    broken = False
    for name, probe, needs_engines in PROBES:
        if needs_engines and broken:
            continue
        say(f"Looking at: {name}")
        try:
            yield from probe(session)
        except (VoicecoachError, OSError) as error:
            broken = broken or name == "settings"
            yield failed(name, error)


def failed(name: str, error: VoicecoachError | OSError) -> Finding:
    """What an error tells, one of the system too: of a folder that is somebody else's, say."""
    if isinstance(error, VoicecoachError):
        return Finding(name, "fail", error.message, error.hint)
    where = f"{error.filename}: " if error.filename else ""
    return Finding(name, "fail", f"{where}cannot be read: {error.strerror or error}", MEND_PERMISSIONS)


def _settings(session: Session) -> Iterator[Finding]:
    settings = session.settings
    file = session.paths.settings_file
    where = str(file) if file.exists() else "the defaults; no settings file yet"
    yield Finding("settings", "ok", f"{where} (engine {settings.engine}, voice {settings.voice})")


def _folders(session: Session) -> Iterator[Finding]:
    for name, folder in (("data folder", session.paths.data), ("cache folder", session.paths.cache)):
        base = _nearest(folder)
        if base.is_dir() and os.access(base, os.W_OK | os.X_OK):
            yield Finding(name, "ok", str(folder))
        else:
            yield Finding(name, "fail", f"{base} cannot be written to", MEND_PERMISSIONS)


def _disk(session: Session) -> Iterator[Finding]:
    base = _nearest(session.paths.data)
    free = shutil.disk_usage(base).free
    message = f"{free / 1e9:.1f} GB free at {base}"
    if free < NO_DISK_BYTES:
        yield Finding("disk", "fail", message, "Make room: recordings need a few MB each.")
    elif free < LITTLE_DISK_BYTES:
        yield Finding("disk", "warn", message, "Recordings fit; make room before you download a model.")
    else:
        yield Finding("disk", "ok", message)


def _bank(session: Session) -> Iterator[Finding]:
    bank = session.bank
    sources = ", ".join(str(source) for source in bank.sources)
    message = f"{len(bank.questions)} from {sources}"
    if bank.left_out:
        message = f"{message}; left out: {bank.left_out[0]}"
        yield Finding("questions", "warn", message, "Mend it; `voicecoach check` lists all there is to mend.")
    else:
        yield Finding("questions", "ok", message)


def _database(session: Session) -> Iterator[Finding]:
    if not session.paths.database.exists():
        yield Finding("history", "ok", "nothing kept yet")
        return
    history = session.assembly.engines.history()
    attempts = sum(standing.attempts for standing in history.standings().values())
    history.check()
    yield Finding(
        "history", "ok", f"{counted(attempts, 'attempt')} in {session.paths.database}, every page sound"
    )


def _terminal(_session: Session) -> Iterator[Finding]:
    size = _terminal_size()
    if size is None:
        yield Finding("terminal", "ok", "not run in a terminal, so there was none to look at")
        return
    encoding = locale.getpreferredencoding(do_setlocale=False)
    message = f"{size.columns}x{size.lines}, {encoding}, TERM={os.environ.get('TERM', '')}"
    remedies = []
    if size.columns < SMALLEST_SCREEN[0] or size.lines < SMALLEST_SCREEN[1]:
        remedies.append("Make the window at least 80x24.")
    if encoding.lower().replace("-", "") != "utf8":
        remedies.append("Choose a UTF-8 locale, or lines and bars look broken.")
    if os.name != "nt" and os.environ.get("TERM", "dumb") == "dumb":
        remedies.append("Use a terminal that can place text and show colours (TERM is dumb or unset).")
    yield Finding("terminal", "warn" if remedies else "ok", message, " ".join(remedies))


def _microphone(session: Session) -> Iterator[Finding]:
    meanwhile = "Until then, practise from a recording or typed text."
    try:
        names = session.assembly.engines.recorder().devices()
    except NoPortAudioError as error:
        yield Finding("PortAudio", "fail", error.message, f"{error.hint} {meanwhile}".strip())
        return
    yield Finding("PortAudio", "ok", "is here")
    wanted = session.settings.input_device
    if not names:
        yield Finding(
            "microphone",
            "fail",
            "there is none",
            f"Plug one in, or allow the terminal to use it. {meanwhile}",
        )
    elif wanted and wanted not in names:
        yield Finding(
            "microphone",
            "fail",
            f"the one in the settings, {wanted!r}, is not here",
            f"Plug it in, or choose another in the app's settings: {', '.join(names)}.",
        )
    else:
        _record_a_moment(session)
        yield Finding("microphone", "ok", _opened(wanted, names))


def _record_a_moment(session: Session) -> None:
    """Open the microphone; nothing of what it hears is kept."""
    from voicecoach.audio.takes import TakeStore  # noqa: PLC0415 - --help needs none

    store = TakeStore(session.paths.scratch)
    take = store.scratch(datetime.now(UTC))
    try:
        session.assembly.engines.recorder().start(take).stop()
    finally:
        store.delete(take)


def _loudspeaker(session: Session) -> Iterator[Finding]:
    player = session.assembly.engines.player()
    try:
        names = player.devices()
        player.play(_silence()).stop()
    except AudioError as error:
        yield Finding("loudspeaker", "warn", error.message, error.hint)
        return
    yield Finding("loudspeaker", "ok", _opened(session.settings.output_device, names))


def _opened(wanted: str, names: Sequence[str]) -> str:
    """Which device was tried, and which others there are."""
    chosen = wanted or names[0]
    others = ", ".join(name for name in names if name != chosen)
    return f"{chosen}, opened to try it" + (f"; also here: {others}" if others else "")


def _silence() -> "AudioClip":
    """A second of it."""
    import numpy as np  # noqa: PLC0415 - --help needs none

    from voicecoach.clip import SPEECH_RATE, AudioClip  # noqa: PLC0415 - brings numpy

    return AudioClip(np.zeros(SPEECH_RATE, np.int16), SPEECH_RATE)


def _recogniser(session: Session) -> Iterator[Finding]:
    entries = session.assembly.engines.shelf().entries()
    for entry in entries:
        if entry.problem:
            yield Finding(
                f"model {entry.name}",
                "warn",
                f"{entry.path}: {entry.problem}",
                f"Run `voicecoach models download {entry.name}`.",
            )
    info = session.assembly.engines.transcriber().info
    message = f"{info.name} {info.model}".strip()
    better = "`voicecoach models` lists the Whisper models and what each costs."
    if info.note:
        yield Finding("recogniser", "warn", f"{message}: {info.note}", better)
    else:
        yield Finding("recogniser", "ok", message)


def _judge(session: Session) -> Iterator[Finding]:
    embedder = session.assembly.engines.embedder()
    embedder.encode(["Ready when you are."])
    yield Finding("judge", "ok", f"{embedder.name}, its checksum as published")


def _detector(session: Session) -> Iterator[Finding]:
    session.assembly.engines.activity().speech(_silence())
    yield Finding("speech detector", "ok", "works")


def _voice(session: Session) -> Iterator[Finding]:
    voice = session.assembly.engines.voice()
    clip = voice.synthesize("Ready when you are.")
    yield Finding("voice", "ok", f"{voice.name}, {clip.duration_s:.1f} s spoken to try it")


PROBES: tuple[tuple[str, Probe, bool], ...] = (
    ("settings", _settings, False),
    ("folders", _folders, False),
    ("disk", _disk, False),
    ("questions", _bank, False),
    ("terminal", _terminal, False),
    ("history", _database, True),
    ("microphone", _microphone, True),
    ("loudspeaker", _loudspeaker, True),
    ("recogniser", _recogniser, True),
    ("judge", _judge, True),
    ("speech detector", _detector, True),
    ("voice", _voice, True),
)
"""Name, probe, and whether it needs engines, which need settings that can be read."""


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that exists, as far as the system lets us look."""
    return next(filter(_is_there, (folder, *folder.parents)), folder)


def _is_there(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:
        return False


def _terminal_size() -> os.terminal_size | None:
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        try:
            if stream is not None and stream.isatty():
                return os.get_terminal_size(stream.fileno())
        except (OSError, ValueError):
            continue
    return None
