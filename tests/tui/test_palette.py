"""What the footer has no room for is in the command palette."""

from textual.command import CommandPalette

from tests.tui.conftest import MakeDesk, settle, shown_screen, until, words_on
from tests.tui.samples import attempt
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.comparing import CompareScreen


async def test_a_key_that_the_footer_does_not_show_is_found_and_does_its_work(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h", "enter")
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen
        await pilot.press("ctrl+p")
        await until(pilot, lambda: shown_screen(pilot) is CommandPalette, "the palette")
        await pilot.press(*"two takes")
        await until(pilot, lambda: "Two takes side by side" in words_on(pilot), "the command")
        assert "The key v" in words_on(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: shown_screen(pilot) is CompareScreen, "the comparison")


async def test_what_does_nothing_here_is_not_offered(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h", "enter")
        await settle(pilot)
        offered = {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}
        assert "Two takes side by side" in offered
        assert "Hear a good answer" not in offered, "this question has none"
        assert "Down" not in offered, "moving the highlight is no command"
