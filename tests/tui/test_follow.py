"""Judging followed from a worker that may be cancelled."""

import asyncio
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from tests.tui.conftest import PATIENCE_S
from voicecoach.errors import EngineError
from voicecoach.practice.events import PracticeEvent, Working
from voicecoach.tui.following import follow
from voicecoach.tui.messages import JudgingFailed, Progressed

if TYPE_CHECKING:
    from textual.message import Message


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_failure_is_told_unless_the_worker_was_cancelled_before(cancelled: bool) -> None:
    judging, may_fail, ended = (threading.Event() for _ in range(3))
    told: list[type[Message]] = []

    def fails() -> Iterator[PracticeEvent]:
        yield Working("reading")
        judging.set()
        may_fail.wait()
        raise EngineError("It failed.")

    def work() -> None:
        follow(app, fails, lambda message: told.append(type(message)))
        ended.set()

    app = App[None]()
    async with app.run_test():
        worker = app.run_worker(work, thread=True)
        try:
            assert await asyncio.to_thread(judging.wait, PATIENCE_S)
            if cancelled:
                worker.cancel()
        finally:
            may_fail.set()
        assert await asyncio.to_thread(ended.wait, PATIENCE_S)
    assert told == ([Progressed] if cancelled else [Progressed, JudgingFailed])
