from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.speech.spans import Cutting, finished_spans, fit_words, pack_spans
from voicecoach.transcript import Span, Word

LONGEST_S, GAP_S, PADDING_S = 30.0, 3.0, 0.2
CUTTING = Cutting(LONGEST_S, GAP_S, PADDING_S)


@st.composite
def takes(draw: st.DrawFn) -> tuple[float, tuple[Span, ...]]:
    """A duration, and speech in it: in order, not overlapping."""
    lengths = draw(st.lists(st.floats(0.05, 20), min_size=1, max_size=25))
    edges = [sum(lengths[: index + 1]) for index in range(len(lengths))]
    spans = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    return edges[-1] + draw(st.floats(0, 2)), spans


def packed(duration_s: float, speech: tuple[Span, ...]) -> tuple[Span, ...]:
    return pack_spans(speech, duration_s, CUTTING)


@given(takes())
def test_stretches_cover_all_speech_in_order_and_stay_short(take: tuple[float, tuple[Span, ...]]) -> None:
    duration_s, speech = take
    stretches = packed(duration_s, speech)
    for before, after in pairwise(stretches):
        assert before.end_s <= after.start_s + 1e-9
    for span in speech:
        homes = [s for s in stretches if s.start_s <= span.start_s and span.end_s <= s.end_s]
        assert len(homes) == 1
        if homes[0].duration_s > LONGEST_S + 1e-9:
            assert span.duration_s > LONGEST_S - 2 * PADDING_S - 1e-9
    assert all(0 <= stretch.start_s <= stretch.end_s <= duration_s for stretch in stretches)


LIVE_CUTTINGS = (
    Cutting(LONGEST_S, GAP_S, PADDING_S, enough_s=8.0, enough_gap_s=0.5),
    Cutting(20.0, 0.3, 0.15),
)


@given(takes(), st.sampled_from(LIVE_CUTTINGS), st.lists(st.floats(0.05, 3.0), min_size=1, max_size=400))
def test_stretches_that_end_while_someone_speaks_are_those_of_the_whole(
    take: tuple[float, tuple[Span, ...]], cutting: Cutting, looks: list[float]
) -> None:
    duration_s, speech = take
    waiting, done, now_s = 0, [], 0.0
    for step_s in looks:
        now_s = min(now_s + step_s, duration_s)
        begun = [span for span in speech if span.start_s < now_s]
        so_far = [Span(span.start_s, min(span.end_s, now_s)) for span in begun]
        quiet_s = now_s - so_far[-1].end_s if so_far else 0.0
        while count := finished_spans(so_far[waiting:], quiet_s, cutting, cutting):
            done.append(speech[waiting : waiting + count])
            waiting += count
    whole = pack_spans(speech, duration_s, cutting)
    held = [tuple(s for s in speech if t.start_s <= s.start_s and s.end_s <= t.end_s) for t in whole]
    assert done == held[: len(done)]


@given(takes(), st.floats(0, 5))
def test_stretches_that_wait_are_joined_as_far_as_the_engine_hears_at_once(
    take: tuple[float, tuple[Span, ...]], quiet_s: float
) -> None:
    _, speech = take
    live = LIVE_CUTTINGS[0]
    count = finished_spans(speech, quiet_s, live, CUTTING)
    alone = finished_spans(speech, quiet_s, live, live)
    assert (count == 0) == (alone == 0)
    assert count >= alone
    if count > alone:
        assert speech[count - 1].end_s - speech[0].start_s <= LONGEST_S
    more = finished_spans(speech[count:], quiet_s, live, live) if count else 0
    if more:
        too_long = speech[count + more - 1].end_s - speech[0].start_s + 2 * PADDING_S > LONGEST_S
        parted = any(b.start_s - a.end_s >= GAP_S for a, b in pairwise(speech[: count + more]))
        assert too_long or parted


def test_a_long_pause_ends_a_stretch_and_a_short_one_does_not() -> None:
    stretches = packed(20.0, (Span(1.0, 4.0), Span(5.0, 8.0), Span(12.0, 15.0)))
    assert [(s.start_s, s.end_s) for s in stretches] == [
        pytest.approx((0.8, 8.2)),
        pytest.approx((11.8, 15.2)),
    ]


words = st.lists(
    st.builds(
        lambda start, length: Word("word", start, start + length, 0.5), st.floats(0, 200), st.floats(0, 3)
    ),
    max_size=20,
)


@given(takes(), words)
def test_fitted_words_are_all_there_in_order_inside_the_speech(
    take: tuple[float, tuple[Span, ...]], heard: list[Word]
) -> None:
    _, speech = take
    fitted = fit_words(heard, speech)
    if not speech:
        assert fitted == ()
        return
    assert len(fitted) == len(heard)
    starts = [word.start_s for word in fitted]
    assert starts == sorted(starts)
    for word in fitted:
        assert speech[0].start_s <= word.start_s <= word.end_s <= speech[-1].end_s


def test_a_word_stretched_over_a_pause_goes_where_most_of_it_lies() -> None:
    speech = (Span(1.0, 2.0), Span(3.0, 4.0))
    fitted = fit_words([Word("before", 1.5, 2.8), Word("after", 1.9, 3.6)], speech)
    assert [(word.start_s, word.end_s) for word in fitted] == [(1.5, 2.0), (3.0, 3.6)]
