import os
import stat
import sys
from pathlib import Path

import pytest

from tests.content.files import write_bank
from tests.support.disks import mode
from voicecoach.content.authoring import texts_in_use, write_question
from voicecoach.errors import AuthoringError

TEXTS = {"prompts": b"a = 1\n", "rubrics": b"b = 2\r\n"}


def test_files_are_written_as_they_are_for_their_owner_alone(tmp_path: Path) -> None:
    bank = tmp_path / "new" / "bank"

    prompt, rubric = write_question(bank, "mine", TEXTS)

    assert (prompt, rubric) == (bank / "prompts" / "mine.toml", bank / "rubrics" / "mine.toml")
    assert (prompt.read_bytes(), rubric.read_bytes()) == (TEXTS["prompts"], TEXTS["rubrics"])
    if sys.platform != "win32":
        assert {stat.S_IMODE(file.stat().st_mode) for file in (prompt, rubric)} == {0o600}
        folders = (bank.parent, bank, prompt.parent, rubric.parent)
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


@pytest.mark.parametrize("room", ["prompts", "rubrics"])
def test_nothing_is_written_over_and_nothing_is_left_half_done(tmp_path: Path, room: str) -> None:
    there = tmp_path / room / "mine.toml"
    there.parent.mkdir()
    there.write_text("precious")

    with pytest.raises(AuthoringError, match="is there already, and nothing was written") as caught:
        write_question(tmp_path, "mine", TEXTS)

    assert str(there) in caught.value.message
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [there]
    assert there.read_text() == "precious"


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bank").write_text("a file where the folder should be")

    with pytest.raises(AuthoringError, match="cannot be written") as caught:
        write_question(tmp_path / "bank", "mine", TEXTS)

    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")
def test_a_folder_without_permission_is_one_line(tmp_path: Path) -> None:
    with mode(tmp_path, 0o500), pytest.raises(AuthoringError, match="Permission denied"):
        write_question(tmp_path, "mine", TEXTS)


def test_the_later_folder_is_what_is_in_use(tmp_path: Path) -> None:
    first, second = write_bank(tmp_path / "first"), tmp_path / "second"
    (second / "prompts").mkdir(parents=True)
    (second / "prompts" / "mean.toml").write_bytes(b"mine")

    texts = texts_in_use("mean", (first, second))

    assert texts == {"prompts": b"mine", "rubrics": (first / "rubrics" / "mean.toml").read_bytes()}
    assert texts_in_use("median", (first, second)) == {}


def test_a_name_that_something_else_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match=r"structures\.toml is not a question's"):
        texts_in_use("structures", (write_bank(tmp_path),))


def test_spoken_answers_come_along_with_the_rubric_that_they_lie_beside(tmp_path: Path) -> None:
    first, second = write_bank(tmp_path / "first"), tmp_path / "second"
    spoken = first / "rubrics" / "spoken" / "mean.txt"
    spoken.parent.mkdir()
    spoken.write_bytes(b"## right\n[+exact] all of it over how many\n")
    texts = texts_in_use("mean", (first,))
    assert texts["rubrics/spoken"] == spoken.read_bytes()

    *_, written = write_question(second, "mean", texts)

    assert written == second / "rubrics" / "spoken" / "mean.txt"
    written.unlink()
    assert "rubrics/spoken" not in texts_in_use("mean", (first, second))
