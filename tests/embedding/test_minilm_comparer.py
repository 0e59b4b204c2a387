import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from voicecoach.embedding.comparer import ComparisonMemory
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.embedding.minilm_comparer import COMPARER, MiniLmComparer
from voicecoach.errors import ModelError
from voicecoach.scoring.close_reading import Comparison
from voicecoach.scoring.evidence import Reading

RIGHTS = (
    "recall is true positives over true positives plus false negatives",
    "of all the cases that really are positive, the share the model finds",
)
WRONGS = (
    "recall is true positives over true positives plus false positives",
    "of everything the model predicts as positive, the share that truly is positive",
)
RIGHT = Comparison("Recall: of the cases that are truly positive, how many the model finds.", RIGHTS, WRONGS)
WRONG = Comparison("Recall: of the cases the model calls positive, how many really are.", RIGHTS, WRONGS)
ASIDE = Comparison("I once worked on a team of five that met on Mondays.", RIGHTS, WRONGS)


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


@pytest.fixture(scope="module")
def comparer(embedder: MiniLmEmbedder) -> MiniLmComparer:
    return MiniLmComparer(embedder)


def test_a_statement_a_swap_and_talk_beside_the_point_are_told_apart(comparer: MiniLmComparer) -> None:
    right, wrong, aside = comparer.compare((RIGHT, WRONG, ASIDE))

    assert right.states > max(right.contradicts, right.neither)
    assert wrong.contradicts > max(wrong.states, wrong.neither)
    assert aside.neither > max(aside.states, aside.contradicts)
    assert right.contradiction < 0 < wrong.contradiction


def test_a_reading_does_not_depend_on_what_is_read_beside_it(comparer: MiniLmComparer) -> None:
    longer = Comparison("word " * 60, ("another word " * 30,), ("and one more " * 20, "no"))
    many = comparer.compare((ASIDE, RIGHT, WRONG, longer) * 50)

    for each, reading in zip((ASIDE, RIGHT, WRONG, longer) * 2, many[:4] + many[-4:], strict=True):
        (alone,) = comparer.compare((each,))
        np.testing.assert_allclose(numbers(alone), numbers(reading), atol=1e-4)


def test_probabilities_sum_to_one_whatever_is_missing(comparer: MiniLmComparer) -> None:
    for each in (
        Comparison("", RIGHTS, WRONGS),
        Comparison("um", (), WRONGS),
        Comparison("word " * 2000, RIGHTS, ()),
        Comparison("naïve 日本", (), ()),
    ):
        (reading,) = comparer.compare((each,))
        assert np.exp(numbers(reading)).sum() == pytest.approx(1.0, abs=1e-5)
    assert comparer.compare(()) == ()


def test_what_was_compared_is_not_compared_again(comparer: MiniLmComparer) -> None:
    asked: list[Comparison] = []

    class Counting:
        name = comparer.name

        def load(self) -> None:
            comparer.load()

        def compare(self, comparisons: Sequence[Comparison]) -> tuple[Reading, ...]:
            asked.extend(comparisons)
            return comparer.compare(comparisons)

    memory = ComparisonMemory(Counting())
    first = memory.compare((RIGHT, WRONG, RIGHT))
    again = memory.compare((WRONG, ASIDE))

    assert asked == [RIGHT, WRONG, ASIDE]
    assert first[0] == first[2]
    assert again[0] == first[1]


@pytest.mark.parametrize("damage", ["cut", "text", "another network", "missing"])
def test_a_damaged_network_is_refused(embedder: MiniLmEmbedder, tmp_path: Path, damage: str) -> None:
    file = tmp_path / COMPARER
    shipped = Path(__file__).resolve().parents[2] / "models" / COMPARER
    match damage:
        case "cut":
            file.write_bytes(shipped.read_bytes()[:1000])
        case "text":
            file.write_text("no tensors", "utf-8")
        case "another network":
            tensors = load_file(shipped)
            del tensors["key.weight"]
            save_file(tensors, file)
        case _:
            pass

    with pytest.raises(ModelError, match=COMPARER) as caught:
        MiniLmComparer(embedder, file).compare((RIGHT,))
    assert "\n" not in str(caught.value)


def test_a_copy_of_the_network_reads_alike(
    embedder: MiniLmEmbedder, comparer: MiniLmComparer, tmp_path: Path
) -> None:
    shutil.copyfile(Path(__file__).resolve().parents[2] / "models" / COMPARER, tmp_path / COMPARER)

    assert MiniLmComparer(embedder, tmp_path / COMPARER).compare((RIGHT,)) == comparer.compare((RIGHT,))


def test_another_embedders_tokens_are_refused() -> None:
    as_everybody_has_it = MiniLmEmbedder(adapted=False)

    with pytest.raises(ModelError, match=r"reads the tokens of all-MiniLM-L6-v2@\w+\+\w+, and") as caught:
        MiniLmComparer(as_everybody_has_it).load()
    assert COMPARER in str(caught.value)


def numbers(reading: Reading) -> tuple[float, float, float]:
    return reading.states, reading.contradicts, reading.neither
