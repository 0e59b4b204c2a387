"""Rounds by keyboard: real judge, real history; a recorder that is fed, or typed words."""

import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, TextArea

from tests.support.recorders import FedEngines
from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import save, silence
from tests.tui.conftest import Desk, MakeDesk, footer_of, settle, shown_screen, told, until, words_on
from tests.tui.samples import ANSWER, BANK, CARD, IMBALANCE, NOW, attempt
from voicecoach.audio.takes import Take
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.content.model import Bank, FollowUp, Question, Round, Slot
from voicecoach.errors import HistoryError
from voicecoach.history.rounds import RoundAnswer, RoundRun
from voicecoach.practice.coach import Coach
from voicecoach.practice.events import PracticeEvent
from voicecoach.practice.hearing import Judgement
from voicecoach.practice.interviewing import Interviewer
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.opening import Opening
from voicecoach.tui.screens import round as round_screen
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.round_report import RoundReportScreen
from voicecoach.tui.screens.rounds import RoundsScreen
from voicecoach.tui.widgets.interview import InterviewAnswering

if TYPE_CHECKING:
    from textual.pilot import Pilot

WHY_ACCURACY = "Why does accuracy mislead you here?"
WHERE = "Where do you put the threshold?"
RARE = "Imbalanced data means that one class is much rarer than the other."
MISLEADS = "A model that always says no is right almost every time, so accuracy tells you nothing here."

