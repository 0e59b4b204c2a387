from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, TextArea

from tests.support.office_files import RESUME, word
from tests.tui.conftest import Desk, MakeDesk, footer_of, settle, shown_screen, told, until, words_on
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.project import project_of
from voicecoach.practice.projects import Projects
from voicecoach.tui.screens.answers import PathDialog, TextDialog
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.screens.project import ProjectScreen
from voicecoach.tui.screens.projects import ProjectsScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

TEXTS = {
    "problem": "Customers left without warning, which cost 2 million a year",
    "data-and-label": "Eighteen months of shipment logs. The label was no shipment within 60 days",
    "modelling": "The baseline was a rule\nI built the features and trained boosted trees on them",
    "evaluation": "Recall at the top 500 customers went from 38% to 61%",
    "impact": "Sales calls the list every Monday",
    "lesson": "I would agree on the label with sales on day one",
}

ANSWER = (
    "Clients stopped sending parcels and nobody saw it coming, that was two million a year in losses. "
    "We had logs of the shipments of a year and a half, and the label was that no shipment came within sixty "
    "days. A simple rule was the baseline. I built the features myself and trained boosted trees on them. "
    "Among the top five hundred customers recall went from thirty eight to sixty nine percent. "
    "The sales people call the list every Monday. "
    "Next time I would agree on the label with sales on the first day."
)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """The shipped bank: a project is told in its walkthrough."""
    desk = make_desk(engine="pocketsphinx")
    desk.coach.bank = load_bank(find_bank_folders(None, desk.paths.own_bank))
    return desk


def keep_project(desk: Desk, title: str = "Churn") -> str:
    projects = Projects(desk.coach)
    saved = projects.save(projects.blank(), title, TEXTS)
    return projects.published(saved.project.id).id


def fields(pilot: "Pilot[None]") -> list[TextArea]:
    return list(pilot.app.screen.query(TextArea))


async def open_first_project(pilot: "Pilot[None]") -> None:
    await pilot.press("p")
    await settle(pilot)
    await pilot.press("enter")
    await settle(pilot)


async def open_notes(pilot: "Pilot[None]", path: Path) -> None:
    await pilot.press("ctrl+o")
    await until(pilot, lambda: shown_screen(pilot) is PathDialog, "the dialog")
    pilot.app.screen.query_one("#path", Input).value = str(path)
    await pilot.press("enter")
    await settle(pilot)


async def test_from_the_first_key_to_the_first_card_of_ones_own_project(desk: Desk) -> None:
    async with desk.app().run_test(size=(100, 70)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        assert shown_screen(pilot) is ProjectScreen, "without a project the editor opens at once"
        await pilot.press(*"Churn", "enter")
        for area, text in zip(fields(pilot), TEXTS.values(), strict=True):
            assert area.has_focus
            area.text = text
            await pilot.press("tab")
        assert "too long" not in words_on(pilot)

        await pilot.press("ctrl+r")
        await until(pilot, lambda: shown_screen(pilot) is PracticeScreen, "the question")
        await settle(pilot)
        assert "Walk me through this project of yours: Churn." in words_on(pilot)
        await pilot.press("t")
        await until(pilot, lambda: shown_screen(pilot) is TextDialog, "the text dialog")
        pilot.app.screen.query_one("#words", TextArea).text = ANSWER
        await pilot.press("ctrl+s")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)

        card = desk.coach.attempts()[0]
        attempt = desk.coach.attempt(card.id)
        assert attempt is not None
        (half,) = [point.label for point in attempt.card.points if point.state != "covered"]
        assert half.startswith("Recall at the top 500"), "another number was said than 61%"
        assert attempt.card.warnings[0].message.startswith("Not heard as you planned: 61% (heard: sixty nine")
        assert "61% (heard: sixty nine percent)" in " ".join(words_on(pilot).replace("│", " ").split())


