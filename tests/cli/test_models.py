import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hub import LoopbackHub
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode, progress_bar
from voicecoach.speech.catalogue import CATALOGUE, PinnedFile, PinnedModel


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """A hub on this machine that has one small model, which the catalogue lists."""
    content = {"config.json": b"{}", "model.bin": bytes(3_000_000)}
    files = tuple(
        PinnedFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items()
    )
    model = PinnedModel("small-test", "someone/small-test", "0" * 40, files, "nothing", "nothing")
    monkeypatch.setitem(CATALOGUE, model.name, model)
    with LoopbackHub(model.repository, model.revision, content) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def test_the_list_says_what_each_costs_and_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models"]) == ExitCode.FINE
    out, err = capsys.readouterr()
    text = " ".join(out.split())

    for model in CATALOGUE.values():
        assert f"voicecoach models download {model.name}`" in text
        assert f"costs: {model.cost}" in text
        assert f"gains: {model.gain}" in text
    assert "PocketSphinx is built in" in err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--engine", "pocketsphinx"], "PocketSphinx is built in, and hears: engine is set to it.\n"),
        (["--engine", "whisper"], ""),
        (["--model", "small.en"], ""),
        (["--language", "de"], ""),
        (["--engine", "pocketsphinx", "--language", "de"], ""),
    ],
)
def test_pocketsphinx_is_offered_only_where_it_hears(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*options, "models"]) == ExitCode.FINE
    assert capsys.readouterr().err == told


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


def test_a_second_download_goes_on_where_the_first_was_stopped(
    hub: LoopbackHub, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.faults.cuts = [1_000_000, 0]

    assert run(["models", "download", "small-test"]) == ExitCode.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert "What has arrived is kept" in err

    assert run(["models", "download", "small-test"]) == ExitCode.FINE
    out, err = capsys.readouterr()
    assert out == f"{home / 'cache' / 'models' / 'small-test'}\n"
    assert err.splitlines()[0] == "Downloading small-test: 30 %"
    assert err.splitlines()[-2:] == [
        "Downloading small-test: 100 %",
        "small-test is ready. Where engine and model are on auto, the best model here is used.",
    ]


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
