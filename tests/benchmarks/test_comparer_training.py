"""What the comparing network learns from."""

from pathlib import Path

import pytest
from safetensors.numpy import load_file

from benchmarks.train_comparer import CONTRADICTS, NEITHER, STATES, Encoder, Trainer, examples_of
from tests.content.files import write_bank
from voicecoach.content.loader import load_bank
from voicecoach.content.model import Bank
from voicecoach.content.spoken import Line, SpokenAnswer
from voicecoach.embedding.alignment import Alignment
from voicecoach.embedding.minilm import MiniLmEmbedder

SPOKEN = """\
## right
[+exact] You add all of them up and divide by how many there are.
[+outliers] One huge value pulls it far away.
## wrong
[-exact] You sort them and take the one in the middle.
[~outliers] It can be odd at times.
"""


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    folder = write_bank(tmp_path)
    spoken = folder / "rubrics" / "spoken" / "mean.txt"
    spoken.parent.mkdir()
    spoken.write_text(SPOKEN * 100, "utf-8")
    return load_bank([folder])


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(MiniLmEmbedder())


def test_a_line_states_contradicts_or_does_neither_and_nothing_is_said_of_what_it_touches(
    bank: Bank, encoder: Encoder
) -> None:
    exact = frozenset({"exact"})
    right, wrong = Line("Add them up and divide.", states=exact), Line("Take the middle one.", denies=exact)
    touches = Line("It can be odd at times.", touches=frozenset({"outliers"}))
    answers = [SpokenAnswer("mean", "mixed", (line,)) for line in (right, wrong, touches)]

    learned, left = examples_of(bank.questions[0], answers, encoder)

    of_lines = {(each.text, each.outcome, each.rights[:1]) for each in learned + left}
    told = {text: {outcome for said, outcome, _ in of_lines if said == text} for text, _, _ in of_lines}
    assert told[right.text] == {STATES, NEITHER}
    assert told[wrong.text] == {CONTRADICTS, NEITHER}
    assert told[touches.text] == {NEITHER}
    about_outliers = [each for each in learned + left if "one huge value drags it along" in each.rights]
    assert touches.text not in {each.text for each in about_outliers}


def test_a_line_is_never_set_beside_itself_its_answer_or_its_mirror(bank: Bank, encoder: Encoder) -> None:
    exact = frozenset({"exact"})
    answers = [
        SpokenAnswer("mean", "right", (Line(f"Sum number {n} over the count.", states=exact),))
        for n in range(8)
    ]

    learned, left = examples_of(bank.questions[0], answers, encoder)

    numbers = {answer.lines[0].text: n for n, answer in enumerate(answers)}
    for each in learned + left:
        assert each.text not in each.rights + each.wrongs
        for wording in each.rights + each.wrongs:
            if each.text in numbers and wording in numbers:
                assert abs(numbers[wording] - numbers[each.text]) > 2


def test_a_step_moves_the_network_and_what_is_written_can_be_read(
    bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "comparer.safetensors"
    trainer = Trainer(bank)

    trainer.run(2, file)
    trainer.report(file)

    written = load_file(file)
    assert set(written) == set(Alignment().state_dict())
    Trainer(bank).run(1, tmp_path / "shorter.safetensors")
    shorter = load_file(tmp_path / "shorter.safetensors")
    assert any((written[name] != shorter[name]).any() for name in written)
    assert "definitions: " in capsys.readouterr().out