async def test_saving_puts_the_question_into_the_list_at_once(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press(*"My churn model", "enter", *"It cost 2 million.", "ctrl+s")
        await settle(pilot)
        assert any("Saved" in line for line in told(pilot))
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
        assert "next: My churn model" in words_on(pilot)
        assert "My churn model" in words_on(pilot).split("Question", 1)[1]


async def test_saving_twice_in_a_row_is_one_project_and_asks_nothing(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press(*"My churn model", "enter", *"It cost 2 million.", "ctrl+s", "ctrl+s", "ctrl+s")
        await settle(pilot)
        assert shown_screen(pilot) is ProjectScreen
        assert [project.title for project in Projects(desk.coach).all()] == ["My churn model"]


async def test_a_bank_with_a_mistake_elsewhere_keeps_nobody_from_saving(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press(*"My churn model", "enter", *"It cost 2 million.")
        torn = desk.paths.own_bank / "prompts" / "torn.toml"
        torn.parent.mkdir(parents=True)
        torn.write_text("id = ", "utf-8")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert told(pilot) == ["Saved: the question is in the bank. Ctrl+r practises it."]
        assert [project.title for project in Projects(desk.coach).all()] == ["My churn model"]


async def test_lines_of_a_resume_are_pulled_into_beats(desk: Desk, tmp_path: Path) -> None:
    resume = tmp_path / "cv.docx"
    resume.write_bytes(word())
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await open_notes(pilot, resume)
        assert RESUME[1][:20] in words_on(pilot)
        await pilot.press("down", "enter", "4")
        areas = fields(pilot)
        assert areas[0].text == RESUME[1]
        assert areas[3].text == RESUME[2]
        await pilot.press("escape")
        assert areas[3].has_focus, "back to the beat that was written in last"
        assert footer_of(pilot)["ctrl+n"] == "To the notes"
        await pilot.press("ctrl+n", "home", "enter")
        assert areas[3].text == f"{RESUME[2]}\n{RESUME[0]}"


async def test_a_line_that_was_pulled_over_is_taken_back_with_undo(desk: Desk, tmp_path: Path) -> None:
    resume = tmp_path / "cv.docx"
    resume.write_bytes(word())
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press("enter", *"It cost a lot")
        await open_notes(pilot, resume)
        await pilot.press("enter", "escape")
        area = fields(pilot)[0]
        assert area.text == f"It cost a lot\n{RESUME[0]}"
        await pilot.press("ctrl+z")
        assert area.text == "It cost a lot"
        await pilot.press("ctrl+z")
        assert area.text == ""


async def test_a_structure_of_fewer_beats_has_fewer_keys(desk: Desk, tmp_path: Path) -> None:
    project_id = keep_project(desk)
    bank = desk.paths.own_bank
    prompt, rubric = (bank / room / f"{project_id}.toml" for room in ("prompts", "rubrics"))
    prompt.write_text(prompt.read_text("utf-8").replace('"walkthrough"', '"star"'), "utf-8")
    rubric.write_text(
        f'question = "{project_id}"\n'
        'points = [{ id = "cost", beat = "situation", weight = 1.0, statement = "It cost a lot" }]\n',
        "utf-8",
    )
    resume = tmp_path / "cv.docx"
    resume.write_bytes(word())
    async with desk.app().run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await open_first_project(pilot)
        await open_notes(pilot, resume)
        assert "1-4 pulls a line over" in words_on(pilot)
        await pilot.press("5", "6", "4")
        await settle(pilot)
        assert [area.text for area in fields(pilot)] == ["It cost a lot", "", "", RESUME[0]]
        await pilot.press("escape", "ctrl+s")
        await settle(pilot)
        assert told(pilot) == ["Saved: the question is in the bank. Ctrl+r practises it."]


@pytest.mark.parametrize("key", ["enter", "space"])
async def test_a_project_that_is_gone_by_now_leaves_the_list(desk: Desk, key: str) -> None:
    gone = keep_project(desk)
    keep_project(desk, "Tickets")
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        for room in ("prompts", "rubrics"):
            (desk.paths.own_bank / room / f"{gone}.toml").unlink()
        # As another project that is saved meanwhile does.
        Projects(desk.coach).open("project-tickets")
        await pilot.press(key)
        await settle(pilot)
        assert shown_screen(pilot) is ProjectsScreen
        assert any(gone in line for line in told(pilot))
        assert "Churn" not in words_on(pilot)
        assert "Tickets" in words_on(pilot)


async def test_a_project_with_a_mistake_in_it_says_which(desk: Desk) -> None:
    broken = keep_project(desk)
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        prompt = desk.paths.own_bank / "prompts" / f"{broken}.toml"
        prompt.write_text(prompt.read_text("utf-8").replace('"medium"', '"absurd"'), "utf-8")
        await pilot.press("enter")
        await settle(pilot)
        assert any("level: 'absurd'" in line and "voicecoach check" in line for line in told(pilot))
        assert "There is no project yet" in words_on(pilot)


async def test_what_is_saved_is_no_longer_unsaved_even_if_it_cannot_be_asked(desk: Desk) -> None:
    project_id = keep_project(desk)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await open_first_project(pilot)
        spoken = desk.paths.own_bank / "rubrics" / "spoken" / f"{project_id}.txt"
        spoken.parent.mkdir()
        spoken.write_text("no mark\n", "utf-8")
        fields(pilot)[4].text = "Churn fell from 9 to 7 percent"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert any("'no mark' is no line" in line for line in told(pilot))
        assert isinstance(pilot.app.screen, ProjectScreen)
        assert not pilot.app.screen.is_unsaved
    rubric = desk.paths.own_bank / "rubrics" / f"{project_id}.toml"
    assert "Churn fell" in rubric.read_text("utf-8")


async def test_what_cannot_be_opened_is_one_line_and_the_text_stays(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "cv.pdf"
    broken.write_bytes(b"%PDF-1.4 no more")
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press("enter", *"It cost a lot")
        await open_notes(pilot, broken)
        assert any("cv.pdf" in line for line in told(pilot))
        assert fields(pilot)[0].text == "It cost a lot"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert any("no title yet" in line for line in told(pilot))
        await pilot.press(*"Churn")
        assert pilot.app.screen.query_one("#project-title", Input).value == "Churn"


async def asks_and_keeps_the_title(pilot: "Pilot[None]", key: str) -> None:
    await pilot.press(key)
    await settle(pilot)
    assert isinstance(pilot.app.screen, ConfirmDialog)
    await pilot.press("n")
    await settle(pilot)
    assert pilot.app.screen.query_one("#project-title", Input).value == "Churn"


async def test_nothing_typed_is_lost_unasked(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press(*"Churn")
        await asks_and_keeps_the_title(pilot, "escape")
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen


async def test_quitting_asks_before_anything_typed_is_lost(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press(*"Churn")
        await asks_and_keeps_the_title(pilot, "ctrl+q")
        assert pilot.app.return_code is None
        await pilot.press("ctrl+q")
        await settle(pilot)
        await pilot.press("y")
    assert pilot.app.return_code == 0


async def test_quitting_with_all_saved_asks_nothing(desk: Desk) -> None:
    keep_project(desk)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await open_first_project(pilot)
        assert shown_screen(pilot) is ProjectScreen
        await pilot.press("ctrl+q")
    assert pilot.app.return_code == 0


async def test_a_file_edited_by_hand_meanwhile_is_asked_about(desk: Desk) -> None:
    project_id = keep_project(desk)
    rubric = desk.paths.own_bank / "rubrics" / f"{project_id}.toml"
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await open_first_project(pilot)
        assert [area.text for area in fields(pilot)][3] == TEXTS["evaluation"]
        by_hand = rubric.read_text("utf-8").replace("to 61%", "to 63%")
        rubric.write_text(by_hand, "utf-8")
        fields(pilot)[4].text = "Churn fell from 9 to 7 percent"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert shown_screen(pilot) is ConfirmDialog
        await pilot.press("n")
        await settle(pilot)
        assert rubric.read_text("utf-8") == by_hand
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
    saved = project_of(desk.coach.question(project_id))
    assert saved is not None
    assert saved.beats[4].statements == ("Churn fell from 9 to 7 percent",)
    assert saved.beats[3].statements == (TEXTS["evaluation"],)


async def test_quitting_asks_even_while_something_else_is_being_asked(desk: Desk) -> None:
    project_id = keep_project(desk)
    rubric = desk.paths.own_bank / "rubrics" / f"{project_id}.toml"
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await open_first_project(pilot)
        rubric.write_text(rubric.read_text("utf-8").replace("to 61%", "to 63%"), "utf-8")
        fields(pilot)[4].text = "Churn fell from 9 to 7 percent"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "over it?" in words_on(pilot)
        await pilot.press("ctrl+q")
        await settle(pilot)
        assert pilot.app.return_code is None
        assert "Quit without keeping what you have typed here?" in " ".join(words_on(pilot).split())
        await pilot.press("n")
        await settle(pilot)
        assert "over it?" in words_on(pilot)
        await pilot.press("ctrl+q")
        await settle(pilot)
        await pilot.press("ctrl+q")
    assert pilot.app.return_code == 0, "who insists is not asked again"


async def test_several_projects_are_a_list_to_edit_practise_and_delete(desk: Desk) -> None:
    keep_project(desk)
    second = keep_project(desk, "Tickets")
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        assert shown_screen(pilot) is ProjectsScreen
        assert "28 s of 60-90" in words_on(pilot)
        await pilot.press("down", "d")
        await settle(pilot)
        assert f"forget --question {second}" in " ".join(words_on(pilot).replace("│", " ").split())
        await pilot.press("y")
        await settle(pilot)
        assert [project.title for project in Projects(desk.coach).all()] == ["Churn"]
        assert "Tickets" not in words_on(pilot)
        await pilot.press("space")
        await until(pilot, lambda: shown_screen(pilot) is PracticeScreen, "the question")
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert shown_screen(pilot) is ProjectScreen
        assert all(not area.text for area in fields(pilot))


async def test_a_job_that_cannot_be_kept_is_given_back(desk: Desk) -> None:
    async with desk.app().run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        pasted = "fraud " * 10_000
        pilot.app.screen.query_one("#job", TextArea).text = pasted
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert any("more than 50,000 characters" in each for each in told(pilot))
        assert pilot.app.screen.query_one("#job", TextArea).text == pasted


async def test_a_long_job_leaves_its_key_in_sight_at_80_columns(desk: Desk) -> None:
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        long = "Senior machine learning engineer, fraud detection and risk"
        pilot.app.screen.query_one("#job", TextArea).text = long
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "job Senior" in words_on(pilot)
        assert "… (j)" in words_on(pilot)
        await pilot.resize_terminal(140, 40)
        await settle(pilot)
        assert f"job {long} (j)" in words_on(pilot)


async def test_a_target_job_orders_the_list_and_says_why(desk: Desk) -> None:
    async with desk.app().run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        pilot.app.screen.query_one("#job", TextArea).text = "ML engineer\nfraud detection, imbalanced data"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
        assert "job ML engineer (j)" in words_on(pilot)
        await pilot.press("home")
        await settle(pilot)
        assert "Your target job names: " in words_on(pilot)
        assert "fraud" in words_on(pilot).split("Your target job names: ")[1]
        await pilot.press("j")
        await settle(pilot)
        await pilot.press("ctrl+d")
        await settle(pilot)
        assert "job ML engineer" not in words_on(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_the_editor_with_a_resume_beside_it(
    snap_compare: Callable[..., bool], desk: Desk, size: tuple[int, int], tmp_path: Path
) -> None:
    resume = tmp_path / "cv.docx"
    resume.write_bytes(word())
    keep_project(desk)

    async def act(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        await open_first_project(pilot)
        await open_notes(pilot, resume)
        await pilot.press("down")
        await settle(pilot)

    assert snap_compare(desk.app(), terminal_size=size, run_before=act)
