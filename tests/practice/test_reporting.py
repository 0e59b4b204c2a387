"""Reports of attempts that the real coach kept, with the recording that its store kept."""

import base64
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.support.practising import SPOKEN, Practice, practising
from voicecoach.audio.decode import decode
from voicecoach.config import Settings, find_paths, find_reports_folder
from voicecoach.errors import ReportError
from voicecoach.history.records import Attempt
from voicecoach.practice.interviewing import Interviewer
from voicecoach.practice.reporting import Reporter, summary_of, write_new
from voicecoach.practice.round_report import QuestionReport
from voicecoach.practice.rounds import Ask

TYPED = "Precision is the share of everything you flagged that was really positive."


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practising(tmp_path / "home", Settings(engine="pocketsphinx")) as running:
        yield running


@pytest.fixture
def typed(practice: Practice) -> Attempt:
    return practice.typed(TYPED)


def test_a_spoken_answer_is_reported_with_its_sound(practice: Practice, tmp_path: Path) -> None:
    clip = decode(SPOKEN)
    attempt = practice.judge(practice.record(type(clip)(clip.samples[: 12 * clip.rate], clip.rate)))

    file = Reporter(practice.coach).write_into(tmp_path, attempt)

    page = file.read_text("utf-8")
    encoded = re.search(r'src="data:audio/mpeg;base64,([^"]+)"', page)
    assert encoded
    heard = tmp_path / "heard.mp3"
    heard.write_bytes(base64.b64decode(encoded[1]))
    assert decode(heard).duration_s == pytest.approx(12.0, abs=0.15)
    assert all(clause.text in unescape(page) for clause in attempt.card.clauses)


def test_a_recording_that_is_gone_is_said(practice: Practice, tmp_path: Path) -> None:
    clip = decode(SPOKEN)
    take = practice.record(type(clip)(clip.samples[: 12 * clip.rate], clip.rate))
    attempt = practice.judge(take)
    take.audio.write_bytes(b"no sound at all")
    assert "The recording is left out: " in Reporter(practice.coach).page(attempt)
    take.audio.unlink()
    assert "There is no recording of this answer." in Reporter(practice.coach).page(attempt)


def test_typed_text_is_reported_without_sound(practice: Practice, typed: Attempt) -> None:
    page = Reporter(practice.coach).page(typed)
    assert "This answer was typed" in page
    assert "<audio" not in page


def test_a_round_is_one_page_with_all_its_answers(practice: Practice, tmp_path: Path) -> None:
    interviewer = Interviewer(practice.coach)
    run = interviewer.begin("night-before")
    for _ in range(2):
        move = interviewer.go_on(run.id, frozenset(), frozenset())
        assert move.question
        assert isinstance(move.move, Ask)
        interviewer.judge(move.move.answer, practice.coach.judge_text(move.question, TYPED, None))
    interviewer.end(run.id)
    report = interviewer.report(run.id)

    file = Reporter(practice.coach).write_round_into(tmp_path, report)

    page = unescape(file.read_text("utf-8"))
    assert file.name == "voicecoach-round-night-before-2026-11-21.html"
    assert page.count("<article") == sum(
        1 for each in report.questions for _ in filter(None, (each.attempt_id, *_follow_ups(each)))
    )
    assert page.count("<article") == 2
    for line in summary_of(report):
        assert line in page
    assert report.cue in page
    assert f"{report.answered} of {len(report.questions)} questions judged." in page


def _follow_ups(question: QuestionReport) -> list[int | None]:
    return [each.attempt_id for each in question.follow_ups]


def test_a_round_without_answers_has_no_report(practice: Practice, tmp_path: Path) -> None:
    interviewer = Interviewer(practice.coach)
    run = interviewer.begin("night-before")
    with pytest.raises(ReportError, match="No answer of this round was judged"):
        Reporter(practice.coach).write_round_into(tmp_path, interviewer.report(run.id))
    assert [each.name for each in tmp_path.iterdir()] == ["home"]


def test_the_name_is_free_and_the_file_private(practice: Practice, typed: Attempt, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    before = os.umask(0)
    try:
        files = [Reporter(practice.coach).write_into(folder, typed) for _ in range(3)]
    finally:
        os.umask(before)

    assert [file.name for file in files] == [
        "voicecoach-define-precision-2026-11-21.html",
        "voicecoach-define-precision-2026-11-21-2.html",
        "voicecoach-define-precision-2026-11-21-3.html",
    ]
    assert sorted(folder.iterdir()) == sorted(files), "nothing half written stays"
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "mine.html"
    file.write_text("mine")
    link = tmp_path / "link.html"
    link.symlink_to(tmp_path / "elsewhere")

    for there in (file, link):
        with pytest.raises(ReportError, match="something of that name already"):
            write_new(there, "theirs")
    assert file.read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.html", "mine.html"]


@pytest.mark.parametrize("name", ["no\0name.html", "n" * 300 + ".html", "file/below.html"])
def test_a_name_that_cannot_be_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match=r"cannot be written: .*\."):
        write_new(tmp_path / name, "page")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(ReportError, match="cannot be written"):
            write_new(file, "x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert list(tmp_path.iterdir()) == []


def test_the_app_writes_into_documents_or_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "me" / "Papers"))
    assert find_reports_folder({}) == tmp_path
    (tmp_path / "me" / "Papers").mkdir(parents=True)
    assert find_reports_folder({}) == tmp_path / "me" / "Papers"
    home = {"VOICECOACH_HOME": str(tmp_path / "kept")}
    assert find_reports_folder(home) == tmp_path / "kept" / "reports"
    assert find_paths(home).data.parent == find_reports_folder(home).parent
