"""Bad input for the reader of résumés, notes and job descriptions."""

from pathlib import Path

from hypothesis import strategies as st

from tests.support.bad_input.probe import Prepared
from tests.support.mutations import Content, Sparse, Special, place, spoilt_bytes

KINDS = ("txt", "md", "pdf", "docx", "PDF", "")


def document(folder: Path) -> Prepared:
    """A file of any of the kinds."""
    from tests.support.office_files import locked_pdf, pdf, word, word_with  # noqa: PLC0415 - its own libraries
    from voicecoach.documents.reading import read_document  # noqa: PLC0415 - a probe's own

    parts = ("word/document.xml", "[Content_Types].xml", "_rels/.rels", "word/styles.xml")
    text = "# Résumé\n\n- Cut churn from 9 to 7 percent\n1. Built the pipeline\n".encode()
    whole = {"pdf": [pdf(), pdf(pages=3), locked_pdf("")], "docx": [word(cells=("2023", "Built it"))]}

    def probe(case: tuple[str, Content]) -> None:
        kind, content = case
        path = folder / f"cv.{kind}"
        place(path, content)
        try:
            found = read_document(path)
        finally:
            place(path, Special.MISSING)
        assert found.lines
        assert all(line.isprintable() and line.strip() for line in found.lines)

    def spoilt(kind: str) -> st.SearchStrategy[tuple[str, Content]]:
        return st.tuples(st.just(kind), spoilt_bytes(whole.get(kind.lower(), [text]), most_edits=12))

    inside = st.builds(
        lambda name, xml: ("docx", word_with(name, xml)),
        st.sampled_from(parts),
        spoilt_bytes([b"<a/>", b'<?xml version="1.0"?><w:document xmlns:w="x"><w:body/></w:document>']),
    )
    page = pdf()
    bombs: list[tuple[str, Content]] = [
        ("docx", word_with("word/media/a.bin", bytes(300_000_000))),
        ("docx", word_with("word/document.xml", b"<a>" * 1_000_000)),
        ("docx", word_with("word/document.xml", b"<a " + b"b='' " * 2_000_000 + b"/>")),
        ("docx", word(["x" * 900_000])),
        ("pdf", pdf(pages=3_000)),
        ("pdf", locked_pdf("secret")),
        ("pdf", page.replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")),
        ("pdf", page.replace(b"/Count 1", b"/Count 999999999")),
        ("pdf", page.replace(b"BT", b"[" * 400_000 + b"BT")),
        ("pdf", b"%PDF-1.4\n" + b"<<" * 500_000),
        ("txt", b"x" * 50_000_000),
        ("txt", b"\n" * 900_000 + b"x"),
        ("md", b"\0" * 100_000),
        ("txt", "\u202e\u0000\ud7ff\U000e0041".encode() * 10_000),
    ]
    bombs += [(kind, content) for kind in KINDS for content in (*Special, Sparse(b"%PDF-1.7\n", 8 << 30))]
    return st.sampled_from(KINDS).flatmap(spoilt) | inside, bombs, probe
