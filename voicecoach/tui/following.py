"""Judging followed from a worker: what it yields becomes messages."""

from collections.abc import Callable, Generator, Iterator

from textual.message import Message
from textual.worker import get_current_worker

from voicecoach.errors import VoicecoachError
from voicecoach.practice.events import PracticeEvent
from voicecoach.tui.messages import JudgingFailed, Progressed

Judging = Callable[[], Iterator[PracticeEvent]]
"""Begins to judge; what it does is done as its events are asked for."""


def follow(start: Judging, post: Callable[[Message], object]) -> None:
    """Judge in this worker until it ends or fails, or the worker is cancelled: the rest is given up then.

    Args:
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
