"""Cutting a take at its pauses, and fitting words back into its speech: pure, for every engine."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.transcript import Span, Word


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a take is cut into stretches that are heard at once.

    Attributes:
        longest_s: A stretch grows no longer than this, unless one span alone is longer.
        widest_gap_s: A pause of at least this ends a stretch.
        padding_s: Added on either side, as far as the take and half of the pause allow.
        enough_s: From this length on, a shorter pause ends a stretch too.
        enough_gap_s: That pause.
    """

    longest_s: float
    widest_gap_s: float
    padding_s: float
    enough_s: float = math.inf
    enough_gap_s: float = math.inf

    def ends(self, length_s: float, gap_s: float) -> bool:
        """Whether a pause ends a stretch of that length."""
        return gap_s >= self.widest_gap_s or (length_s >= self.enough_s and gap_s >= self.enough_gap_s)


def pack_spans(speech: Sequence[Span], duration_s: float, cutting: Cutting) -> tuple[Span, ...]:
    """Join speech into stretches to recognise at once.

    Args:
        speech: In order, not overlapping.
        duration_s: Length of the take.
        cutting: How long stretches get.

    Returns:
        Stretches in order, not overlapping.
    """
    groups = _groups(speech, cutting)
    stretches = []
    for index, group in enumerate(groups):
        before_s = (group[0].start_s - groups[index - 1][-1].end_s) / 2 if index else group[0].start_s
        last = index == len(groups) - 1
        after_s = (
            duration_s - group[-1].end_s if last else (groups[index + 1][0].start_s - group[-1].end_s) / 2
        )
        stretches.append(padded(group, before_s, min(after_s, duration_s - group[-1].end_s), cutting))
    return tuple(stretches)


def finished_spans(speech: Sequence[Span], quiet_s: float, live: Cutting, whole: Cutting) -> int:
    """How many of the first spans make a stretch that nothing said later can join.

    Args:
        speech: What was said since the stretch before, in order; the last span may still go on.
        quiet_s: The pause since the last span; 0 while it goes on.
        live: How long stretches get while someone speaks.
        whole: How far stretches that wait already are joined: hearing has fallen behind, and few long
            stretches are heard sooner than many short ones.

    Returns:
        0 where the first stretch may still grow.
    """
    count = _finished(speech, quiet_s, live)
    while count:
        more = _finished(speech[count:], quiet_s, live)
        if not more or len(_groups(speech[: count + more], whole)) > 1:
            break
        count += more
    return count


def padded(group: Sequence[Span], before_s: float, after_s: float, cutting: Cutting) -> Span:
    """The stretch that holds some spans, with as much quiet around them as there is room for.

    Args:
        group: In order.
        before_s: Room before the first.
        after_s: Room after the last.
        cutting: How much is wanted.
    """
    return Span(
        group[0].start_s - min(cutting.padding_s, max(0.0, before_s)),
        group[-1].end_s + min(cutting.padding_s, max(0.0, after_s)),
    )


def fit_words(words: Sequence[Word], speech: Sequence[Span]) -> tuple[Word, ...]:
    """Move word times into the speech, since recognisers let them drift over silence.

    A word is trimmed to the span that it shares most time with; one that shares none keeps its times, but
    for the outer edges of the speech. The order of the words stays, and starts never decrease.
    """
    if not speech:
        return ()
    first_s, last_s = speech[0].start_s, speech[-1].end_s
    fitted: list[Word] = []
    earliest_s = first_s
    for word in words:
        start_s = min(max(word.start_s, first_s), last_s)
        end_s = min(max(word.end_s, start_s), last_s)
        home = max(speech, key=lambda span: min(end_s, span.end_s) - max(start_s, span.start_s))
        if min(end_s, home.end_s) > max(start_s, home.start_s):
            start_s, end_s = max(start_s, home.start_s), min(end_s, home.end_s)
        start_s = max(start_s, earliest_s)
        fitted.append(Word(word.text, start_s, max(start_s, end_s), word.probability))
        earliest_s = start_s
    return tuple(fitted)


def _finished(speech: Sequence[Span], quiet_s: float, cutting: Cutting) -> int:
    groups = _groups(speech, cutting)
    if len(groups) > 1 or (groups and cutting.ends(_length_s(groups[0]), quiet_s)):
        return len(groups[0])
    return 0


def _groups(speech: Sequence[Span], cutting: Cutting) -> list[list[Span]]:
    """Spans by stretch, each as long as it may get."""
    groups: list[list[Span]] = []
    for span in speech:
        if (
            groups
            and not cutting.ends(_length_s(groups[-1]), span.start_s - groups[-1][-1].end_s)
            and span.end_s - groups[-1][0].start_s + 2 * cutting.padding_s <= cutting.longest_s
        ):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _length_s(group: Sequence[Span]) -> float:
    return group[-1].end_s - group[0].start_s
