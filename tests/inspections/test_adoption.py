"""From files to rows, once and for good."""

import shutil
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction

from ncpi.accounts.models import JournalEntry
from ncpi.inspections import demo, operations, programme_files
from ncpi.inspections.models import Criterion, Programme
from ncpi.inspections.programme_content import from_content
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("nothing_adopted")


def found(key="ncpi-2020"):
    return programme_files.load_programme(demo.PROGRAMMES / key)


def adopted(key="ncpi-2020"):
    return operations.adopt_programme(by=None, found=found(key), at=NOW)


def test_every_item_of_the_files_becomes_a_row():
    programme = adopted()

    assert programme.areas.count() == 9
    assert Counter(Criterion.objects.filter(area__programme=programme).values_list("basis", flat=True)) == {
        "text": 6,
        "reports": 28,
        "recalled": 3,
    }
    assert sum(programme.case_types.values_list("default_sample", flat=True)) == 33
    assert programme.questions.count() == 52
    assert programme.questions.filter(case_type=None).count() == 15
    assert programme.session_kinds.count() == 20
    assert programme.deadline_rules.count() == 14


def test_the_scale_offers_only_grades_that_can_be_given_best_first():
    programme = adopted()

    assert list(programme.grades.order_by("order").values_list("order", "key", "is_good_side")) == [
        (1, "good", True),
        (2, "requires_improvement", False),
        (3, "inadequate", False),
    ]


def test_the_topic_graded_scale_has_five_grades_and_asks_for_no_return():
    programme = adopted("ncpi-2024")

    assert list(programme.grades.order_by("order").values_list("key", flat=True)) == [
        "outstanding",
        "good",
        "adequate",
        "requires_improvement",
        "inadequate",
    ]
    assert (programme.graded, programme.self_assessment_asked, programme.case_audit_asked) == ("topic", False, False)


def test_a_session_kind_that_covers_an_area_covers_each_of_its_criteria():
    kind = adopted().session_kinds.get(key="custody")

    assert list(kind.areas.values_list("key", flat=True)) == ["C20-DET"]
    assert sorted(kind.criteria.values_list("key", flat=True)) == ["C20-DET-1", "C20-DET-2", "C20-DET-3"]


def test_what_was_adopted_can_be_read_back_whole():
    programme = adopted()
    programme.refresh_from_db()

    assert from_content(programme.content) == found()
    assert from_content(programme.content).digest == programme.digest


def test_adopting_leaves_a_line_in_the_journal_with_the_digest():
    programme = adopted()

    entry = JournalEntry.objects.get()

    assert (entry.verb, entry.subject_id, entry.detail) == ("adopted", programme.pk, programme.digest)


def test_adopting_the_same_files_twice_is_said_and_writes_nothing():
    adopted()

    with pytest.raises(operations.AlreadyAdopted):
        adopted()

    assert Programme.objects.count() == 1


@pytest.fixture
def corrected(tmp_path):
    folder = Path(shutil.copytree(demo.PROGRAMMES / "ncpi-2020", tmp_path / "ncpi-2020"))
    file = folder / "criteria.yaml"
    file.write_text(file.read_text().replace('title: "No drift"', 'title: "No delay"'))
    return folder


def test_changed_files_under_the_same_edition_are_refused(corrected):
    adopted()

    with pytest.raises(operations.EditionChanged):
        operations.adopt_programme(by=None, found=programme_files.load_programme(corrected), at=NOW)

    assert Criterion.objects.get(key="C20-INV-2").title == "No drift"


def test_a_corrected_programme_is_a_new_edition_beside_the_old_one(corrected):
    adopted()
    head = corrected / "programme.yaml"
    head.write_text(head.read_text().replace("edition: 1", "edition: 2"))

    operations.adopt_programme(by=None, found=programme_files.load_programme(corrected), at=NOW)

    assert list(Criterion.objects.filter(key="C20-INV-2").order_by("pk").values_list("title", flat=True)) == [
        "No drift",
        "No delay",
    ]


@pytest.mark.parametrize("change", [lambda row: row.save(), lambda row: row.delete()])
def test_the_database_itself_refuses_to_change_what_was_adopted(change):
    criterion = adopted().areas.first().criteria.first()

    with pytest.raises(InternalError, match="adopted_is_final"), transaction.atomic():
        change(criterion)


def test_the_command_adopts_all_that_ships_and_may_run_again():
    said = StringIO()

    call_command("adopt", "--all", stdout=said)
    call_command("adopt", "--all", stdout=said)

    assert [line.split(".")[0] for line in said.getvalue().splitlines()] == [
        "ncpi-2020, edition 1: adopted",
        "ncpi-2024, edition 1: adopted",
        "ncpi-2020, edition 1, has been adopted already",
        "ncpi-2024, edition 1, has been adopted already",
    ]


def test_the_command_names_every_mistake_and_adopts_nothing(corrected):
    (corrected / "grades.yaml").write_text("grades: 1\n")

    with pytest.raises(CommandError, match=r"grades.yaml line 1: file: 'grades' should be a list"):
        call_command("adopt", str(corrected))

    assert Programme.objects.count() == 0


def test_checking_writes_nothing():
    said = StringIO()

    call_command("adopt", str(demo.PROGRAMMES / "ncpi-2024"), "--check", stdout=said)

    assert said.getvalue() == f"ncpi-2024, edition 1: sound. Digest {found('ncpi-2024').digest}\n"
    assert Programme.objects.count() == 0


def test_the_command_refuses_changed_files_and_a_call_without_a_folder(corrected):
    adopted()

    with pytest.raises(CommandError, match="Give the changed files a new edition"):
        call_command("adopt", str(corrected))
    with pytest.raises(CommandError, match="Name a folder, or say --all"):
        call_command("adopt")
