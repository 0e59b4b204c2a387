"""Bad input: real files and values bent out of shape, as strategies of hypothesis, and bombs."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

ODD_TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\x1b[2J\x07",
    "two\nlines",
    "\ud800",
    "\udcff",
    "\u202egnorw",
    "../../../etc/passwd",
    "/dev/zero",
    "~nobody-of-that-name/x",
    "n" * 300,
    "long/" * 1_000,
    "w " * 20_000,
    "NaN",
    "2026-13-45T99:99:99",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-01-01",
)
ODD_NUMBERS = (
    *(0, -1, 1, 2, 65_536, 2**31, 2**63, 2**64, 10**30, -(10**30), 10**400, 10**4_000),
    *(0.5, -0.0, 1e-300, 1e300, -1e300, 5e-324, float("inf"), float("-inf"), float("nan")),
)
ODD_VALUES: tuple[Any, ...] = (
    *ODD_TEXTS,
    *ODD_NUMBERS,
    *(True, False, None, [], {}, [[]], [None], [0, 0], {"": ""}, {"\x1b": [1]}, ["a", 1, {}]),
)

_EXTREMES = (0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_SCRAPS = (b"\0", b"\xff\xfe", b"[[[[", b'"', b"'''", b"\n", b"\r", b"1e999", b"\\u0000", b"nan", b"{", b"= ")


class Special(Enum):
    """What may lie where a file is looked for."""

    MISSING = "nothing"
    FOLDER = "a folder"
    PIPE = "a pipe that nobody writes to"
    DEVICE = "a device that never ends"
    LOOP = "a link to itself"


@dataclass(frozen=True, slots=True)
class Sparse:
    """A file that begins like this and claims a size that no disk has to hold."""

    head: bytes
    size: int


Content = bytes | Special | Sparse
"""What to put where a file is looked for."""


def place(path: Path, content: Content) -> None:
    """Put it there, in the place of what was there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    match content:
        case bytes():
            path.write_bytes(content)
        case Sparse(head, size):
            path.write_bytes(head)
            os.truncate(path, size)
        case Special.FOLDER:
            path.mkdir()
        case Special.PIPE:
            os.mkfifo(path)
        case Special.DEVICE:
            path.symlink_to("/dev/zero")
        case Special.LOOP:
            path.symlink_to(path.name)
        case Special.MISSING:
            pass


@st.composite
def spoilt_bytes(draw: st.DrawFn, seeds: Sequence[bytes], most_edits: int = 6) -> bytes:
    """One of the files with a few edits: bits flipped, parts cut, doubled, put in, numbers made extreme."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for edit in draw(st.lists(st.sampled_from(_EDITS), min_size=1, max_size=most_edits)):
        edit(draw, data)
    return bytes(data)


@st.composite
def spoilt_tree(draw: st.DrawFn, seeds: Sequence[Any], most_edits: int = 4) -> Any:
    """One of the nested values with a few values swapped, left out, doubled, renamed or made odd."""
    holder = [deepcopy(draw(st.sampled_from(seeds)))]
    for _ in range(draw(st.integers(1, most_edits))):
        places = list(_places(holder))
        container, key = _one_of(draw, places)
        match draw(st.sampled_from(("odd", "odd", "odd", "exchange", "drop", "add", "double"))):
            case "odd":
                container[key] = deepcopy(draw(odd_values()))
            case "exchange":
                other, other_key = _one_of(draw, places)
                container[key], other[other_key] = deepcopy(other[other_key]), deepcopy(container[key])
            case "drop":
                if container is not holder:
                    del container[key]
            case "add" if isinstance(container, dict):
                container[draw(st.sampled_from(("", "id", "\x1b[0m", "a.b", "x" * 300)))] = draw(odd_values())
            case "double" if isinstance(container, list) and container is not holder:
                container.append(deepcopy(container[key]))
    return holder[0]


def odd_values() -> st.SearchStrategy[Any]:
    """Values that a parser may not have thought of."""
    return st.one_of(
        st.sampled_from(ODD_VALUES),
        st.text(max_size=20),
        st.integers(),
        st.floats(),
        st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5),
    )


def odd_texts() -> st.SearchStrategy[str]:
    """Words that a parser may not have thought of, halves of characters included."""
    every = st.characters(exclude_categories=())
    return st.one_of(st.sampled_from(ODD_TEXTS), st.text(every, max_size=30), st.text(max_size=30))


def toml_of(tree: object) -> bytes:
    """A tree as TOML, or as close to it as its values come."""
    if not isinstance(tree, dict):
        return _inline(tree).encode("utf-8", "surrogatepass")
    lines = (f"{json.dumps(key, ensure_ascii=False)} = {_inline(value)}\n" for key, value in tree.items())
    return "".join(lines).encode("utf-8", "surrogatepass")


def json_of(tree: object) -> bytes:
    """A tree as JSON, NaN and infinities as Python writes them."""
    return json.dumps(tree).encode()


def toml_bombs() -> tuple[Content, ...]:
    """Files that would stall or choke who reads TOML without bounds, and what is no file at all."""
    return (
        b"x = " + b"[" * 100_000,
        b"x = " + b"{a = " * 100_000,
        b"a" + b".a" * 400_000 + b" = 1",
        b"[" + b"a." * 100_000 + b"a]\n" + b"".join(b"b%d = 1\n" % number for number in range(50_000)),
        b"x = 1\n" * 160_000,
        b"".join(b"%x=1\n" % number for number in range(100_000)),
        b"[[points]]\n" * 90_000,
        b'x = "' + b"a" * 50_000_000 + b'"\n',
        b"x = " + b"9" * 900_000,
        b"x = 0x" + b"f" * 900_000,
        b"level = 0x" + b"f" * 9_000,
        b"speak_questions = 0x" + b"f" * 9_000,
        b"x = 1e999999999",
        b"x = " + b"1_" * 400_000 + b"1",
        b"\0" * 100_000,
        b'"""' * 300_000,
        b'"' + b"k" * 900_000 + b'" = 1',
        b'"\\u001b[2J" = 1',
        b"\xef\xbb\xbf\xef\xbb\xbfx = 1",
        *Special,
        Sparse(b"x = 1\n", 8 << 30),
    )


