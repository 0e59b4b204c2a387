import stat
from dataclasses import replace
from pathlib import Path

import pytest

from voicecoach.content.check import lint
from voicecoach.content.loader import load_bank
from voicecoach.content.model import Bank, Question
from voicecoach.content.project import (
    GUIDES,
    BeatPlan,
    Project,
    label_of,
    new_id,
    project_of,
    projects_of,
    seconds_to_say,
    split_statements,
)
from voicecoach.content.project_files import DELETED, ProjectStore
from voicecoach.errors import AuthoringError, ChangedFileError

CHECKOUT = Path(__file__).resolve().parents[2]

SAID = {
    "problem": ("Customers left without warning, which cost 2 million a year",),
    "data-and-label": ("18 months of shipment logs", "The label was no shipment within 60 days"),
    "modelling": ('I chose "trees" over a network',),
    "evaluation": ("Recall at the top 500 customers went from 38% to 61%",),
    "lesson": ("Define the label with sales on day one",),
}
CHURN = Project(
    "project-churn",
    "Churn at a parcel company",
    tuple(BeatPlan(guide.beat, SAID.get(guide.beat, ())) for guide in GUIDES),
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def store(own: Path) -> ProjectStore:
    store = ProjectStore(own)
    store.save(CHURN, store.version(CHURN.id))
    return store


def bank_of(own: Path) -> Bank:
    shipped = own.parent / "shipped"
    for room, name in (
        ("prompts", "project-walkthrough"),
        ("rubrics", "project-walkthrough"),
        ("rubrics", "structures"),
    ):
        (shipped / room).mkdir(parents=True, exist_ok=True)
        (shipped / room / f"{name}.toml").write_bytes((CHECKOUT / room / f"{name}.toml").read_bytes())
    return load_bank([shipped, own])


def question_of(own: Path) -> Question:
    question = bank_of(own).find(CHURN.id)
    assert question is not None
    return question


def rubric_of(own: Path) -> Path:
    return own / "rubrics" / f"{CHURN.id}.toml"


def with_beat(project: Project, beat: str, *statements: str) -> Project:
    return replace(
        project,
        beats=tuple(BeatPlan(plan.beat, statements) if plan.beat == beat else plan for plan in project.beats),
    )


def test_the_guides_are_the_walkthroughs_beats_and_their_sentences_are_its_shares(
    own: Path, store: ProjectStore
) -> None:
    structure = question_of(own).structure

    assert [guide.beat for guide in GUIDES] == [beat.id for beat in structure.beats]
    for guide, beat in zip(GUIDES, structure.beats, strict=True):
        fewest, most = (2, 3) if guide.sentences.startswith("two") else (1, 1)
        # At 150 words a minute, sentences of 18 to 35 words fill a beat of 75 seconds in all.
        assert 18 * fewest <= 75 * 2.5 * beat.share <= 35 * most


def test_what_is_saved_is_read_back_whole_from_a_question_like_any_other(
    own: Path, store: ProjectStore
) -> None:
    bank = bank_of(own)
    question = question_of(own)

    assert project_of(question) == CHURN
    assert projects_of(bank) == (CHURN,), "a shipped walkthrough is nobody's project"
    assert question.structure.id == "walkthrough"
    assert len({point.id for point in question.points}) == len(CHURN.statements)
    assert all(len(point.label) <= 48 for point in question.points)
    assert "sixty one percent" in " ".join(question.points[4].phrasings)
    assert question.model_answer.startswith("Customers left without warning")
    assert {follow_up.point for follow_up in question.follow_ups} == {
        question.points[i].id for i in (0, 1, 3, 4, 5)
    }
    assert [f for f in lint(bank) if CHURN.id in f.place and f.severity == "error"] == []


def test_both_files_are_their_owners_alone(own: Path, store: ProjectStore) -> None:
    for path in own.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    assert not list(own.rglob("*.partial"))


def test_a_window_written_by_hand_is_the_projects(own: Path, store: ProjectStore) -> None:
    prompt = own / "prompts" / f"{CHURN.id}.toml"
    prompt.write_text(prompt.read_text("utf-8").replace("[60, 90]", "[120, 180]"), "utf-8")

    found = project_of(question_of(own))

    assert found is not None
    assert found.target_s == (120, 180)


def test_saving_again_changes_nothing(own: Path, store: ProjectStore) -> None:
    before = {path: path.read_bytes() for path in own.rglob("*.toml")}
    store.save(CHURN, store.version(CHURN.id))
    assert {path: path.read_bytes() for path in own.rglob("*.toml")} == before


def test_what_was_added_by_hand_stays_when_a_statement_is_reworded(own: Path, store: ProjectStore) -> None:
    rubric = rubric_of(own)
    by_hand = (
        'weight = 2.5\n# mine\nstatement = "18 months of shipment logs"  # two plants\n'
        'phrasings = ["a year and a half of logs"]\n'
        '[[points.contrasts]]\nphrasings = ["there was no data"]\nwhy = "There was."\n'
    )
    text = rubric.read_text("utf-8").replace(
        'weight = 1.0\nstatement = "18 months of shipment logs"\n', by_hand
    )
    text += '\n[[points]]\nid = "team"\nlabel = "Name the team"\nbeat = "impact"\nweight = 0.5\n'
    text += 'phrasings = ["we were three"]\n'
    rubric.write_text(text, "utf-8")
    kept = question_of(own).points[1]

    changed = with_beat(
        CHURN, "data-and-label", "18 months of logs of every shipment", CHURN.beats[1].statements[1]
    )
    store.save(with_beat(changed, "problem"), store.version(CHURN.id))

    points = {point.id: point for point in question_of(own).points}
    assert points[kept.id].statement == "18 months of logs of every shipment"
    assert points[kept.id].weight == 2.5
    assert points[kept.id].contrasts == kept.contrasts
    assert "a year and a half of logs" in points[kept.id].phrasings
    assert points["team"].phrasings == ("we were three",)
    assert "# mine" in rubric.read_text("utf-8")
    assert "# two plants" in rubric.read_text("utf-8")
    assert project_of(question_of(own)) == with_beat(changed, "problem")


def test_a_statement_edited_by_hand_is_what_the_editor_and_the_judge_see(
    own: Path, store: ProjectStore
) -> None:
    rubric = rubric_of(own)
    rubric.write_text(rubric.read_text("utf-8").replace("to 61%", "to 64%"), "utf-8")

    question = question_of(own)

    assert project_of(question) == with_beat(
        CHURN, "evaluation", "Recall at the top 500 customers went from 38% to 64%"
    )
    assert "sixty four percent" in question.points[4].phrasings[1]


def test_follow_ups_on_points_that_are_gone_go_too(own: Path, store: ProjectStore) -> None:
    first, second = question_of(own).points[:2]
    prompt = own / "prompts" / f"{CHURN.id}.toml"
    asks = ", ".join(f'{{ point = "{point.id}", ask = "Why?" }}' for point in (first, second))
    prompt.write_text(f"{prompt.read_text('utf-8')}\nfollow_ups = [{asks}]\n", "utf-8")

    store.save(with_beat(CHURN, "problem"), store.version(CHURN.id))

    assert [follow_up.point for follow_up in question_of(own).follow_ups] == [second.id]


def test_a_new_title_changes_the_question_unless_it_was_written_by_hand(
    own: Path, store: ProjectStore
) -> None:
    store.save(replace(CHURN, title="Parcels"), None)
    assert question_of(own).text == "Walk me through this project of yours: Parcels."
    prompt = own / "prompts" / f"{CHURN.id}.toml"
    prompt.write_text(prompt.read_text("utf-8").replace("Walk me", "Please walk me"), "utf-8")

    store.save(CHURN, None)

    assert question_of(own).text == "Please walk me through this project of yours: Parcels."
    assert question_of(own).title == CHURN.title


@pytest.mark.parametrize(
    "statement", ["I ran an A/B test", "Precision/recall at 5% of $2 million", "Cut it from 9 to 7%"]
)
def test_a_statement_with_symbols_is_no_mistake_and_what_is_made_of_it_is_not_checked(
    own: Path, store: ProjectStore, statement: str
) -> None:
    store.save(with_beat(CHURN, "impact", statement), None)
    place = {f"{room}/{CHURN.id}.toml" for room in ("prompts", "rubrics")}

    assert [found for found in lint(bank_of(own)) if found.place in place and found.key != "points"] == []


def test_what_is_written_beside_a_statement_is_told_at_its_key(own: Path, store: ProjectStore) -> None:
    rubric = rubric_of(own)
    statement = 'statement = "18 months of shipment logs"\n'
    rubric.write_text(
        rubric.read_text("utf-8").replace(
            statement, f'{statement}phrasings = ["many logs", "Many logs!", "18 months of shipment logs."]\n'
        ),
        "utf-8",
    )

    errors = [found for found in lint(bank_of(own)) if found.severity == "error"]

    assert [(found.key, found.message.partition(":")[0]) for found in errors] == [
        ("points[1].phrasings[1]", "says the same as points[1].phrasings[0]"),
        ("points[1].phrasings[2]", "says the same as points[1].statement"),
    ]


def test_files_changed_meanwhile_are_not_written_over_unasked(own: Path, store: ProjectStore) -> None:
    opened = store.version(CHURN.id)
    rubric = rubric_of(own)
    rubric.write_text(rubric.read_text("utf-8") + "\n# by hand\n", "utf-8")
    there = rubric.read_bytes()

    with pytest.raises(ChangedFileError, match="changed by something else"):
        store.save(with_beat(CHURN, "impact", "Churn fell"), opened)
    assert rubric.read_bytes() == there

    store.save(with_beat(CHURN, "impact", "Churn fell"), None)
    assert project_of(question_of(own)) == with_beat(CHURN, "impact", "Churn fell")


def test_what_cannot_be_kept_or_read_is_one_line_and_nothing_is_written(
    own: Path, store: ProjectStore
) -> None:
    before = rubric_of(own).read_bytes()
    with pytest.raises(AuthoringError, match="control character"):
        store.save(with_beat(CHURN, "impact", "a\x00b"), None)
    with pytest.raises(AuthoringError, match="points"):
        store.save(replace(CHURN, beats=()), None)
    assert rubric_of(own).read_bytes() == before
    rubric_of(own).write_text("[[[", "utf-8")
    with pytest.raises(AuthoringError, match="cannot be read"):
        store.save(CHURN, None)


def test_points_written_on_one_line_each_take_another_beside_them(own: Path, store: ProjectStore) -> None:
    rubric = rubric_of(own)
    kept, *_ = question_of(own).points
    rubric.write_text(
        f'question = "{CHURN.id}"\npoints = [\n'
        f'  {{ id = "{kept.id}", beat = "problem", weight = 2.5, statement = "{kept.statement}", '
        'phrasings = ["people left"], contrasts = [{ phrasings = ["nobody left"], why = "They did." }] },\n'
        "]\n",
        "utf-8",
    )
    there = project_of(question_of(own))
    assert there is not None

    store.save(with_beat(there, "impact", "Churn fell"), store.version(CHURN.id))

    first, second = question_of(own).points
    assert (first.id, first.weight, first.statement) == (kept.id, 2.5, kept.statement)
    assert "people left" in first.phrasings
    assert first.contrasts[0].why == "They did."
    assert second.statement == "Churn fell"


@pytest.mark.parametrize("points", ['"x"', '["x"]', "5", '[{ beat = "problem" }]', "{ id = 1 }"])
def test_a_half_written_rubric_is_one_line(own: Path, store: ProjectStore, points: str) -> None:
    rubric = rubric_of(own)
    rubric.write_text(f'question = "{CHURN.id}"\npoints = {points}\n', "utf-8")
    there = rubric.read_bytes()

    with pytest.raises(AuthoringError, match="cannot be read"):
        store.save(CHURN, None)

    assert rubric.read_bytes() == there


def test_spoken_lines_of_points_that_are_gone_are_put_aside(own: Path, store: ProjectStore) -> None:
    first, second = question_of(own).points[:2]
    spoken = own / "rubrics" / "spoken" / f"{CHURN.id}.txt"
    spoken.parent.mkdir()
    spoken.write_text(
        f"## mine\n[+{first.id} ~{second.id}] they left [all]\n\n[+{second.id}] logs\n"
        f"[-{first.id}] they stayed\n",
        "utf-8",
    )

    store.save(with_beat(CHURN, "problem"), store.version(CHURN.id))

    assert spoken.read_text("utf-8") == (
        f"## mine\n# [+{first.id} ~{second.id}] they left [all]\n\n[+{second.id}] logs\n"
        f"# [-{first.id}] they stayed\n"
    )
    assert question_of(own).points[0].spoken == ("logs",)
    assert question_of(own).remarks == (), "what is put aside is read as nothing"
    assert not list(own.rglob("*.partial"))


def lay_beside(own: Path) -> None:
    """Spoken lines and a recording, as a person may put them there."""
    (own / "rubrics" / "spoken").mkdir()
    (own / "rubrics" / "spoken" / f"{CHURN.id}.txt").write_text("## mine\n[] hello\n", "utf-8")
    (own / "prompts" / f"{CHURN.id}.wav").write_bytes(b"RIFF")


def test_deleting_takes_what_lies_beside_the_files_too(own: Path, store: ProjectStore) -> None:
    lay_beside(own)
    store.delete(CHURN.id)
    assert not [path for path in own.rglob("*") if path.is_file()]


def test_a_deletion_that_was_killed_takes_what_lies_beside_the_files_too(
    own: Path, store: ProjectStore
) -> None:
    lay_beside(own)
    prompt = own / "prompts" / f"{CHURN.id}.toml"
    prompt.rename(prompt.with_name(prompt.name + DELETED))
    store.finish()
    assert not [path for path in own.rglob("*") if path.is_file()]


def test_a_prompt_that_its_owner_put_aside_is_no_deletion(own: Path, store: ProjectStore) -> None:
    prompt = own / "prompts" / f"{CHURN.id}.toml"
    prompt.rename(prompt.with_name(prompt.name + ".deleted"))
    store.finish()
    assert rubric_of(own).exists()


def test_what_was_left_beside_a_project_keeps_its_id_from_the_next(own: Path, store: ProjectStore) -> None:
    lay_beside(own)
    for room in ("prompts", "rubrics"):
        (own / room / f"{CHURN.id}.toml").unlink()
    assert store.ids() == {CHURN.id}
    (own / "rubrics" / "spoken" / f"{CHURN.id}.txt").unlink()
    assert store.ids() == {CHURN.id}


def test_a_kill_between_the_two_files_leaves_a_bank_that_loads(own: Path, store: ProjectStore) -> None:
    rubric, prompt = rubric_of(own), own / "prompts" / f"{CHURN.id}.toml"
    rubric.rename(rubric.with_name(rubric.name + ".partial"))  # the prompt was in place already
    store.finish()
    assert project_of(question_of(own)) == CHURN

    prompt.rename(prompt.with_name(prompt.name + DELETED))
    store.finish()
    assert not [path for path in own.rglob("*") if path.is_file()]


def test_deleting_takes_both_files(own: Path, store: ProjectStore) -> None:
    store.delete(CHURN.id)
    assert not [path for path in own.rglob("*") if path.is_file()]
    assert bank_of(own).find(CHURN.id) is None


def test_a_line_with_several_sentences_is_several_statements() -> None:
    text = "We had logs, e.g. Clicks. The label was a sale!\n\n  one   more, with 0.5 in it\n"
    assert split_statements(text) == (
        "We had logs, e.g. Clicks.",
        "The label was a sale!",
        "one more, with 0.5 in it",
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Led by Dr. Smith at Acme Inc. Berlin",
        "It served the U.S. Customers first",
        "J. Smith had the idea",
        "The lift is in fig. 3 of the paper",
        "I asked a Ph.D. She knew",
    ],
)
def test_names_and_abbreviations_do_not_end_a_sentence(sentence: str) -> None:
    assert split_statements(f"{sentence}. We used AUC. It rose") == (
        f"{sentence}.",
        "We used AUC.",
        "It rose",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("I wrote it in R.", "The baseline was a rule"),
        ("We tested group A against group B.", "Group B won"),
        ("We fell back to plan B.", "Churn fell"),
        ("It was for Acme Inc.", "I built the features"),
    ],
)
def test_a_capital_letter_or_an_abbreviation_may_end_a_sentence(first: str, second: str) -> None:
    assert split_statements(f"{first} {second}") == (first, second)


def test_numbers_take_as_long_as_their_words() -> None:
    assert seconds_to_say("from 62% to 71%") == seconds_to_say(
        "from sixty two percent to seventy one percent"
    )


def test_ids_come_from_titles_in_any_script_and_are_free() -> None:
    assert new_id("Churn at a Parcel company!", ()) == "project-churn-at-a-parcel-company"
    assert new_id("Прогноз", {"project"}) == "project-2"
    assert len(new_id("x" * 500, ())) <= 100


def test_a_label_is_cut_between_words() -> None:
    label = label_of("Recall at the top 500 customers went from 38% with the rule to 61%")
    assert label.endswith("…")
    assert len(label) <= 48


def test_what_a_terminal_pastes_along_is_not_kept() -> None:
    text = "I\tbuilt\x07 it\n\x1b[31mRecall rose\x1b[0m to 71%"
    assert split_statements(text) == ("I built it", "Recall rose to 71%")
