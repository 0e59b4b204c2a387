import json
from pathlib import Path

import numpy as np

from benchmarks.labelled import DATA
from benchmarks.projects import heard, specifics, tellings
from voicecoach.config import Paths, Settings
from voicecoach.content.project import split_statements
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.wiring import assemble

LINES = (DATA / "projects.jsonl").read_text("utf-8").splitlines()


def test_every_answer_has_two_labels_for_each_statement() -> None:
    for project in map(json.loads, LINES):
        assert project["set"] in ("development", "test")
        assert split_statements("\n".join(project["statements"])) == tuple(project["statements"])
        assert {*project["baselines"], *project["decisions"]} <= set(range(len(project["statements"])))
        for answer in project["answers"]:
            assert len(answer["said"]) == len(answer["second"]) == len(project["statements"])
            assert {*answer["said"], *answer["second"]} <= {0, 0.5, 1}


def test_what_is_told_of_a_project_in_other_words_is_likelier_than_what_is_not(tmp_path: Path) -> None:
    project = json.loads(LINES[0])
    wired = assemble(Settings(), Paths(tmp_path / "settings.toml", tmp_path / "data", tmp_path / "cache"))

    told = list(tellings(wired, project))
    plain = MiniLmEmbedder(adapted=False).encode
    found = [each for telling in told for each in heard(telling, plain)]

    said, unsaid = ([each.judged for each in found if each.said == label] for label in (1, 0))
    assert np.mean(said) > np.mean(unsaid) + 0.3
    # Read word by word, more of what was said is heard than by whole sentences alone.
    assert np.mean(said) > np.mean([each.by_sentence for each in found if each.said == 1])
    # What was told of the rules before and of the threshold is quoted, by whatever words.
    specific = [each for telling in told for each in specifics(telling)]
    assert {each.kind for each in specific} == {"baselines", "decisions"}
    assert np.mean([each.is_found for each in specific if each.is_told]) > 0.7
