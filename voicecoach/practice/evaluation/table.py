"""The figures as text, each beside its target."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from voicecoach.practice.evaluation.errors import ErrorsBehind
from voicecoach.practice.evaluation.evaluator import Evaluation
from voicecoach.practice.evaluation.figures import (
    Agreement,
    GroupFigures,
    PointFigures,
    Scorers,
    Share,
    StyleFigures,
)
from voicecoach.practice.evaluation.targets import TARGETS, HeldAgainst, Target, held_against_targets

WIDTH = 100
_NAME, _COLUMN = 42, 10
_NOTHING = "-"


def table(evaluation: Evaluation) -> str:
    """Everything that was measured, for a person to read."""
    lines = [*_head(evaluation)]
    for group in evaluation.groups:
        if len(evaluation.groups) > 1:
            lines += ["", f"{group.name}: {_counted(group)}"]
        lines += ["", *_points(group.points)]
        lines += ["", *_definitions(group)]
        lines += ["", *_contradictions(group)]
        lines += ["", *_orders(group)]
    lines += ["", *_robustness(evaluation)]
    held = held_against_targets(evaluation)
    return "\n".join([*lines, "", *_met(held), *_errors(evaluation.errors, held)])


def _head(evaluation: Evaluation) -> Iterator[str]:
    if len(evaluation.groups) == 1:
        yield f"{evaluation.folder}: {_counted(evaluation.groups[0])}"
    else:
        yield str(evaluation.folder)


def _counted(group: GroupFigures) -> str:
    return f"{_number(group.answers, 'answer')} to {_number(group.questions, 'question')}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _points(points: PointFigures) -> Iterator[str]:
    every, plain, second = points.every, points.plain, points.second
    yield _row(
        f"point verdicts ({every.points}; {points.partly} partly left out)",
        "target",
        ("judge", "keywords", "cosine", *(("labels",) if second else ())),
    )
    yield _row("  F1", _target("f1"), [_decimal(each.f1) for each in _all(every)])
    kappas = [_decimal(each.kappa) for each in _all(every)]
    yield _row("  Cohen's kappa", _target("kappa"), kappas)
    if second:
        yield _row(
            f"    of what was labelled twice ({second.points})",
            "",
            (_decimal(second.judge_kappa), "", "", _decimal(second.labels_kappa)),
        )
    yield _row("  AUC", "", [_decimal(each.auc) for each in _all(every)])
    yield _row(
        f"  without jargon ({plain.points}): F1",
        _target("f1_plain"),
        [_decimal(each.f1) for each in _all(plain)],
    )
    yield _row("    Cohen's kappa", "", [_decimal(each.kappa) for each in _all(plain)])
    yield _row("    AUC", "", [_decimal(each.auc) for each in _all(plain)])
    thresholds = [_decimal(each.threshold) if each.threshold is not None else "" for each in _all(every)]
    yield _row("  threshold, the best on this set", "", thresholds)
    yield _row("  calibration error", _target("calibration_error"), [_decimal(points.calibration_error)])
    yield ""
    yield _row("by style", "answers", ("said", "covered", "accused"))
    yield from (_style(each) for each in points.styles)


def _all(scorers: Scorers) -> tuple[Agreement, ...]:
    return scorers.judge, scorers.keyword_overlap, scorers.window_cosine


def _style(style: StyleFigures) -> str:
    shares = [_percent(each.fraction) for each in (style.said, style.covered, style.accused)]
    return _row(f"  {style.style}", str(style.answers), shares)


def _definitions(group: GroupFigures) -> Iterator[str]:
    found = group.definitions
    yield _row("definitions", "target", ("judged", "", "of"))
    yield _share("  right ones judged right", "right_judged_right", found.right_judged_right)
    yield _share("  right ones called wrong", "right_called_wrong", found.right_called_wrong)
    yield _share("  wrong ones called right", "wrong_called_right", found.wrong_called_right)
    verdicts = ("right", "unsure", "vague", "wrong")
    yield _row("  verdicts", "", verdicts)
    for name, counts in (("right", found.right), ("wrong", found.wrong), ("neither", found.neither)):
        yield _row(f"    on {name} ones", "", [str(counts[verdict]) for verdict in counts])


def _contradictions(group: GroupFigures) -> Iterator[str]:
    found = group.contradictions
    yield _row("contradictions", "target", ("answers", "", "of"))
    yield _share("  wrong long answers: one found", "contradiction_found", found.found)
    yield _share("    found, or shown to check", None, found.found_or_to_check)
    yield _share("  strong long answers: accused", "strong_accused", found.strong_accused)
    yield _share("  all others without one: accused", None, found.others_accused)


def _orders(group: GroupFigures) -> Iterator[str]:
    found = group.orders
    yield _row("order of long answers", "target", ("pairs", "", "of"))
    yield _share("  strong > partial > vague > off topic", "order_overall", found.overall)
    yield _share("  structure: strong > disordered", "order_structure", found.structure)
    yield _share("  rambling: partial > rambling", "order_rambling", found.rambling)


def _robustness(evaluation: Evaluation) -> Iterator[str]:
    misheard, heard, times = evaluation.misheard, evaluation.heard, evaluation.times
    yield _row("point verdicts that flip", "target", ("points", "", "of"))
    yield _share(f"  at {misheard.word_error:.0%} random word error", "flipped_misheard", misheard.flipped)
    if heard is not None:
        yield _share(f"  spoken and heard, {heard.answers} answers", "flipped_heard", heard.flipped)
        yield f"    {heard.voice}, {heard.recogniser}; {heard.words_alike:.0%} of the words alike"
    yield ""
    yield _row(f"time for an answer of {times.duration_s:.0f} s, in ms", "target", ("median",))
    yield _row("  scoring, vectors given", "", (f"{times.judging_ms:.1f}",))
    yield _row(
        "  all of it, with embedding", _target("judging_ms", ".0f"), (f"{times.with_embedding_ms:.1f}",)
    )


def _met(held: Iterable[HeldAgainst]) -> Iterator[str]:
    known = [each.met for each in held if each.met is not None]
    yield f"{sum(known)} of {len(known)} targets met"


def _errors(errors: Iterable[ErrorsBehind], held: Iterable[HeldAgainst]) -> Iterator[str]:
    """The targets that are missed, each with the errors behind it."""
    missed = {(each.figure, each.group): each for each in held if each.met is False}
    for behind in errors:
        keys = [(figure, behind.group) for figure in behind.figures if (figure, behind.group) in missed]
        if keys:
            yield from _missed([missed.pop(key) for key in keys])
            for error in behind.errors:
                yield from _wrapped(f"{error.where}: {error.what}", "  ")
                if error.quote:
                    yield from _wrapped(f"“{error.quote}”", "    ")
    for each in missed.values():
        yield from _missed([each])


def _missed(held: Sequence[HeldAgainst]) -> Iterator[str]:
    """Of one part of the set."""
    part = f" ({held[0].group})" if held[0].group else ""
    yield ""
    yield f"missed{part}: {', '.join(map(_miss, held))}"


def _miss(held: HeldAgainst) -> str:
    return f"{held.figure} {held.found:.3f} ({_bound(held.target, '.2f')})"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent="    ")


def _row(name: str, second: str, values: Iterable[str]) -> str:
    return f"{name:<{_NAME}}{second:>8}{''.join(f'{value:>{_COLUMN}}' for value in values)}".rstrip()


def _share(name: str, target: str | None, found: Share) -> str:
    bound = _target(target, ".0%") if target else ""
    return _row(name, bound, (_percent(found.fraction), str(found.hits), str(found.of)))


def _target(name: str, form: str = ".2f") -> str:
    return _bound(TARGETS[name], form)


def _bound(target: Target, form: str) -> str:
    return f"{'≥' if target.bound == 'at least' else '≤'} {target.value:{form}}"


def _decimal(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.1%}"
