from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.speech.spans import fit_words, pack_spans
from voicecoach.transcript import Span, Word

LONGEST_S, GAP_S, PADDING_S = 30.0, 3.0, 0.2


@st.composite
def takes(draw: st.DrawFn) -> tuple[float, tuple[Span, ...]]:
    """A duration, and speech in it: in order, not overlapping."""
    lengths = draw(st.lists(st.floats(0.05, 20), min_size=1, max_size=25))
    edges = [sum(lengths[: index + 1]) for index in range(len(lengths))]
    spans = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    return edges[-1] + draw(st.floats(0, 2)), spans


def packed(duration_s: float, speech: tuple[Span, ...]) -> tuple[Span, ...]:
    return pack_spans(speech, duration_s, longest_s=LONGEST_S, widest_gap_s=GAP_S, padding_s=PADDING_S)


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
