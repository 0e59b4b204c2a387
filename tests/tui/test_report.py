"""The key that writes a card as a page."""

from pathlib import Path

import pytest

from tests.tui.conftest import MakeDesk, settle, shown_screen, told
from tests.tui.samples import attempt
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.practice.interviewing import Interviewer
from voicecoach.practice.rounds import Ask
from voicecoach.tui.messages import CardWanted
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.round_report import RoundReportScreen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_x_writes_a_page_and_says_where(
    make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    desk = make_desk()
    kept = desk.engines.history().add(attempt(0, 57.4))
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.post_message(CardWanted(kept))
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen
        await pilot.press("x")
        await settle(pilot)
        file = tmp_path / "home" / "reports" / "voicecoach-imbalanced-data-2026-11-20.html"
        assert told(pilot) == [f"{file} opens in any browser."]
    assert "Say why accuracy misleads" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_folder_that_cannot_be_written_is_one_line(
    make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk()
    kept = desk.engines.history().add(attempt(0, 57.4))
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    (tmp_path / "home").write_text("a file")
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.post_message(CardWanted(kept))
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        (message,) = told(pilot)
    assert "cannot be written" in message


async def test_x_writes_a_round_too(
    make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(bank=load_bank(find_bank_folders(None, tmp_path / "own")))
    interviewer = Interviewer(desk.coach)
    run = interviewer.begin("night-before")
    up = interviewer.go_on(run.id, frozenset(), frozenset())
    assert up.question
    assert isinstance(up.move, Ask)
    interviewer.judge(up.move.answer, desk.coach.judge_text(up.question, "I built a churn model.", None))
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(RoundReportScreen(desk.coach, interviewer, run.id))
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        file = tmp_path / "home" / "reports" / "voicecoach-round-night-before-2026-11-20.html"
        assert told(pilot) == [f"{file} opens in any browser."]
    assert "churn" in file.read_text("utf-8")
