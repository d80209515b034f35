"""The workbook in a real browser: taken away, filled in, brought back over a change, applied."""

from pathlib import Path

import pytest

from ncpi.selfassessment.models import Judgement
from tests.browsers import sign_in
from tests.factories import judge, make_inspection, make_self_assessment, make_user
from tests.selfassessment.workbooks import typed_into

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_return_filled_in_offline_comes_back_over_what_was_saved_meanwhile(page, axe, tmp_path):
    inspection = make_inspection()
    first, second, *_ = make_self_assessment(inspection)
    lead = make_user("lead", force=inspection.force)
    sign_in(page, lead)
    page.goto(f"/inspections/{inspection.ref}/self-assessment")
    page.get_by_role("link", name="Fill in offline").click()
    found = axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Take the workbook away").click()
    taken = Path(download.value.path()).read_bytes()
    judge(first, by=make_user("lead", force=inspection.force), narrative="Saved online meanwhile.")
    judge(second, by=make_user("lead", force=inspection.force), narrative="Saved online, too.")
    filled = tmp_path / "Return.xlsx"
    filled.write_bytes(
        typed_into(taken, {"G2": "Typed offline.", "G3": "Typed offline, too.", "J2": "A plan.", "F4": "Splendid"})
    )

    page.get_by_label("Workbook that you filled in").set_input_files(filled)
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_text("Judgements!F4 must be one of").wait_for()
    found += axe(page)
    filled.write_bytes(typed_into(filled.read_bytes(), {"F4": "Good"}))
    page.get_by_label("Workbook that you filled in").set_input_files(filled)
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="What the workbook would change").wait_for()
    found += axe(page)
    page.get_by_label("Replace what is saved in G3").check()
    page.get_by_role("button", name="Apply these changes").click()
    page.get_by_text("3 cells of 3 criteria changed.").wait_for()

    rows = Judgement.objects.filter(inspection=inspection).exclude(version=1).in_order()
    assert [(row.narrative, row.plan, row.grade.key) for row in rows] == [
        ("Saved online meanwhile.", "A plan.", "good"),
        ("Typed offline, too.", "", "good"),
        ("", "", "good"),
    ]
    assert found == []
