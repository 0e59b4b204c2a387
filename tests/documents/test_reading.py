import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.installation import run_python
from tests.support.office_files import RESUME, locked_pdf, pdf, word, word_with
from voicecoach.documents.reading import MOST_TEXT_BYTES, read_document
from voicecoach.errors import DocumentError

Put = Callable[[str, bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def refusal(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_pdf_is_read_line_by_line(put: Put) -> None:
    assert read_document(put("résumé.pdf", pdf())).lines == RESUME
    assert read_document(put("CV.PDF", locked_pdf(""))).lines == RESUME, "only printing needs the password"


def test_a_word_file_is_read_with_its_tables(put: Put) -> None:
    found = read_document(put("cv.docx", word(cells=("2023", "Built the feature pipeline"))))
    assert found.lines == (*RESUME, "2023", "Built the feature pipeline")


def test_a_word_template_with_fields_and_tracked_changes_is_read_whole(put: Put) -> None:
    def run(text: str) -> str:
        return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"

    def field(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    def drawing(text: str) -> str:
        return f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"

    paragraphs = (
        f"<w:p>{field(run('Anna Example'))}</w:p>",
        field(f"<w:p>{run('Senior engineer')}<w:r><w:tab/><w:t>2021</w:t></w:r></w:p>"),
        "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs></w:pPr>"
        f"{run('Cut churn ')}<w:del><w:r><w:delText>from 8 </w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('to 7 ')}</w:moveFrom><w:ins>{run('from 9 ')}</w:ins>"
        f"<w:moveTo>{run('to 7')}</w:moveTo></w:p>",
        f"<w:tbl><w:tr>{field('<w:tc><w:p>' + run('Python') + '</w:p></w:tc>')}"
        f"<w:tc><w:p>{run('Rust')}</w:p></w:tc></w:tr></w:tbl>",
        f"<w:p>{run('Side')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{drawing('In a box')}"
        f"</mc:Choice><mc:Fallback>{drawing('In a box')}</mc:Fallback></mc:AlternateContent></w:r>"
        f"{run(' by')}<w:r><w:br/></w:r>{run('side')}</w:p>",
    )
    body = (
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' "
        "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<w:body>{''.join(paragraphs)}</w:body></w:document>"
    )

    assert read_document(put("cv.docx", word_with("word/document.xml", body.encode()))).lines == (
        *("Anna Example", "Senior engineer 2021", "Cut churn from 9 to 7", "Python", "Rust"),
        *("Side by", "side", "In a box"),
    )


def test_text_and_markdown_lose_their_marks_and_nothing_else(put: Put) -> None:
    text = "# My project\r\n\n- Cut churn\n  * to 7%\n1. First\n• Then\n---\n2.5 million rows\n\x1b[31mred\n"
    assert read_document(put("notes.md", text.encode())).lines == (
        *("My project", "Cut churn", "to 7%", "First", "Then", "2.5 million rows", "[31mred"),
    )
    assert read_document(put("notes", b"\xef\xbb\xbfone\n")).lines == ("one",)


def test_quantities_and_words_keep_their_meaning(put: Put) -> None:
    text = "> 90 % recall at 5 % FPR\n> quoted from a mail\n- > 3 models\nopti\xadmi\u200bsation\n"
    assert read_document(put("notes.md", text.encode())).lines == (
        *("> 90 % recall at 5 % FPR", "quoted from a mail", "> 3 models", "optimisation"),
    )


def test_a_paragraph_is_cut_into_its_sentences(put: Put) -> None:
    sentences = (f"{word} {'is said here at some length ' * 3}." for word in ("This", "That", "More"))
    text = " ".join(sentences)
    assert len(read_document(put("notes.docx", word([text]))).lines) == 3


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("cv.pdf", locked_pdf("secret"), "protected by a password"),
        ("cv.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Word file"),
        ("cv.pdf", pdf(pages=400), "400 pages, and 60 are the most"),
        ("cv.pdf", pdf(lines=()), "holds no text that can be read"),
        ("cv.pdf", b"no pdf at all", "PDF"),
        ("cv.docx", b"no zip at all", "no Word file"),
        ("cv.docx", word()[:-900], "no Word file"),
        ("cv.docx", b"", "is empty"),
        ("cv.txt", b"\xff\xfe\x00", "is not UTF-8"),
        ("cv.txt", b"a\n" * MOST_TEXT_BYTES, "larger than"),
        ("cv.txt", b"a\n" * 6_000, "more than 5,000 lines"),
        ("cv.docx", word(["x" * 600_000]), "500,000 characters"),
        ("cv.rtf", b"{\\rtf1\\ansi Built a churn model\\", "Rich Text Format; save it as"),
        ("cv.odt", word(), "is packed, as .docx and .odt files are; save it as"),
        ("cv.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old Word file; save it as"),
        ("job", pdf(), "is a PDF by its contents; give its name"),
    ],
    ids=[
        "locked",
        "old-word",
        "many-pages",
        "no-text",
        "no-pdf",
        "no-zip",
        "cut-short",
        "empty",
        "utf-16",
        "large",
        "many-lines",
        "unpacks-large",
        "rich-text",
        "open-document",
        "old-word-by-name",
        "pdf-by-contents",
    ],
)
def test_what_cannot_be_read_is_one_line(put: Put, name: str, content: bytes, told: str) -> None:
    assert told in refusal(put(name, content))


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.pdf")
    (tmp_path / "folder.pdf").mkdir()
    assert "is not a file" in refusal(tmp_path / "folder.pdf")


def test_a_zip_bomb_is_not_unpacked(put: Put) -> None:
    bomb = word_with("word/media/image1.bin", bytes(200_000_000))
    assert len(bomb) < 1_000_000
    assert "unpacks to more than 50 MB" in refusal(put("cv.docx", bomb))


@pytest.mark.parametrize("kind", ["entities", "nesting"])
def test_entities_and_deep_nesting_do_not_blow_up(put: Put, kind: str) -> None:
    def document(depth: int) -> bytes:
        declared, text = "", "<w:p><w:r><w:t>Anna</w:t></w:r></w:p>"
        if kind == "entities":
            declared = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "lol"}">' for i in range(depth))
            text = text.replace("Anna", f"Anna&e{depth - 1};")
        else:
            text = f"{'<a>' * depth}{text}{'</a>' * depth}"
        whole = (
            f"<!DOCTYPE w:document [{declared}]>"
            "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
            f"<w:body>{text}</w:body></w:document>"
        )
        return word_with("word/document.xml", whole.encode())

    assert read_document(put("cv.docx", document(1))).lines == ("Anna",)
    too_deep = document({"entities": 12, "nesting": 500_000}[kind])
    assert "cv.docx: is damaged, or not what its name says" in refusal(put("cv.docx", too_deep))


def test_a_stream_that_unpacks_without_end_is_refused(put: Put) -> None:
    def document(texts: int) -> bytes:
        packed = zlib.compress(b"BT (x) Tj ET\n" * texts, 9)
        stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        whole = pdf(lines=())
        head = whole.index(b"4 0 obj\n") + len(b"4 0 obj\n")
        return whole[:head] + stream + whole[whole.index(b"\nendobj", head) :]

    assert read_document(put("cv.pdf", document(3))).lines == ("xxx",)
    told = refusal(put("cv.pdf", document(20_000_000)))
    assert "cv.pdf: is no PDF that can be read, or a damaged one" in told


def test_the_libraries_are_not_loaded_into_the_program(tmp_path: Path, put: Put) -> None:
    path = put("cv.pdf", pdf())
    told = (
        "import sys\nfrom pathlib import Path\nfrom voicecoach.documents.reading import read_document\n"
        f"assert len(read_document(Path({str(path)!r})).lines) == 3\n"
        "print([name for name in ('pypdf', 'docx', 'lxml') if name in sys.modules])\n"
    )
    finished = run_python(told)
    assert (finished.stdout.strip(), finished.returncode) == ("[]", 0), finished.stderr
