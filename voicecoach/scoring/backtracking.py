"""Where the speaker goes back, by their own words: "I should have said first", "but before that we".

Whoever tells things in the order in which they come to mind says so, and a listener hears it as disorder even
where the beats happen to follow one another. In a story most such words are part of what happened ("I forgot
the index", "and before that I worked at a bank"): there only those count that are about the telling.
"""

import re
from collections.abc import Sequence

from voicecoach.scoring.card import Quote
from voicecoach.scoring.clauses import Clause
from voicecoach.scoring.text import lowered

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

_OUT_OF_ORDER = r"""
    i\ should(?:'ve|\ have)?\ (?:(?:really|also|probably|maybe|perhaps|even)\ )?(?:
        first\ (?:say|said|mention|mentioned|explain|explained)
      | (?:said|mentioned)\b(?!\ (?:no|yes|so|nothing|something|to)\b)
      | (?:begun|started)\ (?:there|here|with\ that)
      | (?:say|mention)\ (?:that|how|why|who|where)
    )
  | (?<!because\ )(?<!when\ )(?<!if\ )(?<!once\ )(?<!that\ )(?<!since\ )i(?:'d|\ had)?\ (?:
        (?:forgot|forgotten)(?:\ to\ (?:say|mention|explain)|(?!\ to\b))
      | (?:skipped|jumped)(?:\ over)?\ (?:that|this|it|one)(?!\ (?:step|on|because|since)\b)
    )
  | i\ (?:haven't|have\ not)\ (?:(?:yet|really)\ )?(?:said|mentioned|explained)
  | i\ meant\ to\ (?:say|mention)
  | (?:even|but|um|uh|and|well|actually)\ before\ (?:that|this)
        (?=\ (?:though|comes|with|i|we|you|it|there|at|sorry)\b|$)
  | before\ (?:all|any)\ (?:of\ )?(?:that|this|it)(?=\ (?:a|i|we|you|there|comes)\b|$)
  | before\ everything(?!\ else\b)
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
    return tuple(
        Quote(clause.text, clause.start_s, clause.end_s)
        for clause in clauses
        if going_back.search(_bare(clause.text))
    )


def _bare(text: str) -> str:
    """Lower case, without marks between words."""
    return " ".join(re.sub(r"[^\w' ]+", " ", lowered(text)).split())