ASKED = replace(IMBALANCE, follow_ups=(FollowUp("accuracy", WHY_ACCURACY), FollowUp("threshold", WHERE)))
WALKTHROUGH = next(each for each in BANK.questions if each.id == "project-walkthrough")
SHORT = Round(
    "short",
    "Short screening",
    "Two questions, closely put.",
    (Slot(1, (ASKED.id,)), Slot(1, (WALKTHROUGH.id,))),
)
TRIMMING = replace(SHORT, id="trimming", label="The night before", trims=True)
ROUND_BANK = Bank((ASKED, *BANK.questions[1:]), BANK.structures, (), (SHORT, TRIMMING))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, the follow-up is waited for."""
    monkeypatch.setattr(round_screen, "PATIENCE_S", 200.0)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk(bank=ROUND_BANK)


def opened(round_id: str = "short") -> Opening:
    return Opening("round", round_id)


async def asked(pilot: "Pilot[None]", words: str) -> str:
    """Wait until the interviewer asks this; what the screen shows."""
    await until(
        pilot,
        lambda: words in words_on(pilot) and bool(pilot.app.screen.query(InterviewAnswering)),
        f"the question {words!r}",
    )
    await settle(pilot)
    return words_on(pilot)


async def answer_typed(pilot: "Pilot[None]", text: str, seconds: str = "70") -> None:
    await pilot.press("t")
    await settle(pilot)
    pilot.app.screen.query_one(TextArea).text = text
    pilot.app.screen.query_one("#seconds", Input).value = seconds
    await pilot.press("ctrl+s")


async def answer_typed_at_once(pilot: "Pilot[None]", text: str) -> None:
    """While workers are held up, nobody can wait for them to end."""
    await until(pilot, lambda: bool(pilot.app.screen.query(InterviewAnswering)), "the way to answer")
    await pilot.press("t")
    await until(pilot, lambda: bool(pilot.app.screen.query(TextArea)), "the dialog")
    pilot.app.screen.query_one(TextArea).text = text
    pilot.app.screen.query_one("#seconds", Input).value = "70"
    await pilot.press("ctrl+s")


async def report_of(pilot: "Pilot[None]") -> str:
    await until(pilot, lambda: shown_screen(pilot) is RoundReportScreen, "the report")
    await settle(pilot)
    return words_on(pilot)


async def test_a_round_from_the_list_to_the_report_with_follow_ups_from_what_was_missed(desk: Desk) -> None:
    async with desk.app().run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert shown_screen(pilot) is RoundsScreen
        assert "Two questions, closely put." in words_on(pilot)
        await pilot.press("enter")
        shown = await asked(pilot, ASKED.text)
        assert "Short screening   question 1 of 2" in shown
        assert "i" not in footer_of(pilot), "an interviewer gives no hints"

        await answer_typed(pilot, RARE)
        shown = await asked(pilot, WHY_ACCURACY)
        assert "question 1 of 2, follow-up" in shown
        await answer_typed(pilot, MISLEADS, "9")
        shown = await asked(pilot, WHERE)
        assert "question 1 of 2, follow-up" in shown
        for secret in ("covered", "missing", "Next time", "Score"):
            assert secret not in shown
        await pilot.press("n")
        shown = await asked(pilot, WALKTHROUGH.text)
        assert "question 2 of 2" in shown
        await answer_typed(pilot, ANSWER)
        shown = await report_of(pilot)

        assert "Next time: " in shown
        assert "2 of 2 questions judged" in shown
        assert "1 of 1 follow-up brought the point" in shown
        assert "✓ came after all" in shown
        assert "You passed." in shown
        kept = {row.question_id for row in desk.coach.attempts()}
        assert kept == {ASKED.id, f"{ASKED.id}#accuracy", WALKTHROUGH.id}

        await pilot.press("enter")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert shown_screen(pilot) is RoundsScreen
        assert "2 of 2" in words_on(pilot)
        await pilot.press("tab")
        await settle(pilot)
        assert (footer_of(pilot)["enter"], footer_of(pilot)["tab"]) == ("Open report", "Rounds")
        await pilot.press("enter")
        assert "2 of 2 questions judged" in await report_of(pilot)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
        assert told(pilot) == []


async def test_a_round_goes_on_after_the_app_was_left(desk: Desk) -> None:
    async with desk.app(opening=opened()).run_test() as pilot:
        await asked(pilot, ASKED.text)
        await answer_typed(pilot, ANSWER)
        await asked(pilot, WALKTHROUGH.text)
        await pilot.press("ctrl+q")
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "open: 1 of 2 done" in words_on(pilot)
        assert footer_of(pilot)["enter"] == "Go on"
        await pilot.press("enter")
        assert "question 2 of 2" in await asked(pilot, WALKTHROUGH.text)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("e")
        shown = await report_of(pilot)
        assert "1 of 2 questions judged" in shown
        assert "Not answered." in shown


async def test_a_card_that_cannot_be_read_is_said_beside_the_others(desk: Desk) -> None:
    history, rounds = desk.engines.history(), desk.engines.rounds()
    run = rounds.begin("short", [ASKED.id, WALKTHROUGH.id], NOW)
    for answer in run.answers:
        kept = history.add(attempt(1, 57.4, replace(CARD, question=answer.question_id)))
        rounds.judge(answer.id, kept.id)
    rounds.end(run.id, NOW)
    with closing(sqlite3.connect(desk.paths.database)) as connection, connection:
        connection.execute("UPDATE cards SET card = 'no card' WHERE attempt_id = 1")
    app = desk.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        app.push_screen(RoundReportScreen(desk.coach, Interviewer(desk.coach), run.id))
        shown = " ".join((await report_of(pilot)).split())
        assert "1 of 2 questions judged" in shown
        assert "Its card cannot be read" in shown
        assert CARD.cue[:20] in shown
        await pilot.press("enter")
        await settle(pilot)
        assert told(pilot) == ["There is no card to open."]


async def test_a_round_of_which_an_answer_was_deleted_counts_what_is_left(desk: Desk) -> None:
    history, rounds = desk.engines.history(), desk.engines.rounds()
    run = rounds.begin("short", [ASKED.id, "define-recall", WALKTHROUGH.id, "design-marketplace-recsys"], NOW)
    first, second, *_ = run.answers
    for answer in (first, second):
        kept = history.add(attempt(1, 57.4, replace(CARD, question=answer.question_id)))
        rounds.judge(answer.id, kept.id)
    more = rounds.add(run.id, 0, "follow-up", f"{ASKED.id}#accuracy")
    follow_up = history.add(attempt(1, 88.0, replace(CARD, question=more.question_id)))
    rounds.judge(more.id, follow_up.id)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("slash", *"recall")
        await settle(pilot)
        await pilot.press("enter", "d")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert len(desk.coach.attempts()) == 2
        await pilot.press("escape", "escape", "r")
        await settle(pilot)
        assert "open: 1 of 3 done" in words_on(pilot)
        await pilot.press("enter")
        assert "question 2 of 3" in await asked(pilot, WALKTHROUGH.text)
        await pilot.press("n")
        await until(pilot, lambda: "question 3 of 3" in words_on(pilot), "the last question")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        desk.coach.delete_attempt(next(each for each in desk.coach.attempts() if "#" not in each.question_id))
        await pilot.press("e")
        shown = await report_of(pilot)
        assert "0 of 3 questions judged" in shown
        assert "0 of 1 follow-up brought" in " ".join(shown.split())
        assert "↳ Why" in shown, "of the first question its follow-up is left"
        await pilot.press("escape")
        await settle(pilot)
        assert "0 of 3" in words_on(pilot)


async def test_a_round_to_which_nothing_was_said_is_not_kept(desk: Desk) -> None:
    async with desk.app(opening=opened()).run_test() as pilot:
        await asked(pilot, ASKED.text)
        await pilot.press("escape")
        await settle(pilot)
        assert "open" not in words_on(pilot)
        assert "No round has been held yet." in words_on(pilot)
    assert desk.engines.rounds().runs() == ()


async def test_the_night_before_trims_what_was_too_long(desk: Desk) -> None:
    async with desk.app(opening=opened("trimming")).run_test(size=(120, 40)) as pilot:
        await asked(pilot, ASKED.text)
        rambling = f"{RARE} We moved offices that month and the coffee there was quite good. {MISLEADS} "
        await answer_typed(pilot, rambling + "We had a nice view of the river too.", "120")
        shown = await asked(pilot, WALKTHROUGH.text)
        assert "question 2 of 2" in shown
        await answer_typed(pilot, ANSWER, "70")
        shown = await asked(pilot, ASKED.text)
        assert "question 1 of 2, once more" in shown
        assert "It took 2:00, and 60-90\N{NO-BREAK SPACE}s is the window. Once more, without this:" in shown
        assert "coffee" in shown
        await answer_typed(pilot, f"{RARE} {MISLEADS}", "65")
        shown = await report_of(pilot)
        assert "↳ once more" in shown
        assert "2:00 became 1:05" in shown


async def test_an_answer_that_cannot_be_judged_is_asked_for_again(desk: Desk, tmp_path: Path) -> None:
    path = save(tmp_path / "silent.wav", silence(2.0))
    async with desk.app(opening=opened()).run_test() as pilot:
        await asked(pilot, ASKED.text)
        await pilot.press("f")
        await settle(pilot)
        pilot.app.screen.query_one("#path", Input).value = str(path)
        await pilot.press("enter")
        shown = await asked(pilot, "The question once more, then.")
        assert "The recording is silent" in shown
        assert "question 1 of 2" in shown
        await answer_typed(pilot, ANSWER)
        await asked(pilot, WALKTHROUGH.text)


async def test_what_was_typed_before_a_round_got_stuck_is_given_back_elsewhere(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_interviewer: Interviewer, _answer: RoundAnswer) -> None:
        raise HistoryError("The disk is full.")

    monkeypatch.setattr(Interviewer, "ask_again", full)
    async with desk.app(opening=opened()).run_test(size=(120, 40)) as pilot:
        await asked(pilot, ASKED.text)
        await answer_typed(pilot, "... ?!")
        await until(pilot, lambda: "The disk is full." in words_on(pilot), "the trouble")
        shown = " ".join(words_on(pilot).split())
        assert "What was recorded is kept, and what was typed until you quit. Esc leaves." in shown
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
        await pilot.press("home", "down", "t")
        await settle(pilot)
        assert ASKED.text in words_on(pilot)
        assert pilot.app.screen.query_one(TextArea).text == "... ?!"
        assert pilot.app.screen.query_one("#seconds", Input).value == "70"


class SlowCoach(Coach):
    """Judges as any other, but not before it may."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.engines, desk.bank, desk.paths.takes, lambda: NOW)
        self.may_judge = threading.Event()

    def judge_text(
        self,
        question: Question,
        text: str,
        duration_s: float | None,
        remark: Callable[[Judgement], str] | None = None,
    ) -> Iterator[PracticeEvent]:
        self.may_judge.wait()
        yield from super().judge_text(question, text, duration_s, remark)


