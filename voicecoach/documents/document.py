"""What was read of a document."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Document:
    """A document as plain lines.

    Attributes:
        path: Where it is.
        lines: In its order, without blank ones, list marks and control characters; long ones are cut into
            sentences.
    """

    path: Path
    lines: tuple[str, ...]
