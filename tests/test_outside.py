import sys

import pytest

from voicecoach.outside import pip


@pytest.mark.parametrize(
    ("python", "shown"),
    [("/opt/app/.venv/bin/python", "/opt/app/.venv/bin/python"), ("/My apps/python", '"/My apps/python"')],
)
def test_pip_is_the_one_of_the_python_that_runs(
    monkeypatch: pytest.MonkeyPatch, python: str, shown: str
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    assert pip("install piper-tts") == f"{shown} -m pip install piper-tts"
