"""Every parser with some hundred bad inputs; benchmarks.reliability.bad_input tries ten thousand."""

from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.bad_input import PARSERS, Parser, attempt

HANG = timedelta(seconds=20)
"""A single case must not take longer, however slow the machine."""

FEWER = 12
"""The benchmark's cases over those that are tried here."""


EACH = 5
"""The benchmark tries every bomb, each fifth is tried here."""


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_whatever_comes_is_accepted_or_refused_in_one_line(parser: Parser, tmp_path: Path) -> None:
    cases, _, probe = parser.prepare(tmp_path)
    outcomes: list[str] = []

    @settings(
        max_examples=parser.share // FEWER,
        derandomize=True,
        database=None,
        deadline=HANG,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def every_case(case: Any) -> None:
        outcomes.append(attempt(probe, case))

    every_case()
    assert outcomes.count("refused") + outcomes.count("accepted") >= parser.share // FEWER


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_no_bomb_goes_off(parser: Parser, tmp_path: Path) -> None:
    _, bombs, probe = parser.prepare(tmp_path)
    for bomb in list(bombs)[::EACH]:
        began = monotonic()
        attempt(probe, bomb)
        assert monotonic() - began < HANG.total_seconds()
