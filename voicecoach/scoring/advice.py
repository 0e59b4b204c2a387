"""The one thing to do next time: of everything that could be better, what moves the number most.

The expected gain is worked out as the number itself is: of a point the number with it covered, of a wrong
statement the number with it set right, minus the number there is. Of how it was told, half of what is lost is
taken as within reach of the next take.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.content.model import Question
from voicecoach.minutes import clock
from voicecoach.scoring.card import BeatResult, Contradiction, PointResult, ScoreCard
from voicecoach.scoring.coverage import CREDIT, covered_fraction
from voicecoach.scoring.delivery import BEST_PACE, FINE_PACE, losses
from voicecoach.scoring.overall import accuracy_score, overall, parts_of, scores_on
from voicecoach.scoring.subject import ANOTHER_QUESTION

WITHIN_REACH = 0.5
"""The share of what a part lost that one more take may win back."""

RELEVANT = 50.0
"""Of 100; what is less relevant seems to answer another question."""

LEAST_GAIN = 1.0
"""Points; less is not worth a word."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to do and what it would add to the overall number."""

    text: str
    gain: float


def one_cue(question: Question, card: ScoreCard) -> str:
    """The cue with the largest expected gain, in a coach's voice."""
    if not card.clauses:
        return (
            "Nothing was said that could be judged. Start with one full sentence that answers the question."
        )
    if any(remark.id == ANOTHER_QUESTION for remark in card.warnings):
        return f"{_what_was_asked(question)}."
    cues = [*_point_cues(question, card), *_contradiction_cues(question, card), *_part_cues(question, card)]
    best = max(cues, key=lambda cue: cue.gain, default=Cue("", 0.0))
    if best.gain < LEAST_GAIN:
        return "Nothing stands out. Say it once more in other words, and keep every point."
    points = "1 point" if best.gain < 1.5 else f"{best.gain:.0f} points"
    return f"{best.text.removesuffix('.')} (worth about {points})."


def _lower_first(label: str) -> str:
    """A label inside a sentence: "Name the baseline" as "name the baseline", but "AUC" as it is."""
    first = label.split(maxsplit=1)[0]
    return label if first.isupper() and len(first) > 1 else label[:1].lower() + label[1:]


def _gain(question: Question, card: ScoreCard, *, said: float = 0.0, scores: Mapping[str, float]) -> float:
    """What the number would gain.

    Args:
        question: The question.
        card: The card.
        said: Weight of what more would be covered.
        scores: What other parts' scores would become.
    """
    total = sum(point.weight for point in card.points)
    covered = covered_fraction(card.points) + (said / total if total else 0.0)
    return overall(parts_of(question, covered, {**scores_on(card), **scores})) - card.overall


def _point_cues(question: Question, card: ScoreCard) -> list[Cue]:
    hints = {p.id: _as_said(p.phrasings[0]) for p in question.points}
    # A statement of the person's own is what to say; there is no other word for it.
    own = {p.id for p in question.points if p.statement}
    cues = []
    told_of = {note.point for note in (*card.accuracy.contradictions, *card.accuracy.check)}
    for point in card.points:
        if point.state == "contradicted" or (point.state == "unsure" and point.id in told_of):
            continue
        gain = _gain(question, card, said=point.weight * (1 - CREDIT[point.state]), scores={})
        label = "" if point.id in own else f": {_lower_first(point.label)}"
        example = f"for instance “{hints[point.id]}”"
        if point.state == "missing":
            text = f"{_place(card, point)} add a sentence{label}, {example}"
        else:
            how = "only half there" if point.state == "partly" else "not clear"
            text = f"At {clock(point.start_s or 0)} this was {how}{label}. Say it outright, {example}"
        cues.append(Cue(text, gain))
    return cues


def _place(card: ScoreCard, point: PointResult) -> str:
    """Where a missing point belongs: in its beat, after what was said of it, or after the beat before it."""
    beats = card.structure.beats
    index = next(i for i, beat in enumerate(beats) if beat.id == point.beat)
    said = [each.end_s for each in card.points if each.beat == point.beat and each.end_s is not None]
    if beats[index].start_s is not None and said:
        return f"In “{beats[index].label}”, around {clock(max(said))},"
    return _place_of(beats, index)


