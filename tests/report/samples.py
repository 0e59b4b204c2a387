"""Takes to report, with the sound of a real recording."""

from dataclasses import replace
from functools import cache

from tests.support.practising import SPOKEN
from tests.tui.samples import CARD, IMBALANCE, attempt
from voicecoach.audio.compact import compact
from voicecoach.audio.decode import decode
from voicecoach.clip import CompactSound
from voicecoach.report.page import ReportedTake

HOSTILE = (
    "</script><script>document.title='pwned'</script>"
    "<img src=http://127.0.0.1:9/x onerror=alert(1)>\"'`{{7*7}}"
)
"""What a transcript or a question may hold when somebody wants to harm who reads the report."""


@cache
def _sound() -> CompactSound:
    return compact(decode(SPOKEN))


def take(*, spoken: bool = True) -> ReportedTake:
    """A take with something in every part of its card."""
    kept = attempt(0, 57.4)
    card = replace(kept.card, notices=("The recording is clipped in places.",))
    sound = _sound() if spoken else None
    silence = "" if spoken else "There is no recording of this answer."
    return ReportedTake(IMBALANCE, kept.started_at, card, kept.transcript, sound, silence)


def hostile_take() -> ReportedTake:
    """The same, with markup in every text that anybody can write."""
    card = replace(
        CARD,
        cue=HOSTILE,
        notices=(HOSTILE,),
        engine=replace(CARD.engine, name=HOSTILE, model=HOSTILE, note=HOSTILE),
        points=tuple(replace(each, id=each.id, label=HOSTILE, quote=HOSTILE) for each in CARD.points),
        clauses=tuple(replace(each, text=HOSTILE) for each in CARD.clauses),
    )
    question = replace(IMBALANCE, title=HOSTILE, text=HOSTILE)
    return replace(take(), card=card, question=question)
