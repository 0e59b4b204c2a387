"""Judging followed from a worker: what it yields becomes messages."""

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import get_current_worker

from voicecoach.errors import VoicecoachError
from voicecoach.practice.events import PracticeEvent
from voicecoach.tui.messages import JudgingFailed, JudgingStopped, Progressed

if TYPE_CHECKING:
    from textual.app import App

Judging = Callable[[], Iterator[PracticeEvent]]
"""Begins to judge; what it does is done as its events are asked for."""


def follow(app: "App[None]", start: Judging, post: Callable[[Message], object]) -> None:
    """Judge in this worker until it ends or fails, or the worker is cancelled: the rest is given up then.

    Args:
        app: Told by a `JudgingStopped` when a cancelled judging has ended; the screen that began it may have
            gone by then, and knows its app no longer.
        start: How judging begins.
        post: Takes a `Progressed` for every event, and a `JudgingFailed` at the end where it fails; nothing
            once the worker is cancelled.
    """
    worker = get_current_worker()
    events: Iterator[PracticeEvent] = iter(())
    try:
        events = start()
        for event in events:
            if worker.is_cancelled:
                return
            post(Progressed(event))
    except VoicecoachError as error:
        if not worker.is_cancelled:
            post(JudgingFailed(error))
    finally:
        if isinstance(events, Generator):
            events.close()
        if worker.is_cancelled:
            app.post_message(JudgingStopped())
