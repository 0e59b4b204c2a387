"""Cutting a take at its pauses, and fitting words back into its speech: pure, for both engines."""

from collections.abc import Sequence

from voicecoach.transcript import Span, Word


def pack_spans(
    speech: Sequence[Span], duration_s: float, *, longest_s: float, widest_gap_s: float, padding_s: float
) -> tuple[Span, ...]:
    """Join speech into stretches to recognise at once.

    Args:
        speech: In order, not overlapping.
        duration_s: Length of the take.
        longest_s: A stretch grows no longer than this, unless one span alone is longer.
        widest_gap_s: A pause of at least this ends a stretch.
        padding_s: Added on either side, as far as the take and half of the pause allow.

    Returns:
        Stretches in order, not overlapping.
    """
    groups: list[list[Span]] = []
    for span in speech:
        if (
            groups
            and span.start_s - groups[-1][-1].end_s < widest_gap_s
            and span.end_s - groups[-1][0].start_s + 2 * padding_s <= longest_s
        ):
            groups[-1].append(span)
        else:
            groups.append([span])
    stretches = []
    for index, group in enumerate(groups):
        before_s = (group[0].start_s - groups[index - 1][-1].end_s) / 2 if index else group[0].start_s
        last = index == len(groups) - 1
        after_s = (
            duration_s - group[-1].end_s if last else (groups[index + 1][0].start_s - group[-1].end_s) / 2
        )
        stretches.append(
            Span(
                group[0].start_s - min(padding_s, max(0.0, before_s)),
                min(duration_s, group[-1].end_s + min(padding_s, max(0.0, after_s))),
            )
        )
    return tuple(stretches)


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
