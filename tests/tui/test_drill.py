"""The definition drill in the app, with the real voice, recogniser and judge."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.app import App
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea

from tests.support.recorders import FedEngines
from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import silence
from tests.support.virtual_microphone import wait_until
from tests.tui.conftest import (
    PATIENCE_S,
    Desk,
    MakeDesk,
    NoLoudspeakers,
    footer_of,
    settle,
    shown_screen,
    told,
    type_into_dialog,
    until,
    words_on,
)
from tests.tui.samples import NOW
from tests.tui.test_correcting import choose, move_to
from voicecoach.audio.player import Playback
from voicecoach.audio.takes import Take
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Bank, Question
from voicecoach.errors import EngineError, HistoryError
from voicecoach.history.records import Attempt
from voicecoach.practice.coach import Coach
from voicecoach.practice.drill import Ask, Choice, Drill
from voicecoach.practice.drilling import Drilling
from voicecoach.practice.events import PracticeEvent
from voicecoach.practice.hearing import Remark
from voicecoach.speech.transcriber import Transcriber
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.following import Judging, follow
from voicecoach.tui.opening import Opening
from voicecoach.tui.screens.answers import TextDialog
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.screens.drill import DrillScreen
from voicecoach.tui.screens.drill_choice import DrillDialog
from voicecoach.tui.screens.help import HelpScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.widgets.answering import Answering
from voicecoach.tui.widgets.verdict_panel import what_next
from voicecoach.voice.voice import Voice

if TYPE_CHECKING:
    from textual.pilot import Pilot

RIGHT = "Of everything the model flags, precision is the share that truly is positive."
SWAPPED = "Precision is the share of the actual positives that the model finds."
TRAP = "Yes. It says nothing about the positives that were missed, so it can miss most of the fraud."
BLOCK = SPEECH_RATE // 5


class SilentFedEngines(FedEngines):
    """A microphone that a program speaks into, on a machine without a loudspeaker."""

    def player(self) -> NoLoudspeakers:
        return NoLoudspeakers()


@pytest.fixture(scope="module")
def shipped() -> Bank:
    return load_bank(find_bank_folders(None, Path("nowhere")))


@pytest.fixture
def desk(make_desk: MakeDesk, shipped: Bank) -> Desk:
    return make_desk(bank=shipped)


def drilling(*ids: str) -> Opening:
    return Opening("drill", " ".join(ids))


def round_on(pilot: "Pilot[None]") -> Drill:
    screen = pilot.app.screen
    assert isinstance(screen, DrillScreen)
    return screen._drill


async def asked(pilot: "Pilot[None]") -> None:
    """Wait until something is asked and can be answered."""
    await until(pilot, lambda: bool(pilot.app.screen.query(Answering)), "the question")
    await settle(pilot)


async def type_answer(pilot: "Pilot[None]", text: str) -> None:
    """Answer by typing, and wait for the verdict."""
    await type_into_dialog(pilot, text)
    await until(pilot, lambda: "Say it like this" in words_on(pilot), "the verdict")
    await settle(pilot)


async def leave_out(pilot: "Pilot[None]") -> str:
    """Own up to not knowing it, go on, and return what was told."""
    await pilot.press("n")
    await settle(pilot)
    words = words_on(pilot)
    await pilot.press("space")
    await asked(pilot)
    return words


async def answer(pilot: "Pilot[None]", text: str) -> str:
    """Type an answer, go on, and return what was told."""
    await type_answer(pilot, text)
    words = words_on(pilot)
    await pilot.press("space")
    await asked(pilot)
    return words


async def test_a_swap_comes_back_until_it_is_crisp_and_then_the_catch_is_asked(desk: Desk) -> None:
    async with desk.app(opening=drilling("define-precision", "define-recall")).run_test(
        size=(80, 24)
    ) as pilot:
        await asked(pilot)
        if "How do you define precision for a classifier?" not in words_on(pilot):
            assert "- Left out" in await leave_out(pilot)
        assert "How do you define precision for a classifier?" in words_on(pilot)
        wrong = await answer(pilot, SWAPPED)
        assert "✗ Wrong" in wrong
        assert "That is recall" in wrong
        assert "Say it like this: Precision is the share of the positive predictions" in wrong
        assert "It comes back in this round." in wrong
        assert "It comes back in this round." in await leave_out(pilot)
        assert "Once more, Precision. How do you define precision for a classifier?" in words_on(pilot)
        right = await answer(pilot, RIGHT)
        assert "✓ Right" in right
        assert "Next comes the second step." in right
        assert "Can a model with perfect precision still be useless?" in words_on(pilot)
        assert "✓ Right" in await answer(pilot, TRAP)
        await pilot.press("escape")
        await settle(pilot)
        summary = words_on(pilot)
        assert "Crisp at once: Precision (warn that it ignores what was missed)" in summary
        assert "Crisp in the end: Precision (2 tries)" in summary
        assert "Still open: Recall, left out after" in summary
        assert "Say: Recall is the share of the actual positives that the model finds" in summary
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
    kept = [row.question_id.partition("#")[2] for row in desk.coach.attempts()]
    assert kept == ["ignores-misses", "definition", "definition"]


def test_after_a_second_step_another_terms_second_step_is_not_announced(shipped: Bank) -> None:
    precision, recall = (shipped.find(name) for name in ("define-precision", "define-recall"))
    assert precision is not None
    assert recall is not None
    first = Ask("Precision", precision, then=precision)
    second, other = (
        Ask(title, question, is_second=True)
        for title, question in (("Precision", precision), ("Recall", recall))
    )

    assert what_next(Drill((other,)), first, "right") == "Next comes the second step."
    assert what_next(Drill((other,)), second, "right") == ""
    assert what_next(Drill((other, second)), second, "vague") == "It comes back in this round."


async def test_the_card_of_an_answer_is_one_key_away_and_leads_back(desk: Desk) -> None:
    async with desk.app(opening=drilling("define-precision")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_answer(pilot, SWAPPED)
        await pilot.press("enter")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "✗ Wrong" in words_on(pilot)
        assert footer_of(pilot)["space"] == "Next"


async def open_card(pilot: "Pilot[None]") -> CardScreen:
    """From the verdict to the card of the answer."""
    await pilot.press("enter")
    await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
    await settle(pilot)
    assert isinstance(pilot.app.screen, CardScreen)
    return pilot.app.screen


async def rule(pilot: "Pilot[None]", verdict: str) -> None:
    """On a card, say what the definition is."""
    assert isinstance(pilot.app.screen, CardScreen)
    move_to(pilot.app.screen, point="definition")
    await pilot.press("e")
    await settle(pilot)
    await choose(pilot, verdict)


async def test_what_is_corrected_on_the_card_counts_in_the_round_and_can_be_taken_back(desk: Desk) -> None:
    async with desk.app(opening=drilling("define-precision")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_answer(pilot, SWAPPED)
        await open_card(pilot)
        await rule(pilot, "it was right")
        await pilot.press("escape")
        await settle(pilot)
        assert "✓ Right" in words_on(pilot)
        assert "Next comes the second step." in words_on(pilot)
        assert [each.verdict for each in round_on(pilot).tried] == ["right"]

        await open_card(pilot)
        assert "Corrected by you" in words_on(pilot)
        await rule(pilot, "Leave it to the judge")
        await pilot.press("escape")
        await settle(pilot)
        assert told(pilot) == []
        assert "✗ Wrong" in words_on(pilot)
        assert [each.verdict for each in round_on(pilot).tried] == ["wrong"]
        assert [ask.is_second for ask in round_on(pilot).queue] == [False]


@pytest.mark.parametrize("key", ["space", "escape"])
async def test_nothing_goes_on_without_what_was_corrected_on_the_card(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    may_read = threading.Event()
    read = desk.coach.attempt

    def held(attempt_id: int) -> Attempt | None:
        may_read.wait()
        return read(attempt_id)

    async with desk.app(opening=drilling("define-precision")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_answer(pilot, SWAPPED)
        await open_card(pilot)
        await rule(pilot, "it was right")
        monkeypatch.setattr(desk.coach, "attempt", held)
        try:
            await pilot.press("escape", key)
        finally:
            may_read.set()
        await settle(pilot)
        if key == "space":
            await asked(pilot)
            assert "Can a model with perfect precision still be useless?" in words_on(pilot)
        else:
            assert "1 of 1 question crisp at once" in words_on(pilot)
            assert "Crisp at once: Precision" in words_on(pilot)


@pytest.mark.parametrize("place", ["here", "elsewhere"])
async def test_the_verdict_on_an_answer_that_is_deleted_stays_and_its_card_is_not_offered(
    desk: Desk, place: str
) -> None:
    async with desk.app(opening=drilling("define-precision")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_answer(pilot, SWAPPED)
        if place == "here":
            await open_card(pilot)
            await pilot.press("d")
            await until(pilot, lambda: shown_screen(pilot) is ConfirmDialog, "the question")
            await pilot.press("y")
        else:
            desk.engines.history().delete(desk.coach.attempts()[0].id)
            await pilot.press("enter")
        await settle(pilot)
        assert shown_screen(pilot) is DrillScreen
        assert "✗ Wrong" in words_on(pilot)
        assert "Deleted; its verdict stays in this round." in words_on(pilot)
        assert "enter" not in footer_of(pilot)
        await pilot.press("space")
        await asked(pilot)
        assert "Once more, Precision." in words_on(pilot)
        assert [each.verdict for each in round_on(pilot).tried] == ["wrong"]


async def test_an_answer_that_cannot_be_read_anew_keeps_its_verdict_and_holds_up_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_attempt_id: int) -> Attempt | None:
        raise HistoryError("The history is locked.")

    async with desk.app(opening=drilling("define-precision")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_answer(pilot, SWAPPED)
        await open_card(pilot)
        monkeypatch.setattr(desk.coach, "attempt", unreadable)
        await pilot.press("escape")
        await settle(pilot)
        assert "✗ Wrong" in words_on(pilot)
        await pilot.press("space")
        await asked(pilot)
        assert "Once more, Precision." in words_on(pilot)


async def test_the_round_is_chosen_by_terms_and_length(desk: Desk) -> None:
    areas = Counter(question.area for question in desk.bank.questions if question.is_definition)
    terms_of_first_area = min(3, areas[min(areas)])
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await until(pilot, lambda: shown_screen(pilot) is DrillDialog, "the choice")
        await settle(pilot)
        assert "All terms" in words_on(pilot)
        assert "28" in words_on(pilot)
        assert "This round: 6 terms" in words_on(pilot)
        await pilot.press("left")
        await settle(pilot)
        assert "This round: 3 terms" in words_on(pilot)
        await pilot.press("down")
        await settle(pilot)
        assert f"This round: {terms_of_first_area} terms" in words_on(pilot)
        await pilot.press("enter")
        await asked(pilot)
        drill = round_on(pilot)
        assert len(drill.queue) == terms_of_first_area
        assert len({desk.coach.question(ask.question.whole.id).area for ask in drill.queue}) == 1
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen


async def test_leaving_the_choice_leaves_the_drill(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("d")
        await until(pilot, lambda: shown_screen(pilot) is DrillDialog, "the choice")
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen


async def test_the_choice_waits_until_what_lies_over_the_drill_is_gone(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        for key in ("d", "question_mark"):
            pilot.app.post_message(Key(key, None))
        await settle(pilot)
        assert shown_screen(pilot) is HelpScreen
        await pilot.press("escape")
        await settle(pilot)
        assert [type(each) for each in pilot.app.screen_stack] == [HomeScreen, DrillScreen, DrillDialog]


async def test_what_cannot_be_judged_is_asked_again_and_given_back(desk: Desk) -> None:
    async with desk.app(opening=drilling("define-recall")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into_dialog(pilot, "... ?")
        await until(pilot, lambda: "There are no words to judge." in words_on(pilot), "the trouble")
        await settle(pilot)
        assert round_on(pilot).tried == ()
        await pilot.press("t")
        await until(pilot, lambda: shown_screen(pilot) is TextDialog, "the dialog")
        await settle(pilot)
        assert pilot.app.screen.query_one(TextArea).text == "... ?"


async def test_words_whose_judging_is_stopped_are_given_back_in_the_next_round(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging, may_go_on = threading.Event(), threading.Event()
    judge_text = desk.coach.judge_text

    def held(
        question: Question, text: str, duration_s: float | None, remark: Remark | None = None
    ) -> Iterator[PracticeEvent]:
        """The real judge, once it may."""
        judging.set()
        may_go_on.wait()
        yield from judge_text(question, text, duration_s, remark)

    monkeypatch.setattr(desk.coach, "judge_text", held)
    async with desk.app(opening=drilling("define-recall")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        try:
            await pilot.press("t")
            await until(pilot, lambda: shown_screen(pilot) is TextDialog, "the dialog")
            await settle(pilot)
            pilot.app.screen.query_one(TextArea).text = SWAPPED
            await pilot.press("ctrl+s")
            await until(pilot, judging.is_set, "the judge")
            await pilot.press("escape")
            await until(pilot, lambda: shown_screen(pilot) is HomeScreen, "the list")
        finally:
            may_go_on.set()
        await settle(pilot)
        assert told(pilot) == [
            "Stopped. What you typed is kept until you quit: t gives it back when this is asked again."
        ]
        assert desk.coach.attempts() == ()
        app = pilot.app
        assert isinstance(app, VoicecoachApp)
        app._drill(desk.coach, ["define-recall"])
        await asked(pilot)
        await pilot.press("t")
        await until(pilot, lambda: shown_screen(pilot) is TextDialog, "the dialog")
        await settle(pilot)
        assert pilot.app.screen.query_one(TextArea).text == SWAPPED


async def test_a_take_whose_judging_was_stopped_is_offered_as_soon_as_it_is_free(
    make_desk: MakeDesk, shipped: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(bank=shipped)
    engines = SilentFedEngines(desk.settings, desk.paths)
    desk.coach = Coach(engines, shipped, desk.paths.takes, lambda: NOW)
    reached, may_go_on = threading.Event(), threading.Event()
    judge_take = desk.coach.judge_take

    def held(take: Take, remark: Remark | None = None) -> Iterator[PracticeEvent]:
        """The real judge, stopped after its first word until it may go on."""
        for event in judge_take(take, remark):
            yield event
            reached.set()
            may_go_on.wait()

    monkeypatch.setattr(desk.coach, "judge_take", held)
    async with desk.app(opening=drilling("define-recall")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("space")
        await until(pilot, lambda: "waiting for the microphone" in words_on(pilot), "the recording")
        feed(engines, silence(3.0))
        try:
            await pilot.press("space")
            await until(pilot, reached.is_set, "the judge")
            await pilot.press("escape")
            await until(pilot, lambda: shown_screen(pilot) is HomeScreen, "the list")
            await settle(pilot)
            assert "unfinished" not in words_on(pilot)
        finally:
            may_go_on.set()
        await until(pilot, lambda: "1 unfinished take (u)" in words_on(pilot), "the take")
    engines.history().close()


async def test_an_answer_that_was_stopped_and_fails_late_leaves_the_next_one_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging, may_fail, failed, may_judge = (threading.Event() for _ in range(4))
    judge_text = desk.coach.judge_text

    def held(
        question: Question, text: str, duration_s: float | None, remark: Remark | None = None
    ) -> Iterator[PracticeEvent]:
        """The real judge, once it may; the stopped answer fails."""
        if text == "Stopped.":
            judging.set()
            may_fail.wait()
            raise EngineError("It failed late.")
        may_judge.wait()
        yield from judge_text(question, text, duration_s, remark)

    def follow_to_its_end(app: App[None], start: Judging, post: Callable[[Message], object]) -> None:
        follow(app, start, post)
        failed.set()

    monkeypatch.setattr("voicecoach.tui.screens.drill.follow", follow_to_its_end)
    monkeypatch.setattr(desk.coach, "judge_text", held)
    async with desk.app(opening=drilling("define-precision", "define-recall")).run_test() as pilot:
        await asked(pilot)
        await leave_out(pilot)
        screen = pilot.app.screen
        try:
            await type_into_dialog(pilot, "Stopped.")
            await until(pilot, judging.is_set, "the judge")
            await pilot.press("escape")
            await until(pilot, lambda: "crisp at once" in words_on(pilot), "the summary")
            await pilot.press("r")
            await until(pilot, lambda: shown_screen(pilot) is DrillDialog, "the choice")
            await pilot.press("enter")
            await until(pilot, lambda: bool(screen.query(Answering)), "the question")
            await pilot.press("t")
            await until(pilot, lambda: shown_screen(pilot) is TextDialog, "the dialog")
            pilot.app.screen.query_one(TextArea).text = SWAPPED
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "Judging." in words_on(pilot), "the judge of the next answer")
            may_fail.set()
            await until(pilot, failed.is_set, "the late failure")
            await pilot.pause()
            assert "It failed late." not in words_on(pilot)
        finally:
            may_fail.set()
            may_judge.set()
        await until(pilot, lambda: "Say it like this" in words_on(pilot), "the verdict")
        await settle(pilot)
        assert len(round_on(pilot).tried) == 1


async def test_a_failure_told_in_the_moment_of_stopping_does_not_ask_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging, may_fail = threading.Event(), threading.Event()

    def held(
        _question: Question, _text: str, _duration_s: float | None, _remark: Remark | None = None
    ) -> Iterator[PracticeEvent]:
        judging.set()
        may_fail.wait()
        raise EngineError("It failed.")

    monkeypatch.setattr(desk.coach, "judge_text", held)
    async with desk.app(opening=drilling("define-precision", "define-recall")).run_test() as pilot:
        await asked(pilot)
        await leave_out(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, DrillScreen)
        told_of = threading.Event()
        post = screen.post_message

        def post_and_tell(message: Message) -> bool:
            posted = post(message)
            told_of.set()
            return posted

        try:
            await type_into_dialog(pilot, "An answer.")
            await until(pilot, judging.is_set, "the judge")
            monkeypatch.setattr(screen, "post_message", post_and_tell)
        finally:
            may_fail.set()
        # Nothing is handled meanwhile: the failure waits in the queue when the answer is stopped.
        assert told_of.wait(PATIENCE_S)
        await screen.action_leave()
        await settle(pilot)
        assert "0 of 1 question crisp at once" in words_on(pilot)
        assert not screen.query(Answering)


class _Heard:
    """A clip that is over at once."""

    position_s = 0.0

    def wait(self, timeout_s: float | None = None) -> bool:
        return timeout_s is None

    def stop(self) -> None:
        return


class Loudspeaker(NoLoudspeakers):
    def play(self, clip: AudioClip, start_s: float = 0.0, end_s: float | None = None) -> Playback:
        return _Heard()


async def test_a_voice_that_cannot_speak_is_tried_once_a_round(
    make_desk: MakeDesk, shipped: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(bank=shipped, speak_questions=True)

    tried: list[str] = []

    def no_voice() -> Voice:
        tried.append("voice")
        raise EngineError("There is no voice.")

    monkeypatch.setattr(desk.engines, "voice", no_voice)
    async with desk.app(opening=drilling("define-precision", "define-recall")).run_test() as pilot:
        await asked(pilot)
        await leave_out(pilot)
        await leave_out(pilot)
        await settle(pilot)
        assert len(tried) == 1
        await pilot.press("p")
        await settle(pilot)
        assert len(tried) == 2, "p still tries"
        assert "There is no voice." in told(pilot)


async def test_terms_are_read_aloud_where_only_the_recogniser_fails(
    make_desk: MakeDesk, shipped: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(bank=shipped, speak_questions=True)
    failed, said = threading.Event(), list[str]()

    def no_recogniser() -> Transcriber:
        failed.set()
        raise EngineError("There is no recogniser.")

    def spoken(question: Question) -> AudioClip:
        said.append(question.id)
        return silence(0.1)

    monkeypatch.setattr(desk.engines, "player", Loudspeaker)
    monkeypatch.setattr(desk.engines, "transcriber", no_recogniser)
    monkeypatch.setattr(desk.coach, "spoken_question", spoken)
    async with desk.app(opening=drilling("define-precision", "define-recall")).run_test() as pilot:
        await asked(pilot)
        await settle(pilot)
        assert failed.is_set()
        await leave_out(pilot)
        await settle(pilot)
        assert len(said) == 2


async def test_the_summary_stays_where_another_round_cannot_be_offered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_drilling: Drilling) -> tuple[Choice, ...]:
        raise HistoryError("The history is locked.")

    async with desk.app(opening=drilling("define-precision", "define-recall")).run_test() as pilot:
        await asked(pilot)
        await leave_out(pilot)
        await pilot.press("escape")
        await settle(pilot)
        with monkeypatch.context() as patch:
            patch.setattr(Drilling, "choices", unreadable)
            await pilot.press("r")
            await settle(pilot)
        assert told(pilot) == ["The history is locked."]
        assert shown_screen(pilot) is DrillScreen
        assert "0 of 1 question crisp at once" in words_on(pilot)
        assert "left out after 1 try" in words_on(pilot)
        await pilot.press("r")
        await until(pilot, lambda: shown_screen(pilot) is DrillDialog, "the choice")


async def test_a_round_lets_go_of_a_term_and_can_be_followed_by_another(desk: Desk) -> None:
    async with desk.app(opening=drilling("define-recall")).run_test(size=(80, 24)) as pilot:
        for _ in range(3):
            await asked(pilot)
            await pilot.press("n")
            await settle(pilot)
            last = words_on(pilot)
            await pilot.press("space")
            await settle(pilot)
        assert "Left at that after 3 tries." in last
        assert "0 of 1 question crisp at once" in words_on(pilot)
        assert footer_of(pilot)["r"] == "Another round"
        await pilot.press("r", "r")
        await until(pilot, lambda: shown_screen(pilot) is DrillDialog, "the choice")
        await settle(pilot)
        assert [type(each) for each in pilot.app.screen_stack] == [HomeScreen, DrillScreen, DrillDialog]
        await pilot.press("escape")
        await settle(pilot)
        assert "0 of 1 question crisp at once" in words_on(pilot)
        assert footer_of(pilot)["r"] == "Another round"
        await pilot.press("r")
        await until(pilot, lambda: shown_screen(pilot) is DrillDialog, "the choice")
        await settle(pilot)
        await pilot.press("enter")
        await asked(pilot)
        assert len(round_on(pilot).queue) == 6


async def test_a_spoken_answer_is_heard_and_judged_and_ends_by_itself(
    make_desk: MakeDesk, shipped: Bank, tmp_path: Path
) -> None:
    model = build_scripted_whisper(tmp_path / "model", SWAPPED.lower().rstrip("."))
    desk = make_desk(bank=shipped, model=str(model), voice="espeak")
    engines = SilentFedEngines(desk.settings, desk.paths)
    seconds = count()
    desk.coach = Coach(engines, shipped, desk.paths.takes, lambda: NOW + timedelta(seconds=next(seconds)))
    spoken = engines.voice().synthesize(SWAPPED)
    async with desk.app(opening=drilling("define-precision")).run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("space")
        await until(pilot, lambda: "waiting for the microphone" in words_on(pilot), "the recording")
        feed(engines, spoken)
        # The limit of 30 s ends the answer: nobody presses a key.
        feed(engines, silence(30.0))
        await until(pilot, lambda: "Say it like this" in words_on(pilot), "the verdict")
        await settle(pilot)
        assert "✗ Wrong" in words_on(pilot)
        assert "That is recall" in words_on(pilot)
        row = desk.coach.attempts()[0]
        assert row.question_id == "define-precision#definition"
        assert row.take_id is not None
        assert desk.coach.unfinished_takes() == ()
    engines.history().close()


def feed(engines: FedEngines, clip: AudioClip) -> None:
    """Speak into the running recording, and wait until it is on disk."""
    recording = engines.recording
    wanted = recording.status().elapsed_s + clip.duration_s
    for start in range(0, len(clip.samples), BLOCK):
        recording.feed(clip.samples[start : start + BLOCK])
    wait_until(lambda: recording.status().elapsed_s >= wanted - 1e-6, "what was said")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("stage", ["ask", "told", "over"])
def test_pictures_of_a_round(
    snap_compare: Callable[..., bool], make_desk: MakeDesk, shipped: Bank, size: tuple[int, int], stage: str
) -> None:
    # Named, because a machine may have weights of its own that "auto" would find.
    desk = make_desk(bank=shipped, engine="pocketsphinx")

    async def act(pilot: "Pilot[None]") -> None:
        await asked(pilot)
        if stage == "ask":
            return
        await type_answer(pilot, SWAPPED)
        if stage == "over":
            await pilot.press("escape")
            await settle(pilot)

    assert snap_compare(desk.app(opening=drilling("define-precision")), terminal_size=size, run_before=act)
