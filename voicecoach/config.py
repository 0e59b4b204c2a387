"""Settings (defaults < file < environment < flags) and the folders everything lives in."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from voicecoach.errors import SettingsError
from voicecoach.outside import (
    MAX_TOML_BYTES,
    STEERING,
    FileError,
    one_line,
    quoted,
    read_text,
    read_toml,
    shown_key,
)
from voicecoach.private import make_private_folder, private_opener

EngineChoice = Literal["auto", "whisper", "pocketsphinx"]
VoiceChoice = Literal["auto", "espeak", "piper", "system"]
RoleChoice = Literal["any", "mle", "applied-scientist", "ai-engineer"]

ENVIRONMENT_PREFIX = "VOICECOACH_"

MOST_PROBLEMS_TOLD = 10
"""So many problems of the settings are told at once."""

LONGEST_VALUE = 1000
"""Characters of a setting; the longest is the path of a folder."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and halves of characters, which nothing can write out."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can choose. Each field is a key of settings.toml and a VOICECOACH_<KEY> variable.

    Attributes:
        engine: Recogniser: "auto" takes the best at hand, or "whisper", "pocketsphinx".
        model: Whisper model: "auto" takes the best that is here, or a name ("small.en") or a folder.
        language: ISO 639-1 code that Whisper listens for; PocketSphinx hears English only.
        voice: Who asks: "auto", "espeak", "piper" or "system".
        speak_questions: Whether questions are read aloud when practice opens.
        input_device: Microphone by name; empty is the system's default.
        output_device: Loudspeaker by name; empty is the system's default.
        theme: Textual theme of the app.
        offer_download: Whether the app's start may still offer the Whisper download.
        interview_date: YYYY-MM-DD; empty while there is none.
        plan: The plan to that date: "auto" takes the one that fits the days there are, or a plan's id.
        role: Whose interviews: "any", "mle", "applied-scientist" or "ai-engineer".
        plan_start: YYYY-MM-DD, the day on which the date was set; the app notes it.
        use_corrections: Whether corrections adjust the thresholds that answers are judged by.
        corrections_since: Corrections made before this moment (ISO 8601 with its zone) adjust nothing; empty
            counts all.
    """

    engine: EngineChoice = "auto"
    model: str = "auto"
    language: str = "en"
    voice: VoiceChoice = "auto"
    speak_questions: bool = True
    input_device: str = ""
    output_device: str = ""
    theme: str = "textual-dark"
    offer_download: bool = True
    interview_date: str = ""
    plan: str = "auto"
    role: RoleChoice = "any"
    plan_start: str = ""
    use_corrections: bool = True
    corrections_since: str = ""


SETTING_KEYS = tuple(field.name for field in fields(Settings))
CHOICES: dict[str, tuple[str, ...]] = {
    "engine": get_args(EngineChoice),
    "voice": get_args(VoiceChoice),
    "role": get_args(RoleChoice),
}
"""Keys that take one of a few words."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things live. Nothing is created by constructing it.

    Attributes:
        settings_file: settings.toml.
        data: Takes, history, the person's own prompts and rubrics, voices.
        cache: Downloaded models, rubric vectors: safe to delete.
    """

    settings_file: Path
    data: Path
    cache: Path

    @property
    def takes(self) -> Path:
        """One folder per take."""
        return self.data / "takes"

    @property
    def database(self) -> Path:
        """The history."""
        return self.data / "history.sqlite3"

    @property
    def own_bank(self) -> Path:
        """The person's own prompts/ and rubrics/."""
        return self.data / "bank"

    @property
    def target_file(self) -> Path:
        """The job that the person is after."""
        return self.data / "target.txt"

    @property
    def voices(self) -> Path:
        """Piper voices: NAME.onnx beside NAME.onnx.json."""
        return self.data / "voices"

    @property
    def models(self) -> Path:
        """Downloaded Whisper models, one folder each."""
        return self.cache / "models"

    @property
    def vectors(self) -> Path:
        """Cached rubric vectors."""
        return self.cache / "vectors"

    @property
    def scratch(self) -> Path:
        """What engines need for a moment. Nothing is left to the system's temporary folder."""
        return self.cache / "scratch"


def find_paths(environment: Mapping[str, str] = os.environ) -> Paths:
    """The folders of this person on this system; VOICECOACH_HOME puts all of them under one folder.

    Raises:
        SettingsError: VOICECOACH_HOME is nothing that a folder can be called.
    """
    home = environment.get(ENVIRONMENT_PREFIX + "HOME")
    if home:
        try:
            root = Path(home).expanduser().absolute()
            possible = len(os.fsencode(root)) <= LONGEST_VALUE and not STEERING.search(home)
        except (RuntimeError, ValueError):  # ~somebody who is unknown here; what no file name can hold
            possible = False
        if not possible:
            raise SettingsError(
                f"environment: {ENVIRONMENT_PREFIX}HOME: {quoted(home, 80)} cannot be a folder.",
                "Name a folder by its whole path.",
            )
        return Paths(root / "settings.toml", root / "data", root / "cache")
    from platformdirs import PlatformDirs  # noqa: PLC0415 - not needed when VOICECOACH_HOME is set

    dirs = PlatformDirs("voicecoach", appauthor=False)
    return Paths(dirs.user_config_path / "settings.toml", dirs.user_data_path, dirs.user_cache_path)


