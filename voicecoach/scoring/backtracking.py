"""Where the speaker goes back, by their own words: "I should have said first", "oh, and before that".

Whoever tells things in the order in which they come to mind says so, and a listener hears it as disorder even
where the beats happen to follow one another. What opens an answer goes back to nothing. "I forgot" and the
like count only where they are about the telling, not where they are part of the story.
"""

import re

from voicecoach.scoring.card import Quote
from voicecoach.scoring.clauses import Clause

_TELL = "said|mentioned|told|explained|begun|started|say|mention|tell|explain|begin|start|add"

_GOING_BACK = re.compile(
    rf"""
    \b(?:
        i\ should(?:'ve|\ have)?\ (?:(?:really|also|probably|maybe|perhaps|even)\ )?(?:
            first\ (?:{_TELL})
          | (?:said|mentioned)\b(?!\ (?:no|yes|so|nothing|something|to)\b)
          | (?:say|mention)\ (?:what|that|how|why|who|where)
          | (?:begun|started)\ (?:there|here|with\ that)
        )
      | (?<!because\ )(?<!when\ )(?<!if\ )(?<!once\ )(?<!that\ )(?<!but\ )i(?:'d|\ had)?\ (?:
            (?:forgot|forgotten)(?:\ to\ (?:{_TELL})|(?!\ to\b))
          | (?:skipped|jumped)(?:\ over)?\ (?:that|this|it|one)
          | left\ out\ (?:that|this|one|to\ (?:{_TELL}))
        )
      | i\ (?:haven't|have\ not|hadn't)\ (?:(?:even|yet|really)\ )?(?:said|mentioned|told\ you|explained)
      | i\ meant\ to\ (?:say|mention|add)
      | let\ me\ (?:go|jump|come|step)\ back
      | (?:going|coming|stepping|jumping)\ back\ (?:a\ (?:step|bit|moment)|to\ the\ (?:start|beginning))
      | (?:even|but|oh|um|uh|and|wait|well|actually|sorry)\ before\ (?:that|this|everything)
      | before\ (?:all|any)\ (?:of\ )?(?:that|this|it)
      | before\ everything
      | oh\ (?:and|also|wait|before|first|by\ the\ way)
      | (?:would\ have|would've|should\ have|should've)\ been\ the\ (?:place|part)\ to\ (?:start|begin)
    )\b
    """,
    re.VERBOSE,
)


def backtracking(clauses: tuple[Clause, ...]) -> tuple[Quote, ...]:
    """The clauses in which the speaker goes back to what should have come before."""
    return tuple(
        Quote(clause.text, clause.start_s, clause.end_s)
        for clause in clauses[1:]
        if _GOING_BACK.search(_bare(clause.text))
    )


def _bare(text: str) -> str:
    """Lower case, without marks between words."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'")).split())