def json_bombs() -> tuple[Content, ...]:
    """The same for JSON."""
    return (
        b"[" * 1_000_000,
        b'{"a":' * 200_000,
        b'"' + b"a" * 50_000_000 + b'"',
        b'{"a": ' + b"9" * 1_000_000 + b"}",
        b'{"a": 1e999999999, "b": -1e400, "c": NaN, "d": Infinity}',
        b'{"question_id": "\\ud800", "started_at": "2026-01-01T00:00:00+00:00"}',
        b'{"question_id": "a", "started_at": "0001-01-01T00:00:00+23:59"}',
        b"\0" * 100_000,
        b"\xff" * 100_000,
        b"{" + b",".join(b'"k%d": 1' % number for number in range(100_000)) + b"}",
        *Special,
        Sparse(b"{", 8 << 30),
    )


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a nested value with each of its keys."""
    keys: Sequence[Any] = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _one_of(draw: st.DrawFn, places: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    return places[draw(st.integers(0, len(places) - 1))]  # sampled_from looks at every value of a long list


def _inline(value: object) -> str:
    match value:
        case dict():
            pairs = (f"{json.dumps(str(key))} = {_inline(item)}" for key, item in value.items())
            return "{" + ", ".join(pairs) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_inline, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case float():
            return repr(value)
        case _:
            return json.dumps(value)


def _flip(draw: st.DrawFn, data: bytearray) -> None:
    if data:
        data[_at(draw, data) % len(data)] ^= 1 << draw(st.integers(0, 7))


def _cut(draw: st.DrawFn, data: bytearray) -> None:
    start = _at(draw, data)
    del data[start : start + draw(st.integers(1, 200))]


def _end(draw: st.DrawFn, data: bytearray) -> None:
    del data[_at(draw, data) :]


def _double(draw: st.DrawFn, data: bytearray) -> None:
    start = _at(draw, data)
    data[start:start] = data[start : start + draw(st.integers(1, 400))]


def _insert(draw: st.DrawFn, data: bytearray) -> None:
    start = _at(draw, data)
    data[start:start] = draw(st.binary(max_size=20) | st.sampled_from(_SCRAPS))


def _extreme(draw: st.DrawFn, data: bytearray) -> None:
    start, size = _at(draw, data), draw(st.sampled_from((2, 4)))
    number = draw(st.sampled_from(_EXTREMES)) % (1 << 8 * size)
    data[start : start + size] = number.to_bytes(size, draw(st.sampled_from(("little", "big"))))


def _at(draw: st.DrawFn, data: bytearray) -> int:
    """A place in it, half of the time among the first bytes, where headers are."""
    return draw(st.integers(0, min(len(data), 120)) | st.integers(0, len(data)))


_Edit = Callable[[st.DrawFn, bytearray], None]
_EDITS: tuple[_Edit, ...] = (_flip, _cut, _end, _double, _insert, _extreme)
