"""The rows of a damaged database, read from its pages one by one.

Where one page on the way to a table is damaged, SQLite gives up on all that lies behind it. The leaves still
hold their rows, and each row says by its own lengths whether it is whole; so the leaves are read without
asking which table or index they belong to. Deleted rows do not come back: the history overwrites them.

The format: https://www.sqlite.org/fileformat2.html (b-tree pages, record format, the write-ahead log).
"""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

Value = None | int | float | str | bytes
Row = tuple[int, tuple[Value, ...]]
"""Row id and columns."""

MAGIC = b"SQLite format 3\0"
LARGEST_ROW_BYTES = 1 << 24
"""A row that claims more is damaged: half an hour of talk is under 1 MB."""
_MOST_COLUMNS = 32
_USUAL_PAGE_BYTES = 4096
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_LOG_MAGICS = {0x377F0682: "<", 0x377F0683: ">"}
"""Each with the byte order of its checksums."""
_DAMAGED = (ValueError, IndexError, struct.error)
"""What lengths that lead nowhere end in: that cell is passed over."""
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class Pages:
    """A database's pages as they were committed last, its log included.

    Nothing in it is trusted: what does not fit is passed over.

    Args:
        database: Open for reading in binary; stays open.
        log: Its write-ahead log, or None where there is none; stays open.
    """

    def __init__(self, database: BinaryIO, log: BinaryIO | None) -> None:
        self._database, self._log = database, log
        header = _read(database, 0, 100)
        self.has_header = header.startswith(MAGIC)
        self._page_bytes = _page_bytes(header if self.has_header else b"", log)
        self._usable = self._page_bytes - (header[20] if self.has_header and len(header) > 20 else 0)
        self._logged = {} if log is None else _committed(log, self._page_bytes)
        in_file = -(-database.seek(0, os.SEEK_END) // self._page_bytes)
        self._count = max(in_file, *self._logged, 0)

    @property
    def version(self) -> int:
        """The `user_version` that the header tells; 0 where there is no header."""
        header = self._page(1)
        if not header.startswith(MAGIC) or len(header) < 64:
            return 0
        return int.from_bytes(header[60:64], "big")

    def rows(self) -> Iterator[Row]:
        """Every row that is whole, of every table, in the order of the pages."""
        for page in self._pages(_TABLE_LEAF):
            for at in _cells(page, 8):
                row = self._row(page, at)
                if row is not None:
                    yield row

    def keys(self) -> Iterator[tuple[Value, ...]]:
        """Every entry that is whole, of every index: its columns, and the row id last."""
        for page in self._pages(_INDEX_LEAF, _INDEX_INNER):
            # An inner page's header is longer, and so is each of its cells, by the page that it leads to.
            before = 0 if page[0] == _INDEX_LEAF else 4
            for at in _cells(page, 8 + before):
                key = self._key(page, at + before)
                if key is not None:
                    yield key

    def _pages(self, *kinds: int) -> Iterator[bytes]:
        for number in range(2, self._count + 1):  # the first page holds no row of ours, but the schema
            page = self._page(number)
            if len(page) >= 12 and page[0] in kinds:
                yield page

    def _page(self, number: int) -> bytes:
        if number in self._logged and self._log is not None:
            return _read(self._log, self._logged[number], self._page_bytes)
        return _read(self._database, (number - 1) * self._page_bytes, self._page_bytes)

    def _row(self, page: bytes, at: int) -> Row | None:
        try:
            size, at = _varint(page, at)
            row_id, at = _varint(page, at)
            if 0 < size <= LARGEST_ROW_BYTES and 0 < row_id < 1 << 63:
                return row_id, _columns(self._payload(page, at, size, self._usable - 35))
        except _DAMAGED:
            return None
        return None

    def _key(self, page: bytes, at: int) -> tuple[Value, ...] | None:
        try:
            size, at = _varint(page, at)
            if 0 < size <= LARGEST_ROW_BYTES:
                return _columns(self._payload(page, at, size, (self._usable - 12) * 64 // 255 - 23))
        except _DAMAGED:
            return None
        return None

    def _payload(self, page: bytes, at: int, size: int, most: int) -> bytes:
        """A cell's bytes; those over `most` lie on a chain of pages."""
        here = size
        if size > most:
            least = (self._usable - 12) * 32 // 255 - 23
            here = least + (size - least) % (self._usable - 4)
            here = least if here > most else here
        parts = [_exactly(page[at : at + here], here)]
        left, link = size - here, page[at + here : at + here + 4]
        while left:
            number = int.from_bytes(_exactly(link, 4), "big")
            if not 2 <= number <= self._count:
                raise ValueError("a chain leads out of the database")
            overflow = self._page(number)
            here = min(left, self._usable - 4)
            parts.append(_exactly(overflow[4 : 4 + here], here))
            left, link = left - here, overflow[:4]
        return b"".join(parts)


def _cells(page: bytes, header_bytes: int) -> Iterator[int]:
    """Where each cell of a page begins."""
    count = int.from_bytes(page[3:5], "big")
    pointers = page[header_bytes : header_bytes + 2 * count]
    for (at,) in struct.iter_unpack(">H", pointers[: len(pointers) // 2 * 2]):
        yield at


def _columns(payload: bytes) -> tuple[Value, ...]:
    header_bytes, at = _varint(payload, 0)
    kinds = []
    while at < header_bytes:
        kind, at = _varint(payload, at)
        kinds.append(kind)
        if len(kinds) > _MOST_COLUMNS:
            raise ValueError("more columns than any table has")
    values: list[Value] = []
    for kind in kinds:
        size = (kind - 12) // 2 if kind >= 12 else _INTEGER_BYTES.get(kind, 8 if kind == 7 else 0)
        values.append(_value(kind, _exactly(payload[at : at + size], size)))
        at += size
    if at != len(payload):
        raise ValueError("a row is not as long as it says")
    return tuple(values)


def _value(kind: int, stored: bytes) -> Value:
    match kind:
        case 0:
            return None
        case 7:
            number: float = struct.unpack(">d", stored)[0]
            return number
        case 8 | 9:
            return kind - 8
        case 10 | 11:
            raise ValueError("a kind of value that no database on disk has")
        case _ if kind < 7:
            return int.from_bytes(stored, "big", signed=True)
        case _:
            # One wrong byte in a long text costs a letter, not the text.
            return stored.decode(errors="replace") if kind % 2 else stored


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for length in range(8):
        byte = data[at + length]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + length + 1
    return value << 8 | data[at + 8], at + 9


def _committed(log: BinaryIO, page_bytes: int) -> dict[int, int]:
    """Where in a write-ahead log the newest copy of each page lies, as far as it was committed.

    As SQLite does, it stops at the first frame whose checksum is wrong: what follows was not written whole.
    """
    header = _read(log, 0, 32)
    if len(header) < 32:
        return {}
    magic, _format, log_page_bytes, _number, *salts_and_sum = struct.unpack(">8I", header)
    order = _LOG_MAGICS.get(magic, ">")
    checksum = _checksum(header[:24], (0, 0), order)
    if magic not in _LOG_MAGICS or checksum != tuple(salts_and_sum[2:]) or log_page_bytes != page_bytes:
        return {}
    committed: dict[int, int] = {}
    pending: dict[int, int] = {}
    at = 32
    while len(frame := _read(log, at, 24 + page_bytes)) == 24 + page_bytes:
        number, pages_after_commit, *rest = struct.unpack(">6I", frame[:24])
        checksum = _checksum(frame[:8] + frame[24:], checksum, order)
        if rest[:2] != salts_and_sum[:2] or tuple(rest[2:]) != checksum:
            break
        pending[number] = at + 24
        if pages_after_commit:
            committed |= pending
            pending = {}
        at += len(frame)
    return committed


def _checksum(data: bytes, before: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = before
    for one, other in struct.iter_unpack(order + "2I", data):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


def _page_bytes(header: bytes, log: BinaryIO | None) -> int:
    """Bytes a page, as the header says it, else as the log says it, else as SQLite's default is."""
    said = [int.from_bytes(header[16:18], "big")]
    if log is not None:
        said.append(int.from_bytes(_read(log, 8, 4), "big"))
    said = [65536 if number == 1 else number for number in said]
    return next((n for n in said if 512 <= n <= 65536 and n.bit_count() == 1), _USUAL_PAGE_BYTES)


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise ValueError("a row ends before it should")
    return data