def _place_of(beats: tuple[BeatResult, ...], index: int) -> str:
    own = beats[index]
    if own.start_s is not None:
        return f"In “{own.label}”, around {clock(own.start_s)},"
    before = next((b for b in reversed(beats[:index]) if b.end_s is not None), None)
    if before is not None and before.end_s is not None:
        return f"After “{before.label}”, around {clock(before.end_s)},"
    return "Near the start,"


def _contradiction_cues(question: Question, card: ScoreCard) -> list[Cue]:
    wrong, check = len(card.accuracy.contradictions), len(card.accuracy.check)

    def cue(verb: str, note: Contradiction, state: str, accuracy: float) -> Cue:
        point = next(p for p in card.points if p.id == note.point)
        said = point.weight if point.state == state else 0.0
        text = f"{verb} what you said at {clock(note.start_s)}, “{_short(note.quote)}”: {note.why}"
        return Cue(text, _gain(question, card, said=said, scores={"accuracy": accuracy}))

    mended, checked = accuracy_score(wrong - 1, check), accuracy_score(wrong, check - 1)
    return [
        *(cue("Mend", note, "contradicted", mended) for note in card.accuracy.contradictions),
        *(cue("Check", note, "unsure", checked) for note in card.accuracy.check),
    ]


def _part_cues(question: Question, card: ScoreCard) -> list[Cue]:
    """One cue per part; see WITHIN_REACH."""
    scores = scores_on(card)
    texts = {
        "structure": _structure_text(card),
        "rambling": _rambling_text(card),
        "relevance": _relevance_text(question, card),
        "timing": _timing_text(question, card),
        "delivery": _delivery_text(card),
        "proof": _proof_text(question, card),
    }
    return [
        Cue(text, _gain(question, card, scores={name: scores[name] + WITHIN_REACH * (100 - scores[name])}))
        for name, text in texts.items()
        if text
    ]


def _relevance_text(question: Question, card: ScoreCard) -> str:
    # What is asked for alone cannot be missed by who says it.
    is_said = question.is_narrowed and all(point.state == "covered" for point in card.points)
    return "" if is_said or card.rambling.relevance >= RELEVANT else _what_was_asked(question)


def _what_was_asked(question: Question) -> str:
    return f"Answer what was asked, “{question.title}”: open with a sentence on just that"


def _structure_text(card: ScoreCard) -> str:
    structure = card.structure
    beats = {beat.id: beat for beat in structure.beats}
    wanted = [beat.id for beat in structure.beats if beat.id in structure.order]
    for told, due in zip(structure.order, wanted, strict=True):
        if told != due:
            where = clock(beats[due].start_s or 0)
            return (
                f"Move “{beats[due].label}” up: it came at {where}, and belongs before “{beats[told].label}”"
            )
    if structure.missing:
        index = next(i for i, beat in enumerate(structure.beats) if beat.id == structure.missing[0])
        label = structure.beats[index].label
        return f"{_place_of(structure.beats, index)} give “{label}” a sentence of its own: it was not told"
    if structure.went_back:
        back = structure.went_back[0]
        return (
            f"Say each thing where it belongs: at {clock(back.start_s)} you went back, “{_short(back.quote)}”"
        )
    over = max(structure.beats, key=lambda beat: beat.spoken_s - beat.budget_s)
    if over.spoken_s > 1.5 * over.budget_s and over.start_s is not None:
        return (
            f"Halve “{over.label}”, from {clock(over.start_s)} on: it took {over.spoken_s:.0f} s of the "
            f"{over.budget_s:.0f} s it should have"
        )
    return ""


