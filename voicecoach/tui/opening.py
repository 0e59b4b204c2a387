"""What the app opens on."""

from dataclasses import dataclass
from typing import Literal

Flow = Literal["home", "practice", "drill", "round", "project"]


@dataclass(frozen=True, slots=True)
class Opening:
    """The flow that someone asked for by a command.

    Attributes:
        flow: "home" is the list of questions.
        of: The id of what it opens: a question's for "practice", a round's for "round", definitions' with
            blanks between them for "drill"; empty where the flow begins with a choice or needs none.
    """

    flow: Flow = "home"
    of: str = ""


HOME = Opening()
