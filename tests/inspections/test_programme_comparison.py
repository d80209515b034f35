"""Two programmes side by side; grades are never mapped."""

import shutil
from pathlib import Path

from ncpi.inspections import programme_files
from ncpi.inspections.programme_comparison import FieldChange, ItemChange, compare
from ncpi.inspections.programme_files import load_programme

SHIPPED = Path(programme_files.__file__).with_name("programmes")


def section(comparison, name):
    return next(part for part in comparison.sections if part.section == name)


def test_a_programme_compared_with_itself_differs_in_nothing():
    programme = load_programme(SHIPPED / "ncpi-2020")

    found = compare(programme, programme)

    assert found.identical
    assert found.grades_comparable
    assert found.headline == ()
    assert [(part.only_first, part.only_second, part.changed) for part in found.sections] == [((), (), ())] * 7
    assert section(found, "criteria").same == 37


def test_grades_of_two_programmes_are_not_comparable_even_where_they_share_a_word():
    found = compare(load_programme(SHIPPED / "ncpi-2020"), load_programme(SHIPPED / "ncpi-2024"))

    assert not found.identical
    assert not found.grades_comparable
    assert section(found, "grades").only_second == (("outstanding", "Outstanding"),)
    assert (len(section(found, "criteria").only_first), len(section(found, "criteria").only_second)) == (37, 19)
    assert FieldChange("graded", "case", "topic") in found.headline
    assert FieldChange("switches.case_audit_asked.on", "Yes", "No") in found.headline


def test_a_corrected_edition_shows_exactly_what_was_corrected(tmp_path):
    folder = Path(shutil.copytree(SHIPPED / "ncpi-2020", tmp_path / "ncpi-2020"))
    for file, old, new in [
        ("programme.yaml", "edition: 1", "edition: 2"),
        ("deadlines.yaml", "days: 42", "days: 43"),
        ("criteria.yaml", 'title: "No drift"', 'title: "No delay"'),
    ]:
        text = (folder / file).read_text()
        (folder / file).write_text(text.replace(old, new, 1))

    found = compare(load_programme(SHIPPED / "ncpi-2020"), load_programme(folder))

    assert found.headline == (FieldChange("edition", "1", "2"),)
    assert [change for part in found.sections for change in part.changed] == [
        ItemChange("C20-INV-2", "No delay", (FieldChange("title", "No drift", "No delay"),)),
        ItemChange("action_plan", "Force's action plan is due", (FieldChange("days", "42", "43"),)),
    ]
    assert found.grades_comparable