def find_reports_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the app puts reports: the person's documents, or the current folder where there are none.

    With VOICECOACH_HOME it is `reports` under that folder.
    """
    home = environment.get(ENVIRONMENT_PREFIX + "HOME")
    if home:
        return find_paths(environment).settings_file.parent / "reports"
    from platformdirs import user_documents_path  # noqa: PLC0415 - not needed when VOICECOACH_HOME is set

    documents = user_documents_path()
    return documents if documents.is_dir() and os.access(documents, os.W_OK) else Path.cwd()


def load_settings(
    file: Path,
    environment: Mapping[str, str] = os.environ,
    flags: Mapping[str, str | bool] | None = None,
) -> Settings:
    """Settings from every source, the later winning.

    Args:
        file: settings.toml; need not exist.
        environment: Read for VOICECOACH_<KEY>.
        flags: From the command line.

    Raises:
        SettingsError: Names every unknown key and wrong value, with its source.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    sources: list[tuple[str, Mapping[str, Any]]] = [(str(file), _read(file))]
    from_environment = {
        key: environment[ENVIRONMENT_PREFIX + key.upper()]
        for key in SETTING_KEYS
        if ENVIRONMENT_PREFIX + key.upper() in environment
    }
    sources += [("environment", from_environment), ("command line", flags or {})]
    for source, given in sources:
        for key, raw in given.items():
            value, problem = _checked(key, raw)
            if problem:
                named = ENVIRONMENT_PREFIX + key.upper() if source == "environment" else key
                problems.append(f"{source}: {shown_key(named)}: {problem}")
            else:
                values[key] = value
    if problems:
        more = len(problems) - MOST_PROBLEMS_TOLD
        told = [*problems[:MOST_PROBLEMS_TOLD], f"and {more} more"] if more > 0 else problems
        raise SettingsError("; ".join(told) + ".", f"The keys are {', '.join(SETTING_KEYS)}.")
    return Settings(**values)


def with_changes(settings: Settings, changed: Mapping[str, str | bool]) -> Settings:
    """Settings with other values in some keys.

    Raises:
        SettingsError: Names every unknown key and wrong value.
    """
    values: dict[str, Any] = {}
    problems = []
    for key, raw in changed.items():
        values[key], problem = _checked(key, raw)
        if problem:
            problems.append(f"{shown_key(key)}: {problem}")
    if problems:
        raise SettingsError(f"{'; '.join(problems)}.")
    return replace(settings, **values)


def save_settings(file: Path, settings: Settings) -> None:
    """Write what differs from the defaults, keeping comments and the rest of the file as they are.

    Raises:
        SettingsError: The file cannot be read or written.
    """
    import tomlkit  # noqa: PLC0415 - only a change of settings needs it

    try:
        text = read_text(file, MAX_TOML_BYTES) if file.exists() else ""
        document = tomlkit.parse(text)
        for key in SETTING_KEYS:
            value = getattr(settings, key)
            if value != getattr(Settings(), key):
                document[key] = value
            elif key in document:
                del document[key]
        make_private_folder(file.parent)
        file = file.resolve()  # a link to where a person keeps such files stays one
        partial = file.with_name(file.name + ".partial")
        try:
            with open(partial, "w", encoding="utf-8", opener=private_opener) as stream:
                stream.write(tomlkit.dumps(document))
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, ValueError, RecursionError, FileError, tomlkit.exceptions.TOMLKitError) as error:
        raise SettingsError(
            f"{file}: cannot be saved: {one_line(error)}.",
            "Check the disk space and the folder's permissions.",
        ) from error


def _read(file: Path) -> dict[str, Any]:
    try:
        return read_toml(file)
    except FileNotFoundError:
        return {}
    except FileError as problem:
        raise SettingsError(f"{file}: {problem}.", "Mend or delete the file.") from problem


def _checked(key: str, raw: object) -> tuple[object, str]:
    """The value in its own type and "", or None and what is wrong with it."""
    if key not in SETTING_KEYS:
        return None, "unknown key"
    if isinstance(getattr(Settings(), key), bool):
        return _as_bool(raw)
    if not isinstance(raw, str):
        return None, "must be text"
    problem = _wrong_text(key, raw)
    return None if problem else raw, problem


def _wrong_text(key: str, raw: str) -> str:
    """What is wrong with a value that is text, or ""."""
    if len(raw) > LONGEST_VALUE or _CONTROL.search(raw):
        return f"{quoted(raw)} must be a line of at most {LONGEST_VALUE} characters"
    choices = CHOICES.get(key, ())
    if choices and raw not in choices:
        return f"{quoted(raw)} is not one of {', '.join(choices)}"
    if key in _FORMS:
        is_one, what = _FORMS[key]
        if not is_one(raw):
            return f"{quoted(raw)} is not {what}"
    return ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_day_or_empty(text: str) -> bool:
    return not text or _is_day(text)


_FORMS: dict[str, tuple[Callable[[str], object], str]] = {
    "language": (re.compile("[a-z]{2}").fullmatch, "a two-letter language code such as en"),
    "interview_date": (_is_day_or_empty, "a day such as 2026-12-01"),
    "plan_start": (_is_day_or_empty, "a day such as 2026-12-01"),
    "plan": (re.compile("[a-z0-9-]+").fullmatch, "the id of a plan such as final-seven-days"),
    "corrections_since": (
        lambda text: not text or _is_moment(text),
        "a moment such as 2026-11-21T20:00:00+00:00",
    ),
}
"""Keys whose text has a form, with what that is."""


def _as_bool(raw: object) -> tuple[bool | None, str]:
    """Environment variables are text, so a few words for true and false are taken too."""
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    value = raw if isinstance(raw, bool) else words.get(raw.lower() if isinstance(raw, str) else "")
    return value, "" if value is not None else "must be true or false"
