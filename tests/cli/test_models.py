import json

import pytest

from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode, progress_bar
from voicecoach.speech.catalogue import CATALOGUE


def test_the_list_says_what_each_costs_and_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models"]) == ExitCode.FINE
    out, err = capsys.readouterr()
    text = " ".join(out.split())

    for model in CATALOGUE.values():
        assert f"voicecoach models download {model.name}`" in text
        assert f"costs: {model.cost}" in text
        assert f"gains: {model.gain}" in text
    assert "PocketSphinx is built in" in err


def test_the_list_as_json_is_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "--json"]) == ExitCode.FINE
    rows = json.loads(capsys.readouterr().out)

    assert [row["name"] for row in rows] == list(CATALOGUE)
    assert all(row["size_bytes"] == CATALOGUE[row["name"]].size_bytes for row in rows)
    assert [row["size_bytes"] for row in rows] == sorted(row["size_bytes"] for row in rows)


def test_a_download_without_a_connection_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    assert run(["models", "download", "tiny.en"]) == ExitCode.FAILED
    out, err = capsys.readouterr()
    *progress, error = err.splitlines()

    assert out == ""
    assert progress == ["Downloading tiny.en: 0 %"]
    assert error.startswith("voicecoach: ")
    assert "Check the connection" in error


def test_progress_elsewhere_than_on_a_terminal_is_a_line_for_each_tenth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress_bar("Downloading x") as move_to:
        for done in (500, 500, 520, 599, 600, 1000):
            move_to(done, 1000)

    assert capsys.readouterr().err.splitlines() == [
        "Downloading x: 50 %",
        "Downloading x: 60 %",
        "Downloading x: 100 %",
    ]