async def test_nobody_waits_long_for_a_follow_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_screen, "PATIENCE_S", 0.05)
    slow = SlowCoach(desk)
    async with desk.app(make_coach=lambda: slow, opening=opened()).run_test(size=(120, 40)) as pilot:
        try:
            await until(pilot, lambda: ASKED.text in words_on(pilot), "the first question")
            await answer_typed_at_once(pilot, RARE)
            await until(pilot, lambda: WALKTHROUGH.text in words_on(pilot), "the next question")
            assert desk.coach.attempts() == ()
            await answer_typed_at_once(pilot, ANSWER)
            await until(pilot, lambda: "That was the last question." in words_on(pilot), "the end")
        finally:
            slow.may_judge.set()
        # Nothing is left to be asked but the verdicts have come, and the last answer is the one to follow up.
        assert "2 of 2 questions judged" in await report_of(pilot)


async def test_a_verdict_that_comes_while_a_pass_is_written_asks_nothing_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_screen, "PATIENCE_S", 0.05)
    slow, may_pass, passing = SlowCoach(desk), threading.Event(), threading.Event()
    pass_over = Interviewer.pass_over

    def pass_over_in_time(interviewer: Interviewer, answer: RoundAnswer) -> None:
        passing.set()
        may_pass.wait()
        pass_over(interviewer, answer)

    monkeypatch.setattr(Interviewer, "pass_over", pass_over_in_time)
    async with desk.app(make_coach=lambda: slow, opening=opened()).run_test(size=(120, 40)) as pilot:
        try:
            await until(pilot, lambda: ASKED.text in words_on(pilot), "the first question")
            await answer_typed_at_once(pilot, RARE)
            await until(pilot, lambda: WALKTHROUGH.text in words_on(pilot), "the next question")
            await until(pilot, lambda: bool(pilot.app.screen.query(InterviewAnswering)), "the way to answer")
            await pilot.press("n")
            await until(pilot, passing.is_set, "the pass")
            slow.may_judge.set()
            await until(pilot, lambda: bool(desk.coach.attempts()), "the verdict")
            await until(pilot, lambda: _ended(pilot, "judge"), "the end of judging")
            await pilot.pause()
            assert not pilot.app.screen.query(InterviewAnswering), "the pass is not kept yet"
        finally:
            slow.may_judge.set()
            may_pass.set()
        assert "1 of 2 questions judged" in await report_of(pilot)


