import pytest

from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Bank, whole_id


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return load_bank(find_bank_folders(None, tmp_path_factory.mktemp("own")))


def test_an_id_names_the_points_that_are_asked_for(bank: Bank) -> None:
    whole = bank.find("define-precision")
    assert whole is not None
    last = whole.points[-1]
    part = bank.find(f"define-precision#{last.id}")
    assert part is not None
    assert part.points == (last,)
    assert part.is_narrowed
    assert not whole.is_narrowed
    assert [beat.id for beat in part.structure.beats] == [last.beat]
    assert whole_id(part.id) == whole.id
    assert part.is_definition


def test_points_come_in_the_rubrics_order_and_name_one_question(bank: Bank) -> None:
    whole = bank.find("imbalanced-data")
    assert whole is not None
    first, second = whole.points[0].id, whole.points[1].id
    part = whole.narrowed((second, first))
    assert part.id == f"imbalanced-data#{first}+{second}"
    assert bank.find(part.id) == part == bank.find(f"imbalanced-data#{second}+{first}")


def test_shares_of_the_beats_that_stay_sum_to_one_and_the_window_shrinks(bank: Bank) -> None:
    for question in bank.questions:
        for point in question.points:
            part = question.narrowed([point.id])
            assert sum(beat.share for beat in part.structure.beats) == pytest.approx(1)
            assert part.target_s[0] < part.target_s[1]
            assert part.target_s[1] <= question.target_s[1]


def test_one_point_is_asked_for_by_its_follow_up(bank: Bank) -> None:
    whole = bank.find("define-precision")
    assert whole is not None
    follow_up = whole.follow_ups[0]
    assert whole.narrowed([follow_up.point]).text == follow_up.ask


@pytest.mark.parametrize("named", ["define-precision#", "define-precision#nothing", "nothing#definition"])
def test_points_that_are_not_there_name_no_question(bank: Bank, named: str) -> None:
    assert bank.find(named) is None
