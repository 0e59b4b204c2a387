"""The one thing to do next time: of everything that could be better, what moves the number most."""

from dataclasses import dataclass

from voicecoach.content.model import Question
from voicecoach.scoring.card import PointResult, ScoreCard
from voicecoach.scoring.coverage import CREDIT


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
    cues = [*_point_cues(question, card), *_contradiction_cues(card), *_part_cues(question, card)]
    best = max(cues, key=lambda cue: cue.gain, default=Cue("", 0.0))
    if best.gain < 1:
        return "Nothing stands out: say it once more a little shorter, and keep every point."
    return f"{best.text.removesuffix('.')} (worth about {best.gain:.0f} points)."


def clock(seconds: float) -> str:
    """A moment as m:ss, whole seconds passed."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _lower_first(label: str) -> str:
    """A label inside a sentence: "Name the baseline" as "name the baseline", but "AUC" as it is."""
    first = label.split(maxsplit=1)[0]
    return label if first.isupper() and len(first) > 1 else label[:1].lower() + label[1:]


def _weight(card: ScoreCard, name: str) -> float:
    return next((part.weight for part in card.parts if part.name == name), 0.0)


def _lost(card: ScoreCard, name: str) -> float:
    return next((part.weight * (100 - part.score) for part in card.parts if part.name == name), 0.0)


def _point_cues(question: Question, card: ScoreCard) -> list[Cue]:
    total = sum(p.weight for p in card.points)
    hints = {p.id: p.phrasings[0] for p in question.points}
    cues = []
    told_of = {note.point for note in (*card.accuracy.contradictions, *card.accuracy.check)}
    for point in card.points:
        gain = 100 * _weight(card, "coverage") * point.weight * (1 - CREDIT[point.state]) / total
        if point.state == "contradicted" or (point.state == "unsure" and point.id in told_of):
            continue
        if point.state == "missing":
            text = f"{_place(card, point)}: {_lower_first(point.label)}, for instance “{hints[point.id]}”"
        else:
            half = "only half there" if point.state == "partly" else "not clear enough to tell"
            text = f"{point.label}, outright: at {clock(point.start_s or 0)} it was {half}"
        cues.append(Cue(text, gain))
    return cues


def _place(card: ScoreCard, point: PointResult) -> str:
    """Where a missing point belongs: in its beat where that was told, or after the beat before it."""
    beats = card.structure.beats
    index = next(i for i, beat in enumerate(beats) if beat.id == point.beat)
    own = beats[index]
    if own.start_s is not None:
        return f"In “{own.label}”, around {clock(own.start_s)}, add this"
    before = next((b for b in reversed(beats[:index]) if b.end_s is not None), None)
    if before is not None and before.end_s is not None:
        return f"After “{before.label}”, around {clock(before.end_s)}, add this"
    return "Near the start, add this"


def _contradiction_cues(card: ScoreCard) -> list[Cue]:
    total = sum(p.weight for p in card.points)
    cues = []
    for note in card.accuracy.contradictions:
        point = next(p for p in card.points if p.id == note.point)
        regained = (
            100 * _weight(card, "coverage") * point.weight / total if point.state == "contradicted" else 0.0
        )
        cues.append(
            Cue(
                f"Mend what you said at {clock(note.start_s)}: {note.why}",
                regained + 40 * _weight(card, "accuracy"),
            )
        )
    for note in card.accuracy.check:
        point = next(p for p in card.points if p.id == note.point)
        regained = 100 * _weight(card, "coverage") * point.weight / total if point.state == "unsure" else 0.0
        text = f"Check what you said at {clock(note.start_s)}: {note.why}"
        cues.append(Cue(text, regained + 10 * _weight(card, "accuracy")))
    return cues


def _part_cues(question: Question, card: ScoreCard) -> list[Cue]:
    """One cue per part; half of what a part lost is taken as within reach of the next take."""
    texts = {
        "structure": _structure_text(card),
        "rambling": _rambling_text(card),
        "timing": _timing_text(question, card),
        "delivery": _delivery_text(card),
        "proof": _proof_text(question, card),
    }
    return [Cue(text, 0.5 * _lost(card, name)) for name, text in texts.items() if text]


def _structure_text(card: ScoreCard) -> str:
    labels = {beat.id: beat.label for beat in card.structure.beats}
    told = [labels[beat_id] for beat_id in card.structure.order]
    wanted = [beat.label for beat in card.structure.beats if beat.id in card.structure.order]
    if told != wanted and len(told) > 1:
        return f"Tell it in order: {', then '.join(labels[b.id] for b in card.structure.beats)}."
    if card.structure.missing:
        return f"Give “{labels[card.structure.missing[0]]}” a sentence of its own: it was not told."
    return ""


def _rambling_text(card: ScoreCard) -> str:
    if card.rambling.cut:
        first = card.rambling.cut[0]
        return f"Drop “{_short(first.quote)}” at {clock(first.start_s)}. {card.rambling.cut_note}"
    if card.rambling.seconds_after_last_new_point > 5:
        return f"Stop earlier: the last {card.rambling.seconds_after_last_new_point:.0f} s added nothing new."
    if card.rambling.off_point:
        off = card.rambling.off_point[0]
        return f"Leave out “{_short(off.quote)}” at {clock(off.start_s)}: it serves no point."
    if card.rambling.repeats:
        again = card.rambling.repeats[0]
        return f"Say it once: {clock(again.start_s)} repeats {clock(again.first_start_s)}."
    return ""


def _timing_text(question: Question, card: ScoreCard) -> str:
    shortest, longest = question.target_s
    if card.duration_s > longest:
        return f"Cut {card.duration_s - longest:.0f} s: the window is {shortest:.0f} to {longest:.0f} s."
    if card.duration_s < shortest:
        return f"You stopped at {card.duration_s:.0f} s: use the {shortest:.0f} to {longest:.0f} s you have."
    return ""


def _delivery_text(card: ScoreCard) -> str:
    delivery = card.delivery
    if delivery.words_per_minute > 165:
        return f"Slow down: {delivery.words_per_minute:.0f} words a minute, 140 to 160 is easy to follow."
    if 0 < delivery.words_per_minute < 100:
        return (
            f"Pick up the pace: {delivery.words_per_minute:.0f} words a minute, 140 to 160 is easy to follow."
        )
    if delivery.fillers_per_minute > 5 and delivery.filler_words:
        word = delivery.filler_words[0].word
        return f"Swap “{word}” for a short silence: there were at least {delivery.fillers} fillers."
    if delivery.long_pauses:
        pause = delivery.long_pauses[0]
        return f"Bridge the {pause.end_s - pause.start_s:.1f} s gap at {clock(pause.start_s)}."
    return ""


def _proof_text(question: Question, card: ScoreCard) -> str:
    proof = card.proof
    if proof.vague:
        vague = proof.vague[0]
        return f"Say what you did yourself: “{_short(vague.quote)}” at {clock(vague.start_s)} hides it."
    if not proof.numbers:
        return "Give one number with its unit: how much, how many, how fast."
    if not proof.baselines and question.kind != "definition":
        return "Say what you compared it with."
    return ""


def _short(quote: str, words: int = 8) -> str:
    spoken = quote.split()
    return quote if len(spoken) <= words else " ".join(spoken[:words]) + " …"