def _ended(pilot: "Pilot[None]", group: str) -> bool:
    return all(worker.is_finished for worker in pilot.app.workers if worker.group == group)


async def test_a_round_that_could_not_be_begun_can_be_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_interviewer: Interviewer, _round_id: str) -> RoundRun:
        raise HistoryError("The disk is full.")

    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        with monkeypatch.context() as broken:
            broken.setattr(Interviewer, "begin", full)
            await pilot.press("enter")
            await settle(pilot)
            assert told(pilot) == ["The disk is full."]
        await pilot.press("enter")
        await asked(pilot, ASKED.text)


@dataclass
class Fed:
    """A desk whose microphone is spoken into by the test."""

    desk: Desk
    engines: FedEngines
    coach: Coach

    def app(self) -> VoicecoachApp:
        """Opened on the short round."""
        return self.desk.app(make_coach=lambda: self.coach, opening=opened())

    def sound(self, text: str, folder: Path) -> AudioClip:
        """Somebody saying it, as the microphone delivers it."""
        return self.engines.decode(save(folder / "said.wav", self.engines.voice().synthesize(text)))

    def say(self, clip: AudioClip) -> None:
        """Into the running recording."""
        block = SPEECH_RATE // 5
        for start in range(0, len(clip.samples), block):
            self.engines.recording.feed(clip.samples[start : start + block])


@pytest.fixture
def fed(make_desk: MakeDesk, tmp_path: Path) -> Iterator[Fed]:
    model = build_scripted_whisper(tmp_path / "model", RARE.lower().rstrip("."))
    desk = make_desk(bank=ROUND_BANK, model=str(model), voice="espeak")
    engines = FedEngines(desk.settings, desk.paths)
    yield Fed(desk, engines, Coach(engines, ROUND_BANK, desk.paths.takes, lambda: NOW))
    engines.history().close()


async def test_a_spoken_answer_is_judged_out_of_sight_and_followed_up(fed: Fed, tmp_path: Path) -> None:
    clip = fed.sound(RARE, tmp_path)
    async with fed.app().run_test() as pilot:
        await asked(pilot, ASKED.text)
        await pilot.press("space")
        await until(pilot, lambda: footer_of(pilot).get("space") == "Stop", "the recording")
        assert "n" not in footer_of(pilot)
        fed.say(clip)
        await pilot.press("space")
        shown = await asked(pilot, WHY_ACCURACY)
        assert "question 1 of 2, follow-up" in shown
    (row,) = fed.coach.attempts()
    (run,) = fed.engines.rounds().runs()
    assert (run.answers[0].attempt_id, run.answers[0].take_id) == (row.id, row.take_id)