def _rambling_text(card: ScoreCard) -> str:
    if card.rambling.cut:
        first = card.rambling.cut[0]
        more = len(card.rambling.cut) - 1
        others = f" and the {more} more on the cut list" if more else ""
        return f"Leave out “{_short(first.quote)}” at {clock(first.start_s)}{others}: no point is lost"
    if card.rambling.seconds_after_last_new_point > 5:
        return (
            f"Stop after your last point: {card.rambling.seconds_after_last_new_point:.0f} s came after it "
            "and added nothing new"
        )
    if card.rambling.off_point:
        off = card.rambling.off_point[0]
        return f"Leave out “{_short(off.quote)}” at {clock(off.start_s)}: it serves no point"
    if card.rambling.repeats:
        again = card.rambling.repeats[0]
        at, before = clock(again.start_s), clock(again.first_start_s)
        return f"Say it once: “{_short(again.quote)}” at {at} repeats what you said at {before}"
    return ""


def _timing_text(question: Question, card: ScoreCard) -> str:
    shortest, longest = question.target_s
    window = f"the window is {shortest:.0f} to {longest:.0f} s"
    duration = card.timing.duration_s
    if card.timing.is_over:
        first = card.rambling.cut[0] if card.rambling.cut else None
        how = f"begin with “{_short(first.quote)}”" if first else "say each sentence shorter"
        return f"Cut {duration - longest:.0f} s, {window}: {how}"
    if card.timing.is_under:
        return f"Go on after {duration:.0f} s, {window}: give your main point an example"
    return ""


def _delivery_text(card: ScoreCard) -> str:
    """What cost most of how it sounded."""
    delivery = card.delivery
    lost = losses(delivery, card.timing.duration_s)
    pace, best = delivery.words_per_minute, "{:.0f} to {:.0f}".format(*BEST_PACE)
    if lost.pace > max(lost.fillers, lost.pauses) and not FINE_PACE[0] <= pace <= FINE_PACE[1]:
        what = "Slow down" if pace > FINE_PACE[1] else "Pick up the pace"
        return f"{what}: {pace:.0f} words a minute, {best} is easy to follow"
    if lost.fillers and lost.fillers >= lost.pauses:
        word = delivery.filler_words[0].word if delivery.filler_words else "um"
        fillers = delivery.fillers + len(delivery.filled_pauses)
        return f"Swap “{word}” for a short silence: there were at least {fillers} fillers"
    if lost.pauses:
        pause = max(delivery.long_pauses, key=lambda pause: pause.end_s - pause.start_s)
        gap = f"{pause.end_s - pause.start_s:.1f} s gap at {clock(pause.start_s)}"
        return f"Bridge the {gap}, after “{_short(pause.quote)}”: know your next sentence before you stop"
    return ""


def _proof_text(question: Question, card: ScoreCard) -> str:
    proof = card.proof
    if proof.vague:
        vague = proof.vague[0]
        return f"At {clock(vague.start_s)}, instead of “{_short(vague.quote)}”, say what you did yourself"
    if question.kind == "story" and not proof.first_person:
        return f"{_last_place(card)} say what you did yourself: no sentence says “I” and what you did"
    if not proof.numbers:
        return f"{_last_place(card)} give one number with its unit: how much, how many or how fast"
    if not proof.baselines and question.kind != "definition":
        number = proof.numbers[-1]
        return f"At {clock(number.start_s)}, after “{_short(number.quote)}”, say what you compare it with"
    if not proof.decisions:
        return f"{_last_place(card)} name one choice you made and why, against what you gave up for it"
    return ""


def _last_place(card: ScoreCard) -> str:
    """Where a specific may go: the beat told longest."""
    longest = max(card.structure.beats, key=lambda beat: beat.spoken_s)
    if longest.start_s is None:
        return "After your first sentence"
    return f"In “{longest.label}”, around {clock(longest.start_s)},"


def _as_said(phrasing: str) -> str:
    """A phrasing as a sentence to say: a capital first, and "I"."""
    sentence = re.sub(r"\bi\b", "I", phrasing.removesuffix("."))
    return sentence[:1].upper() + sentence[1:]


def _short(quote: str, words: int = 8) -> str:
    spoken = quote.split()
    return quote.rstrip(".,;: ") if len(spoken) <= words else " ".join(spoken[:words]) + " …"
