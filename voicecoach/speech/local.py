"""Whisper models that are already on this machine. Nothing here touches the network."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from voicecoach.speech.catalogue import CATALOGUE, DEFAULT_MODEL

BEST_FIRST = (
    "small.en",
    "small",
    "distil-large-v3",
    "base.en",
    "medium.en",
    "base",
    "tiny.en",
    "tiny",
    "large-v3",
)
"""What "auto" takes first. small.en leads because a laptop's CPU still transcribes with it faster than one
speaks; the larger ones may not, and large-v3 does not, so it is taken only where nothing else is."""

REQUIRED = ("model.bin", "config.json", "tokenizer.json")
"""What every model needs, besides a vocabulary."""


def hub_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """The cache that all Hugging Face tools share, whose models are used where they lie."""
    if environment.get("HF_HUB_CACHE"):
        return _at_home(environment["HF_HUB_CACHE"])
    if environment.get("HF_HOME"):
        return _at_home(environment["HF_HOME"]) / "hub"
    return _at_home(environment.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface" / "hub"


def find_model(choice: str, search: Sequence[Path], language: str = "en") -> tuple[str, Path] | None:
    """The model that a setting means, if it is here.

    Args:
        choice: "auto", a name ("small.en"), or a folder: anything with a path separator or a leading ~.
        search: Folders to look in, first wins. Each may hold models as NAME/ or in the hub's cache layout
            (models--Systran--faster-whisper-NAME/snapshots/COMMIT/).
        language: With "auto", a model that hears English only is not taken for another language.

    Returns:
        Its name and folder, or None. A folder, and a model that was asked for by name, are returned with
        their faults: loading them says what is wrong. "auto" passes over models that have a fault.
    """
    if choice == "auto":
        for name in BEST_FIRST:
            if not hears(name, language):
                continue
            folder = locate(name, search)
            if folder is not None and not problem_of(name, folder):
                return name, folder
        return None
    if choice.startswith("~") or os.sep in choice or "/" in choice:
        folder = _at_home(choice)
        return folder.name, folder
    folder = locate(choice, search)
    return None if folder is None else (choice, folder)


def _at_home(path: str) -> Path:
    """With its ~ made out; one that means nobody's home stays, and no such folder will be found."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def hears(name: str, language: str) -> bool:
    """Whether a model of the catalogue hears a language; some hear nothing but English."""
    return language == "en" or not (name.endswith(".en") or name.startswith("distil"))


def helpful_model(choice: str, language: str) -> str:
    """The model to fetch where the one that a setting means is not here: that, or else one that helps.

    Args:
        choice: As for find_model.
        language: What it must hear.

    Returns:
        A name of the catalogue.
    """
    known = (name for name in (choice, DEFAULT_MODEL) if name in CATALOGUE)
    return next((name for name in known if hears(name, language)), "small")


def locate(name: str, search: Sequence[Path]) -> Path | None:
    """Where a named model lies: the first without a fault, or else the first."""
    places = [place for folder in search for place in _places(name, folder)]
    whole = (place for place in places if not problem_of(name, place))
    return next(whole, places[0] if places else None)


def is_folder(path: Path) -> bool:
    """Whether there is a folder, as far as the system lets us look; a name may be longer than it allows."""
    try:
        return path.is_dir()
    except OSError:
        return False


def problem_of(name: str, folder: Path) -> str:
    """Why a model cannot be used, as far as names and sizes of its files tell; empty when it can."""
    try:
        return _fault(name, folder)
    except OSError as error:  # a folder that is somebody else's
        return f"cannot be read: {error.strerror}"


def _fault(name: str, folder: Path) -> str:
    for file in REQUIRED:
        if not (folder / file).is_file():
            return f"{file} is missing"
    if not any(folder.glob("vocabulary.*")):
        return "its vocabulary is missing"
    if name in CATALOGUE:
        for pinned in CATALOGUE[name].files:
            size = (folder / pinned.name).stat().st_size if (folder / pinned.name).is_file() else 0
            if size != pinned.size_bytes:
                return f"{pinned.name} has {size:,} of {pinned.size_bytes:,} bytes"
    return ""


def _places(name: str, folder: Path) -> list[Path]:
    """Folders of a model below one search folder, the pinned commit of a cache before others."""
    places = [folder / name] if is_folder(folder / name) else []
    model = CATALOGUE.get(name)
    repository = model.repository if model else f"Systran/faster-whisper-{name}"
    snapshots = folder / f"models--{repository.replace('/', '--')}" / "snapshots"
    pinned = model.revision if model else ""
    try:
        commits = sorted(snapshots.iterdir(), key=lambda commit: (commit.name != pinned, commit.name))
    except (OSError, ValueError):  # there are none, they are hidden from us, or no folder is called so
        commits = []
    return places + commits