def recorded_and_killed(fed: Fed, clip: AudioClip) -> tuple[RoundRun, Take]:
    """As a kill leaves it: the answer is on disk, and nothing has judged it."""
    interviewer = Interviewer(fed.coach)
    run = interviewer.begin("short")
    recording = fed.coach.start_recording(ASKED)
    fed.say(clip)
    take = recording.stop()
    interviewer.recorded(run.answers[0], take)
    return run, take


async def test_what_was_said_before_the_app_was_killed_is_judged_and_the_round_goes_on(
    fed: Fed, tmp_path: Path
) -> None:
    run, take = recorded_and_killed(fed, fed.sound(RARE, tmp_path))
    assert [each.id for each in fed.coach.unfinished_takes()] == [take.id]
    async with fed.app().run_test() as pilot:
        await asked(pilot, WALKTHROUGH.text)
    (row,) = fed.coach.attempts()
    assert row.take_id == take.id
    kept = fed.engines.rounds().get(run.id)
    assert kept is not None
    assert kept.answers[0].attempt_id == row.id


async def test_a_killed_rounds_take_may_be_judged_or_deleted_on_the_home_screen(
    fed: Fed, tmp_path: Path
) -> None:
    run, take = recorded_and_killed(fed, fed.sound(RARE, tmp_path))
    list(fed.coach.judge_take(take))
    kept = fed.engines.rounds().get(run.id)
    assert kept is not None
    assert kept.answers[0].attempt_id is not None

    again, dropped = recorded_and_killed(fed, fed.sound(RARE, tmp_path))
    fed.coach.discard_take(dropped)
    async with fed.app().run_test() as pilot:
        assert "question 1 of 2" in await asked(pilot, ASKED.text)
    kept = fed.engines.rounds().get(again.id)
    assert kept is None or kept.answers[0].is_waiting


SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
Act = Callable[["Pilot[None]"], Awaitable[None]]


def held(desk: Desk) -> int:
    """A round that was held, with a follow-up and one question passed; its id."""
    rounds, history = desk.engines.rounds(), desk.engines.history()
    run = rounds.begin("short", [ASKED.id, WALKTHROUGH.id, "define-recall"], NOW)
    cue = "Say why accuracy misleads before you name a metric. (worth about 9 points)"
    for answer, overall in zip(run.answers, (57.4, 71.2), strict=False):
        kept = history.add(attempt(1, overall, replace(CARD, question=answer.question_id, cue=cue)))
        rounds.judge(answer.id, kept.id)
    more = rounds.add(run.id, 0, "follow-up", f"{ASKED.id}#accuracy")
    points = tuple(replace(point, state="covered") for point in CARD.points if point.id == "accuracy")
    short = replace(CARD, question=more.question_id, points=points, duration_s=12.0)
    rounds.judge(more.id, history.add(attempt(1, 88.0, short)).id)
    rounds.pass_over(run.answers[2].id)
    rounds.end(run.id, NOW)
    return run.id


def looking_at(*keys: str) -> Act:
    async def act(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return act


@SIZES
def test_picture_of_the_list(snap_compare: Callable[..., bool], desk: Desk, size: tuple[int, int]) -> None:
    held(desk)
    rounds = desk.engines.rounds()
    interrupted = rounds.begin("trimming", [ASKED.id, WALKTHROUGH.id], NOW)
    rounds.pass_over(interrupted.answers[0].id)
    assert snap_compare(desk.app(), terminal_size=size, run_before=looking_at("r", "down"))


@SIZES
def test_picture_of_a_round(
    snap_compare: Callable[..., bool], make_desk: MakeDesk, size: tuple[int, int]
) -> None:
    desk = make_desk(bank=ROUND_BANK, engine="pocketsphinx")
    assert snap_compare(desk.app(), terminal_size=size, run_before=looking_at("r", "enter"))


@SIZES
def test_picture_of_the_report(snap_compare: Callable[..., bool], desk: Desk, size: tuple[int, int]) -> None:
    held(desk)
    assert snap_compare(desk.app(), terminal_size=size, run_before=looking_at("r", "tab", "enter"))
