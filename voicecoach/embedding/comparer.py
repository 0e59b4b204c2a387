"""What every comparer does: read clauses closely, beside right and wrong wordings."""

from collections.abc import Sequence
from typing import Protocol

from voicecoach.scoring.close_reading import Comparison
from voicecoach.scoring.evidence import Reading


class Comparer(Protocol):
    """Reads clauses closely."""

    @property
    def name(self) -> str:
        """Identifies the weights: readings of two names are not comparable."""
        ...

    def load(self) -> None:
        """Get ready, so that the first to compare need not wait.

        Raises:
            EngineError: A model cannot be loaded.
        """
        ...

    def compare(self, comparisons: Sequence[Comparison]) -> tuple[Reading, ...]:
        """What each text does to its point.

        Raises:
            EngineError: A model cannot be loaded or run.
        """
        ...


def pairs_of(comparisons: Sequence[Comparison]) -> tuple[tuple[str, ...], list[tuple[int, int, bool]]]:
    """The wordings of comparisons, each once, and the pairs to compare.

    Returns:
        The wordings; per pair the index of its comparison, that of its wording, and whether that is wrong.
    """
    wordings, pairs = dict[str, int](), []
    for number, each in enumerate(comparisons):
        for is_wrong, texts in ((False, each.rights), (True, each.wrongs)):
            pairs += [(number, wordings.setdefault(text, len(wordings)), is_wrong) for text in texts]
    return tuple(wordings), pairs


class ComparisonMemory:
    """Keeps what was read of an answer while it grows, so that only new clauses are compared.

    Args:
        comparer: Asked for each comparison once.
    """

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer
        self._known: dict[Comparison, Reading] = {}

    def compare(self, comparisons: Sequence[Comparison]) -> tuple[Reading, ...]:
        """What each text does to its point, as the comparer says.

        Raises:
            EngineError: A model cannot be loaded or run.
        """
        new = [each for each in dict.fromkeys(comparisons) if each not in self._known]
        self._known.update(zip(new, self._comparer.compare(new), strict=True))
        return tuple(self._known[each] for each in comparisons)
