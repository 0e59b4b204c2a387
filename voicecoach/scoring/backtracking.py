"""Where the speaker goes back, by their own words: "I should have said first", "but before that we".

Whoever tells things in the order in which they come to mind says so, and a listener hears it as disorder even
where the beats happen to follow one another. In a story most such words are part of what happened ("I forgot
the index", "and before that I worked at a bank"): there only those count that are about the telling.
"""

import re
from collections.abc import Sequence

from voicecoach.scoring.card import Quote
from voicecoach.scoring.clauses import Clause
from voicecoach.scoring.text import lowered, without_filled_pauses

_TELLING = r"""
    i\ should(?:'ve|\ have)?\ (?:first\ )?(?:say|said|mention|mentioned)(?:\ (?:that|it|this))?
        \ (?:first|what|at\ the\ (?:start|beginning|outset|top))
  | i\ (?:haven't|have\ not)\ even\ (?:said|mentioned|explained)
  | let\ me\ (?:go|jump)\ back
  | (?:going|jumping)\ back\ (?:a\ (?:step|bit|moment)|to\ the\ (?:start|beginning))
  | oh\ wait
  | (?:oh|wait|sorry)\ (?:and\ )?before\ (?:that|this)(?=\ (?:i|we|you|it|there|at)\b|$)
  | (?:would\ have|would've|should\ have|should've)\ been\ the\ (?:place|part)\ to\ (?:start|begin)
"""

_FORGOT = r"""
    (?<!because\ )(?<!when\ )(?<!if\ )(?<!once\ )(?<!that\ )(?<!since\ )i(?:'d|\ had)?\ (?:
        (?:forgot|forgotten)(?:\ to\ (?:say|mention|explain)|(?!\ to\b))
      | (?:skipped|jumped)(?:\ over)?\ (?:that|this|it|one)(?!\ (?:step|on|because|since)\b)
    )
"""

_OUT_OF_ORDER = rf"""
    i\ should(?:'ve|\ have)?\ (?:(?:really|also|probably|maybe|perhaps|even)\ )?(?:
        first\ (?:say|said|mention|mentioned|explain|explained)
      | (?:said|mentioned)\b(?!\ (?:no|yes|so|nothing|something|to)\b)
      | (?:begun|started)\ (?:there|here|with\ that)
      | (?:say|mention)\ (?:that|how|why|who|where)
    )
  | ^(?:(?:oh|sorry|and|just|i|i've|have)\ )*(?:realised|realized|noticed)\ (?:[\w']+\ ){{0,4}}?(?:{_FORGOT})
  | (?:if|when|once|realised|realized|noticed)\ (?:[\w']+\ ){{0,4}}i(?:'d|\ had)?\ (?P<happened>
        (?:forgot|forgotten)(?!\ to\ (?:say|mention|explain)) | skipped | jumped
    )
  | {_FORGOT}
  | i\ meant\ to\ mention
  | i\ (?:haven't|have\ not)\ (?:(?:yet|really)\ )?(?:said|mentioned|explained)
  | (?:even|but|um|uh|and|well|actually)\ before\ (?:that|this)
        (?=\ (?:though|comes|with|i|we|you|it|there|at|sorry)\b|$)
  | before\ (?:all|any)\ (?:of\ )?(?:that|this|it)(?=\ (?:a|i|we|you|there|comes)\b|$)
  | before\ everything(?!\ else\b)
"""
"""What happened stands before _FORGOT alone, so that it is passed over: "if a row is broken I skipped it".

What was realised just now, "oh, I just realised I forgot the baseline", stands before that.
"""

_IN_STORIES = re.compile(rf"\b(?:{_TELLING})(?!\w)", re.VERBOSE)
_ELSEWHERE = re.compile(rf"\b(?:{_TELLING}|{_OUT_OF_ORDER})(?!\w)", re.VERBOSE)


def backtracking(clauses: Sequence[Clause], *, is_story: bool) -> tuple[Quote, ...]:
    """The clauses in which the speaker goes back to what should have come before.

    Args:
        clauses: What was said after something was told that one can go back from.
        is_story: Whether something is told that happened.
    """
    going_back = _IN_STORIES if is_story else _ELSEWHERE
    texts = [clause.text for clause in clauses]
    # "Um, before that" goes back where a bare "before that" may be the next step.
    return tuple(
        Quote(clause.text, clause.start_s, clause.end_s)
        for clause, fluent in zip(clauses, without_filled_pauses(texts), strict=True)
        if any(_goes_back(going_back, _bare(text)) for text in (clause.text, fluent))
    )


def _goes_back(pattern: re.Pattern[str], text: str) -> bool:
    return any(not match.groupdict().get("happened") for match in pattern.finditer(text))


def _bare(text: str) -> str:
    """Lower case, without marks between words."""
    return " ".join(re.sub(r"[^\w' ]+", " ", lowered(text)).split())
