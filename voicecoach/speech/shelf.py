"""What a shelf of downloadable models offers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One Whisper model that can be had.

    Attributes:
        name: As in the settings ("small.en").
        repository: Where the hub keeps it.
        revision: Pinned commit.
        size_bytes: What a download costs.
        cost: Time and memory, in one short phrase with its source or "estimate".
        gain: Accuracy, in one short phrase with its source.
        path: Where it is on this machine, or None.
        problem: Why what is at `path` cannot be used; empty when all is well or nothing is there.
    """

    name: str
    repository: str
    revision: str
    size_bytes: int
    cost: str
    gain: str
    path: Path | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How much of a download has arrived."""

    done_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class DownloadDone:
    """The last event: the checked model is at `path`."""

    path: Path


DownloadEvent = DownloadProgress | DownloadDone


class ModelShelf(Protocol):
    """Models on this machine and on the hub."""

    def entries(self) -> tuple[ModelEntry, ...]:
        """The catalogue, smallest first, with what is already here. Never touches the network."""
        ...

    def has(self, choice: str, language: str) -> bool:
        """Whether the model that a setting means is on this machine, as far as names and sizes tell.

        Args:
            choice: "auto", a name or a folder.
            language: What "auto" must hear.
        """
        ...

    def download(self, name: str) -> Iterator[DownloadEvent]:
        """Fetch one model at its pinned revision, resuming what is there, checking every sha256.

        Yields:
            Progress, then exactly one DownloadDone. Closing the generator stops it; what arrived is kept.

        Raises:
            DownloadError: No connection, no space, or a checksum that does not match.
        """
        ...
