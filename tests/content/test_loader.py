import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.content.files import PROMPT, RUBRIC, STRUCTURES, problems_of, write_bank
from voicecoach.content import loader
from voicecoach.content.loader import find_bank_folders, load_bank, load_usable
from voicecoach.content.model import Beat, FollowUp
from voicecoach.errors import ContentError


def test_everything_in_the_files_reaches_the_question(tmp_path: Path) -> None:
    bank = load_bank([write_bank(tmp_path)])

    (question,) = bank.questions
    assert (question.id, question.title, question.text) == ("mean", "The mean", "What is the mean?")
    assert (question.kind, question.area, question.level) == ("definition", "data", "easy")
    assert question.roles == ("mle",)
    assert question.target_s == (10.0, 30.0)
    assert question.hint == "Say how it is worked out."
    assert question.model_answer == "The sum over the count."
    assert question.follow_ups == (FollowUp("exact", "And the median?"),)
    assert question.structure.beats[1] == Beat("use", "Use", 0.4, ("i would use it when",))
    exact, outliers = question.points
    assert (exact.id, exact.label, exact.beat, exact.weight) == ("exact", "Define it", "what", 2.0)
    assert exact.phrasings[0] == "the sum divided by the count"
    assert exact.contrasts[0].phrasings == ("the value in the middle",)
    assert exact.contrasts[0].why == "That is the median, the value in the middle."
    assert outliers.contrasts == ()
    assert question.recording is None
    assert bank.structures == (question.structure,)
    assert bank.sources == (tmp_path,)
    assert bank.find("mean") is question
    assert bank.find("median") is None


def test_hint_model_answer_and_follow_ups_may_be_left_out(tmp_path: Path) -> None:
    prompt = PROMPT.split("hint =", maxsplit=1)[0]

    (question,) = load_bank([write_bank(tmp_path, prompt)]).questions

    assert (question.hint, question.model_answer, question.follow_ups) == ("", "", ())


