"""What the speaker sets right: misheard words and verdicts, over a card that can always be had back.

The words as heard and the card as first judged are never changed. A corrected card is judged anew
(scoring.judging_anew); taking back the last correction leaves the card as it was first judged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from voicecoach.scoring.card import Accuracy, Corrections, PointResult, Ruled, Ruling, ScoreCard, WordFix
from voicecoach.transcript import Transcript, Word


@dataclass(frozen=True, slots=True)
class _Run:
    """Words as heard, first..last (last excluded), and what is read there instead."""

    first: int
    last: int
    words: tuple[str, ...]


def first_judged(card: ScoreCard) -> ScoreCard:
    """The card before any correction."""
    return card.judged or card


def corrections_of(card: ScoreCard) -> Corrections:
    """What has been corrected on a card; may be empty."""
    return card.corrections or Corrections()


def offered(point: PointResult, accuracy: Accuracy) -> tuple[Ruled, ...]:
    """What a speaker may say of a point: "wrong" needs words that could be."""
    told = any(note.point == point.id for note in (*accuracy.contradictions, *accuracy.check))
    if told or point.quote:
        return ("covered", "partly", "contradicted", "missing")
    return ("covered", "partly", "missing")


def clause_words(card: ScoreCard, clause: int) -> tuple[int, int]:
    """Which words of the transcript a clause holds: the first, and the one after the last."""
    counts = [len(note.text.split()) for note in card.clauses]
    first = sum(counts[:clause])
    return first, first + counts[clause]


def ruling_of(card: ScoreCard, point: str) -> Ruling | None:
    """What the speaker has said of a point; None where the judge is left to it."""
    return next((ruling for ruling in corrections_of(card).rulings if ruling.point == point), None)


def fixes_in(card: ScoreCard, clause: int) -> tuple[WordFix, ...]:
    """The fixes that a clause holds, in part at least; one that left no word counts to the one before."""
    first, last = clause_words(card, clause)
    found, moved = [], 0
    for fix in corrections_of(card).fixes:
        at = fix.first + moved
        end = at + len(fix.said)
        moved += len(fix.said) - len(fix.heard)
        is_inside = at < last and end > first if fix.said else first < at <= last or at == first == 0
        if is_inside:
            found.append(fix)
    return tuple(found)


def heard_in(card: ScoreCard, heard: Transcript, clause: int) -> tuple[str, ...]:
    """The words of a clause as heard; a fix that reaches beyond it counts as a whole."""
    first, last = clause_words(card, clause)
    texts: list[str] = []
    at = 0
    for run in _runs(heard, corrections_of(card).fixes):
        end = at + len(run.words)
        if (at < last and end > first) or (at == end and (first < at <= last or at == first == 0)):
            texts += (word.text for word in heard.words[run.first : run.last])
        at = end
    return tuple(texts)


def fixed(heard: Transcript, fixes: tuple[WordFix, ...]) -> Transcript:
    """The transcript with its words set right.

    Where a fix has as many words as were heard each keeps its time; else they share the time of those heard,
    and where nothing was heard the silence between their neighbours.

    Raises:
        ValueError: The fixes are of another transcript.
    """
    words: list[Word] = []
    for run in _runs(heard, fixes):
        here = heard.words[run.first : run.last]
        if tuple(word.text for word in here) == run.words:
            words += here
        elif len(here) == len(run.words):
            words += [replace(w, text=said, probability=1.0) for w, said in zip(here, run.words, strict=True)]
        else:
            words += _spread(run.words, *_stretch(heard, run))
    return replace(heard, words=tuple(words))


def refixed(
    heard: Transcript, fixes: tuple[WordFix, ...], first: int, last: int, said: tuple[str, ...]
) -> tuple[WordFix, ...]:
    """The fixes once some words of the fixed transcript are replaced.

    Words that are as heard need no fix: putting back what was heard takes a fix away.

    Args:
        heard: The words as heard.
        fixes: Those so far.
        first: Place of the first word to replace in the fixed transcript.
        last: Place after the last one.
        said: What stands there from now on.

    Raises:
        ValueError: The fixes are of another transcript.
    """
    before: list[_Run] = []
    inside: list[_Run] = []
    after: list[_Run] = []
    at = 0
    for run in _runs(heard, fixes):
        end = at + len(run.words)
        if end <= first and not (at == end == first):
            before.append(run)
        elif at >= last and not (at == end == last):
            after.append(run)
        else:
            # A fix is one piece: its words outside of the stretch stay what they are.
            said = run.words[: max(0, first - at)] + said + run.words[max(0, last - at) :]
            inside.append(run)
        at = end
    if inside:
        begin, stop = inside[0].first, inside[-1].last
    else:
        begin = stop = before[-1].last if before else 0
    texts = [word.text for word in heard.words[begin:stop]]
    matcher = SequenceMatcher(None, texts, list(said), autojunk=False)
    changed = [
        WordFix(begin + i, tuple(texts[i:j]), said[k:m])
        for kind, i, j, k, m in matcher.get_opcodes()
        if kind != "equal"
    ]
    return _joined((*_as_fixes(heard, before), *changed, *_as_fixes(heard, after)))


def ruling_on(card: ScoreCard, point: str, state: Ruled, made_at: str) -> Ruling:
    """A ruling, with what the card says of the point.

    Raises:
        ValueError: The card has no such point.
    """
    ruling = Ruling(point, state, "missing", 0.0, None, made_at)
    if all(result.id != point for result in card.points):
        raise ValueError(f"the card has no point {point!r}")
    return up_to_date(ruling, card)


def up_to_date(ruling: Ruling, unruled: ScoreCard) -> Ruling:
    """A ruling with what the judge says without it; as it was where the rubric has lost its point."""
    result = next((point for point in unruled.points if point.id == ruling.point), None)
    if result is None:
        return ruling
    notes = (*unruled.accuracy.contradictions, *unruled.accuracy.check)
    margins = [note.margin for note in notes if note.point == ruling.point and note.margin is not None]
    return replace(
        ruling, judged=result.state, probability=result.probability, margin=max(margins, default=None)
    )


def _runs(heard: Transcript, fixes: Iterable[WordFix]) -> Iterator[_Run]:
    """Every word as heard in exactly one run, in order: alone where it stands, and each fix as a whole."""
    texts = tuple(word.text for word in heard.words)
    at = 0
    for fix in fixes:
        end = fix.first + len(fix.heard)
        if not at <= fix.first <= end <= len(texts) or texts[fix.first : end] != fix.heard:
            raise ValueError("a corrected word does not fit the transcript")
        yield from (_Run(i, i + 1, texts[i : i + 1]) for i in range(at, fix.first))
        yield _Run(fix.first, end, fix.said)
        at = end
    yield from (_Run(i, i + 1, texts[i : i + 1]) for i in range(at, len(texts)))


def _as_fixes(heard: Transcript, runs: Iterable[_Run]) -> Iterator[WordFix]:
    for run in runs:
        texts = tuple(word.text for word in heard.words[run.first : run.last])
        if texts != run.words:
            yield WordFix(run.first, texts, run.words)


def _joined(fixes: Iterable[WordFix]) -> tuple[WordFix, ...]:
    """Fixes that touch as one: two at the same place would have no order."""
    joined: list[WordFix] = []
    for fix in fixes:
        last = joined[-1] if joined else None
        if last is not None and last.first + len(last.heard) == fix.first:
            joined[-1] = WordFix(last.first, last.heard + fix.heard, last.said + fix.said)
        else:
            joined.append(fix)
    return tuple(fix for fix in joined if fix.heard != fix.said)


def _stretch(heard: Transcript, run: _Run) -> tuple[float, float]:
    """The time that a fix has to itself, in seconds."""
    here = heard.words[run.first : run.last]
    before, after = heard.words[: run.first][-1:], heard.words[run.last :][:1]
    next_s = after[0].start_s if after else heard.duration_s
    start_s = here[0].start_s if here else before[0].end_s if before else 0.0
    end_s = max(word.end_s for word in here) if here else next_s
    # Recognisers let neighbours overlap; a word must not begin after the one that follows it.
    end_s = min(end_s, next_s)
    return min(start_s, end_s), end_s


def _spread(texts: tuple[str, ...], start_s: float, end_s: float) -> list[Word]:
    step = (end_s - start_s) / len(texts) if texts else 0.0
    return [Word(text, start_s + i * step, start_s + (i + 1) * step) for i, text in enumerate(texts)]
