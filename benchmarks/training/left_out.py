"""What the network that compares wordings does not learn from, so that it can be measured there."""

import zlib

_EACH = 12
_RUN = 4


def leaves_out_answer(question: str, answer: int) -> bool:
    """Whether a spoken answer is left out: a twelfth, in runs, since answers stand beside their mirror.

    Args:
        question: Its question's id.
        answer: Its index in the file.
    """
    return _is_chosen(f"{question}{answer // _RUN}")


def leaves_out_wording(text: str) -> bool:
    """Whether a wording of a rubric is left out: a twelfth."""
    return _is_chosen(text)


def _is_chosen(name: str) -> bool:
    return zlib.crc32(name.encode()) % _EACH == 0