def test_wrapped_text_becomes_one_line(tmp_path: Path) -> None:
    prompt = PROMPT.replace('"The sum over the count."', '"""\nThe sum\n  over the count.\n"""')

    assert load_bank([write_bank(tmp_path, prompt)]).questions[0].model_answer == "The sum over the count."


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    write_bank(tmp_path)
    file = tmp_path / "prompts" / "mean.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert load_bank([tmp_path]).find("mean") is not None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'title = "The mean"',
            'tilte = "The mean"',
            "tilte: is not a key that is known here (is 'title' meant?)",
        ),
        ('title = "The mean"', "", "title: is missing"),
        ('title = "The mean"', "title = 3", "title: must be text in quotes"),
        ('title = "The mean"', 'title = "  "', "title: must not be blank"),
        ('title = "The mean"', 'title = "a\\u001b[2J"', "title: holds a control character"),
        ('"definition"', '"riddle"', "kind: 'riddle' is not one of 'story'"),
        ('"easy"', '"trivial"', "level: 'trivial' is not one of 'easy', 'medium' or 'hard'"),
        ('area = "data"', "area = [1]", "area: this list is not one of 'behavioural'"),
        ('["mle"]', "[]", "roles: must not be empty"),
        ('["mle"]', '"mle"', "roles: must be a list"),
        ('["mle"]', '["mle", "cook"]', "roles[1]: 'cook' is not one of"),
        ('["mle"]', '["mle", "mle"]', "roles: names a role twice"),
        ("[10, 30]", '[10, "30"]', "target_s[1]: must be a number"),
        ("[10, 30]", "[10, true]", "target_s[1]: must be a number"),
        ("[10, 30]", "[0, 30]", "target_s[0]: must be above 0"),
        ("[10, 30]", "[10, inf]", "target_s[1]: must be a finite number"),
        ("[10, 30]", "[30, 10]", "target_s: the first number (shortest) must be below the second"),
        ("[10, 30]", "[10, 10]", "target_s: the first number (shortest) must be below the second"),
        ("[10, 30]", "[10]", "target_s: must be two numbers, [shortest, longest]"),
        ('id = "mean"', 'id = "median"', "id: 'median' must be the file's name, 'mean'"),
        ('id = "mean"', 'id = "The Mean"', "id: must be lower-case letters and digits"),
        (
            'structure = "short"',
            'structure = "long"',
            "structure: there is no structure 'long'; there are short",
        ),
        (
            'point = "exact"',
            'point = "exakt"',
            "follow_ups[0].point: 'exakt' is no point of rubrics/mean.toml",
        ),
        (', ask = "And the median?"', "", "follow_ups[0].ask: is missing"),
        ('[{ point = "exact", ask = "And the median?" }]', '["why?"]', "follow_ups[0]: must be a table"),
    ],
)
def test_a_mistake_in_a_prompt_is_told_with_its_key(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in PROMPT
    problems = problems_of(write_bank(tmp_path, PROMPT.replace(old, new, 1)))

    assert any(line.startswith(f"prompts/mean.toml: {problem}") for line in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('question = "mean"', 'question = "median"', "question: 'median' must be the file's name, 'mean'"),
        ('question = "mean"', "", "question: is missing"),
        ("weight = 2", "weight = 0", "points[0].weight: must be above 0"),
        ("weight = 1.5", "weight = -1", "points[1].weight: must be above 0"),
        ("weight = 1.5", "weight = nan", "points[1].weight: must be a finite number"),
        ("weight = 1.5", f"weight = {'9' * 400}", "points[1].weight: "),
        ("weight = 1.5", "weight = inf", "points[1].weight: must be a finite number"),
        ("weight = 1.5", 'weight = "1"', "points[1].weight: must be a number"),
        ('beat = "use"', 'beat = "fix"', "points[1].beat: 'fix' is no beat of the structure 'short'"),
        ('id = "outliers"', 'id = "exact"', "points[1].id: 'exact' is there more than once"),
        ('id = "outliers"', "", "points[1].id: is missing"),
        ('["one huge value drags it along"]', "[]", "points[1].phrasings: must not be empty"),
        ('["one huge value drags it along"]', '["ok", " "]', "points[1].phrasings[1]: must not be blank"),
        ('["the value in the middle"]', "[]", "points[0].contrasts[0].phrasings: must not be empty"),
        ('label = "Define it"', 'lable = "Define it"', "points[0].lable: is not a key that is known here"),
        ("why =", "wy =", "points[0].contrasts[0].why: is missing"),
    ],
)
def test_a_mistake_in_a_rubric_is_told_with_its_key(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in RUBRIC
    problems = problems_of(write_bank(tmp_path, rubric=RUBRIC.replace(old, new, 1)))

    assert any(line.startswith(f"rubrics/mean.toml: {problem}") for line in problems), problems


@pytest.mark.parametrize("points", ["", "points = []"])
def test_a_rubric_has_points(tmp_path: Path, points: str) -> None:
    (problem,) = problems_of(write_bank(tmp_path, rubric=f'question = "mean"\n{points}'))

    assert problem.startswith("rubrics/mean.toml: points: ")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("share = 0.4", "share = 0.5", "structures[0].beats: the shares sum to 1.100, not 1"),
        ("share = 0.4", "share = 0.3", "structures[0].beats: the shares sum to 0.900, not 1"),
        ("share = 0.4", "share = 1.4", "structures[0].beats[1].share: must not be above 1"),
        ("share = 0.4", "share = 0", "structures[0].beats[1].share: must be above 0"),
        ('id = "use"', 'id = "what"', "structures[0].beats[1].id: 'what' is there more than once"),
        ('["i would use it when"]', "[]", "structures[0].beats[1].cues: must not be empty"),
    ],
)
def test_a_mistake_in_the_structures_is_told_with_its_key(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in STRUCTURES
    problems = problems_of(write_bank(tmp_path, structures=STRUCTURES.replace(old, new, 1)))

    assert f"rubrics/structures.toml: {problem}" in problems


def test_a_structure_is_there_once(tmp_path: Path) -> None:
    problems = problems_of(write_bank(tmp_path, structures=STRUCTURES * 2))

    assert problems == ("rubrics/structures.toml: structures[1].id: 'short' is there more than once",)


def test_thirds_sum_to_one(tmp_path: Path) -> None:
    structures = STRUCTURES.replace("share = 0.6", "share = 0.6664").replace("share = 0.4", "share = 0.3333")

    assert load_bank([write_bank(tmp_path, structures=structures)]).questions


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'id = "mean"\ntitle = \n', "is not valid TOML: Invalid value (at line 2, column 9)"),
        (b'id = "mean"\ntitle = "\xff"\n', "is not UTF-8 text (line 2); save it as UTF-8"),
        (b"x = " + b"[" * 5000, "is not valid TOML: nested too deeply"),
        (b"x = " + b"1" * 5000, "is not valid TOML: "),
        (b"#" * 1_000_001, "is larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, content: bytes, problem: str) -> None:
    write_bank(tmp_path)
    (tmp_path / "prompts" / "mean.toml").write_bytes(content)

    (told,) = problems_of(tmp_path)

    assert told.startswith(f"prompts/mean.toml: {problem}")


def test_a_folder_or_a_dead_link_named_like_a_prompt_is_told(tmp_path: Path) -> None:
    write_bank(tmp_path)
    (tmp_path / "prompts" / "mean.toml").unlink()
    (tmp_path / "prompts" / "mean.toml").mkdir()

    assert problems_of(tmp_path) == ("prompts/mean.toml: is not a file that can be read",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_stall_the_start(tmp_path: Path) -> None:
    write_bank(tmp_path)
    (tmp_path / "prompts" / "mean.toml").unlink()
    os.mkfifo(tmp_path / "prompts" / "mean.toml")

    assert problems_of(tmp_path) == ("prompts/mean.toml: is not a file that can be read",)


def test_a_prompt_without_a_rubric_is_told(tmp_path: Path) -> None:
    (write_bank(tmp_path) / "rubrics" / "mean.toml").unlink()

    assert problems_of(tmp_path) == ("prompts/mean.toml: id: there is no rubrics/mean.toml for it",)


def test_a_rubric_without_a_prompt_is_told(tmp_path: Path) -> None:
    (write_bank(tmp_path) / "prompts" / "mean.toml").unlink()

    assert problems_of(tmp_path) == ("rubrics/mean.toml: question: there is no prompts/mean.toml for it",)


def test_an_id_used_twice_is_told(tmp_path: Path) -> None:
    write_bank(tmp_path)
    for room in ("prompts", "rubrics"):
        shutil.copy(tmp_path / room / "mean.toml", tmp_path / room / "average.toml")

    assert problems_of(tmp_path) == (
        "prompts/average.toml: id: 'mean' must be the file's name, 'average', "
        "and mean.toml has that id already",
        "rubrics/average.toml: question: 'mean' must be the file's name, 'average', "
        "and mean.toml has that id already",
    )


def test_an_unreadable_structures_file_is_one_problem_not_many(tmp_path: Path) -> None:
    (problem,) = problems_of(write_bank(tmp_path, structures="[["))

    assert problem.startswith("rubrics/structures.toml: is not valid TOML: ")


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    prompt = PROMPT.replace("[10, 30]", "[30, 10]").replace('"exact"', '"nothing"').replace('"mle"', '"cook"')
    rubric = RUBRIC.replace("weight = 2", "weight = 0").replace('beat = "use"', 'beat = "fix"')
    structures = STRUCTURES.replace("share = 0.4", "share = 0.2")
    write_bank(tmp_path, prompt, rubric, structures)
    (tmp_path / "prompts" / "broken.toml").write_text("x =", "utf-8")

    problems = problems_of(tmp_path)

    starts = [
        "prompts/broken.toml: is not valid TOML",
        "prompts/mean.toml: roles[0]: ",
        "prompts/mean.toml: target_s: ",
        "prompts/mean.toml: follow_ups[0].point: ",
        "rubrics/mean.toml: points[0].weight: ",
        "rubrics/mean.toml: points[1].beat: ",
        "rubrics/structures.toml: structures[0].beats: ",
        "prompts/broken.toml: id: there is no rubrics/broken.toml",
    ]
    for start in starts:
        assert sum(line.startswith(start) for line in problems) == 1, (start, problems)
    assert len(problems) == len(starts)


def test_a_later_folder_overrides_by_id(tmp_path: Path) -> None:
    shipped, own = write_bank(tmp_path / "shipped"), tmp_path / "own"
    (own / "prompts").mkdir(parents=True)
    (own / "prompts" / "mean.toml").write_text(PROMPT.replace("[10, 30]", "[5, 20]"), "utf-8")

    (question,) = load_bank([shipped, own]).questions
    assert question.target_s == (5.0, 20.0)
    assert [point.id for point in question.points] == ["exact", "outliers"]

    (own / "rubrics").mkdir()
    (own / "rubrics" / "mean.toml").write_text(RUBRIC.replace("weight = 2", "weight = 9"), "utf-8")
    (own / "rubrics" / "structures.toml").write_text(STRUCTURES.replace('"Short"', '"Brief"'), "utf-8")

    bank = load_bank([shipped, own])
    assert bank.questions[0].points[0].weight == 9.0
    assert bank.questions[0].structure.label == "Brief"
    assert len(bank.structures) == 1
    assert bank.sources == (shipped, own)


def test_with_several_folders_a_problem_names_the_folder(tmp_path: Path) -> None:
    shipped, own = (
        write_bank(tmp_path / "shipped"),
        write_bank(tmp_path / "own", PROMPT.replace('"easy"', "1")),
    )

    (problem,) = problems_of(shipped, own)

    assert problem.startswith(f"{own / 'prompts' / 'mean.toml'}: level: ")


def test_a_recording_beside_the_prompt_is_found(tmp_path: Path) -> None:
    write_bank(tmp_path)
    (tmp_path / "prompts" / "mean.ogg").write_bytes(b"sound")
    (tmp_path / "prompts" / "other.wav").write_bytes(b"sound")

    assert load_bank([tmp_path]).questions[0].recording == tmp_path / "prompts" / "mean.ogg"


def test_what_editors_leave_behind_is_no_prompt(tmp_path: Path) -> None:
    write_bank(tmp_path)
    (tmp_path / "prompts" / "._mean.toml").write_bytes(b"\0\1\2")
    (tmp_path / "prompts" / "mean.toml~").write_text("x", "utf-8")

    assert len(load_bank([tmp_path]).questions) == 1


def test_a_bank_without_questions_and_a_folder_that_is_none_are_told(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == (
        f"{tmp_path}: is not a question bank: it has no prompts/ or rubrics/ folder",
    )
    (tmp_path / "prompts").mkdir()
    assert problems_of(tmp_path) == (f"{tmp_path}: there are no questions in prompts/",)


def test_the_checkout_then_the_own_bank_then_the_flag(tmp_path: Path) -> None:
    own, flag = tmp_path / "own", write_bank(tmp_path / "flag")

    shipped = find_bank_folders(None, own)
    assert len(shipped) == 1
    assert load_bank(shipped).find("define-precision") is not None
    write_bank(own)
    assert find_bank_folders(None, own) == (*shipped, own)
    assert find_bank_folders(flag, own) == (*shipped, own, flag)


def test_an_installed_package_uses_the_bank_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "voicecoach"
    bank = write_bank(package / "bank")
    monkeypatch.setattr(loader, "__file__", str(package / "content" / "loader.py"))

    assert find_bank_folders(None, tmp_path / "own") == (bank,)


def test_no_bank_anywhere_lists_where_it_was_sought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "voicecoach"
    monkeypatch.setattr(loader, "__file__", str(package / "content" / "loader.py"))

    with pytest.raises(ContentError) as caught:
        find_bank_folders(None, tmp_path / "own")

    for folder in (package / "bank", package.parent, tmp_path / "own"):
        assert str(folder) in str(caught.value)


def test_a_flag_that_is_no_bank_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="is not a question bank"):
        find_bank_folders(tmp_path, tmp_path / "own")


SNIPPETS = [line.encode() for line in (PROMPT + RUBRIC + STRUCTURES).splitlines() if line]
TOML_LIKE = st.lists(
    st.one_of(
        st.sampled_from(SNIPPETS),
        st.binary(max_size=20),
        st.sampled_from(
            [b"[[points]]", b"points = 3", b"id = []", b"target_s = [1e400, -0.0]", b"beats = {}"]
        ),
        st.sampled_from([b"structures = [1]", b"[structures]", b"follow_ups = [[]]", b"share = 1979-05-27"]),
    ),
    max_size=30,
).map(b"\n".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prompt=TOML_LIKE, rubric=TOML_LIKE, structures=TOML_LIKE)
def test_no_file_raises_anything_but_a_content_error(
    tmp_path: Path, prompt: bytes, rubric: bytes, structures: bytes
) -> None:
    write_bank(tmp_path)
    for which, content in {
        "prompts/mean": prompt,
        "rubrics/mean": rubric,
        "rubrics/structures": structures,
    }.items():
        (tmp_path / f"{which}.toml").write_bytes(content)
        problems: tuple[str, ...] = ()
        try:
            load_bank([tmp_path])
        except ContentError as error:
            problems = error.problems
        assert all(line.startswith(("prompts/", "rubrics/")) for line in problems)


def test_a_mistake_in_a_file_of_ones_own_leaves_that_question_out_and_says_why(tmp_path: Path) -> None:
    shipped, own = write_bank(tmp_path / "shipped"), tmp_path / "own"
    write_own(own, "good", RUBRIC)
    write_own(own, "bad", RUBRIC.replace("weight = 2\n", "weight = -2\n"))

    bank = load_usable([shipped, own])

    assert [question.id for question in bank.questions] == ["good", "mean"]
    (problem,) = bank.left_out
    assert problem.startswith(f"{own}/rubrics/bad.toml: points[0].weight: ")
    assert bank.left_out_note.startswith(f"Left out until it is mended: {own}/rubrics/bad.toml: points[0]")
    assert bank.left_out_note.endswith("`voicecoach check` lists all.")
    assert problems_of(shipped, own) == bank.left_out


def test_what_a_broken_file_would_have_replaced_is_there_again(tmp_path: Path) -> None:
    shipped, own = write_bank(tmp_path / "shipped"), tmp_path / "own"
    write_own(own, "mean", "= no toml")

    bank = load_usable([shipped, own])

    assert bank.find("mean") == load_bank([shipped]).find("mean")
    assert len(bank.left_out) == 1


@pytest.mark.parametrize(
    "file", ["prompts/training.toml", "rubrics/structures.toml", "rubrics/warnings.toml"]
)
def test_broken_rounds_structures_and_warnings_of_ones_own_are_passed_over(tmp_path: Path, file: str) -> None:
    shipped, own = write_bank(tmp_path / "shipped"), tmp_path / "own"
    write_own(own, "good", RUBRIC)
    (own / f"{file}.toml").write_text("= no toml", "utf-8")

    bank = load_usable([shipped, own])

    assert [question.id for question in bank.questions] == ["good", "mean"]
    assert bank.left_out[0].startswith(f"{own}/{file}.toml: ")


def test_structures_of_ones_own_that_spoil_what_ships_are_passed_over(tmp_path: Path) -> None:
    shipped, own = write_bank(tmp_path / "shipped"), tmp_path / "own"
    (own / "rubrics").mkdir(parents=True)
    (own / "rubrics" / "structures.toml").write_text(
        STRUCTURES.replace('id = "use"', 'id = "apply"'), "utf-8"
    )

    bank = load_usable([shipped, own])

    assert [question.id for question in bank.questions] == ["mean"]
    assert bank.structures == load_bank([shipped]).structures
    assert "no beat of the structure" in bank.left_out[0]


def test_the_last_of_several_banks_gives_way_first(tmp_path: Path) -> None:
    shipped, own, asked_for = write_bank(tmp_path / "shipped"), tmp_path / "own", tmp_path / "flag"
    write_own(own, "mine", RUBRIC)
    write_own(asked_for, "mine", "= no toml")

    bank = load_usable([shipped, own, asked_for])

    assert [question.id for question in bank.questions] == ["mean", "mine"]
    assert [problem.partition(":")[0] for problem in bank.left_out] == [f"{asked_for}/rubrics/mine.toml"]


def test_what_ships_is_never_passed_over(tmp_path: Path) -> None:
    shipped, own = write_bank(tmp_path / "shipped", rubric="= no toml"), tmp_path / "own"
    write_own(own, "good", RUBRIC)
    write_own(own, "bad", "= no toml")

    with pytest.raises(ContentError) as caught:
        load_usable([shipped, own])

    assert caught.value.problems == problems_of(shipped, own)


def test_a_sound_bank_leaves_nothing_out(tmp_path: Path) -> None:
    bank = load_usable([write_bank(tmp_path)])

    assert bank == load_bank([tmp_path])
    assert (bank.left_out, bank.left_out_note) == ((), "")


def write_own(folder: Path, name: str, rubric: str) -> None:
    """A question of one's own, in the structure that ships."""
    for room, key, text in (("prompts", "id", PROMPT), ("rubrics", "question", rubric)):
        (folder / room).mkdir(parents=True, exist_ok=True)
        named = text.replace(f'{key} = "mean"', f'{key} = "{name}"')
        (folder / room / f"{name}.toml").write_text(named, "utf-8")
