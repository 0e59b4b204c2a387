from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.scoring.clauses import MAX_SENTENCE_WORDS, MAX_WORDS, has_sentences, split_clauses, windows
from voicecoach.transcript import EngineInfo, Span, Transcript, Word

ENGINE = EngineInfo("text", "")


def transcript(words: list[tuple[str, float, float]]) -> Transcript:
    heard = tuple(Word(text, start, end) for text, start, end in words)
    return Transcript(heard, "en", heard[-1].end_s if heard else 0.0, ENGINE)


def evenly(text: str, step: float = 0.4) -> Transcript:
    return transcript([(w, i * step, (i + 1) * step) for i, w in enumerate(text.split())])


def test_full_stops_end_clauses() -> None:
    clauses = split_clauses(evenly("I would not use accuracy. It hides the rare class completely."), ())
    assert [c.text for c in clauses] == ["I would not use accuracy.", "It hides the rare class completely."]
    assert all(c.ends_sentence for c in clauses)


def test_a_full_stop_that_shortens_a_word_ends_no_sentence() -> None:
    for text in (
        "We weigh the offline metric vs. the online one before launch.",
        "I start with a simple model, e.g. a logistic regression.",
        "Both are the same (i.e. The variance is low) in the end.",
    ):
        clauses = split_clauses(evenly(text), ())
        assert [c.text for c in clauses] == [text]
        assert not has_sentences(evenly(text.removesuffix(".")))


def test_words_say_where_sentences_end_where_they_hold_enough_full_stops() -> None:
    assert has_sentences(evenly("I would not use accuracy. It hides the rare class."))
    assert not has_sentences(evenly("i would not use accuracy it hides the rare class"))
    assert not has_sentences(evenly(""))
    put_right_by_hand = "word " * MAX_SENTENCE_WORDS + "cost."
    assert not has_sentences(evenly(put_right_by_hand))


def test_a_silence_in_the_waveform_ends_a_clause_where_no_punctuation_does() -> None:
    said = "so first i would look at the labels then i would check the split".split()
    words = [(w, i * 0.4, (i + 1) * 0.4) for i, w in enumerate(said)]
    # The recogniser stretched "labels" (2.8-3.2 s) over a silence that the waveform shows from 2.9 to 3.9 s.
    words = [
        (w, s + (0.8 if i >= 8 else 0.0), e + (0.8 if i >= 7 else 0.0)) for i, (w, s, e) in enumerate(words)
    ]
    without = split_clauses(transcript(words), ())
    with_waveform = split_clauses(transcript(words), (Span(0.0, 2.9), Span(3.9, 6.4)))
    assert len(without) == 1
    assert [c.text for c in with_waveform] == [
        "so first i would look at the labels",
        "then i would check the split",
    ]


def test_a_long_stretch_without_punctuation_is_cut_at_a_connective() -> None:
    text = (
        "i train a plain model first with no changes at all to the data "
        "and then i look at how many of the rare cases it really finds"
    )
    clauses = split_clauses(evenly(text, 0.3), ())
    assert clauses[1].text.startswith("and then")


def test_short_pieces_join_their_neighbour() -> None:
    clauses = split_clauses(evenly("Right. So. Precision is about the alarms that were real. Yes."), ())
    assert len(clauses) == 1


def test_nothing_said_is_nothing() -> None:
    assert split_clauses(transcript([]), ()) == ()
    assert windows(()) == ()


WORDS = st.lists(
    st.tuples(
        st.sampled_from(["model", "and", "data.", "well,", "precision", "so"]),
        st.floats(0, 2),
        st.floats(0, 1),
    ),
    max_size=80,
)


@given(WORDS)
def test_every_word_is_in_exactly_one_clause_in_order(spoken: list[tuple[str, float, float]]) -> None:
    at = 0.0
    words = []
    for text, gap, length in spoken:
        words.append((text, at + gap, at + gap + length))
        at += gap + length
    heard = transcript(words)
    clauses = split_clauses(heard, ())
    assert " ".join(c.text for c in clauses) == heard.text
    assert sum(c.words for c in clauses) == len(heard.words)
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(clauses))
    assert all(c.words <= MAX_WORDS + 6 for c in clauses)


@given(st.integers(0, 12))
def test_windows_are_runs_of_one_to_three_clauses(count: int) -> None:
    heard = evenly(" ".join("one two three four." for _ in range(count))) if count else transcript([])
    clauses = split_clauses(heard, ())
    cut = windows(clauses)
    assert {(w.first, w.last) for w in cut} == {
        (i, j) for i in range(len(clauses)) for j in range(i, min(i + 3, len(clauses)))
    }
