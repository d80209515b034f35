"""The sample in a real browser, as the co-ordinator works through it."""

import pytest

from cases import tasks
from cases.models import Case, Sample
from ncpi.jobs.models import Job
from tests.browsers import sign_in
from tests.factories import make_extract, make_inspection, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def inspection():
    return make_inspection()


def test_from_the_extract_to_a_replaced_case(page, axe, inspection, tmp_path):
    (tmp_path / "extract.csv").write_bytes(make_extract(each=8))
    sign_in(page, make_user("coordinator", force=inspection.force))
    page.goto(f"/inspections/{inspection.ref}/sample/")

    page.get_by_role("link", name="Import the extract").click()
    page.get_by_label("Case extract (CSV or Excel)").set_input_files(tmp_path / "extract.csv")
    page.get_by_role("button", name="Bring the file in").click()
    found = axe(page)
    page.get_by_role("button", name="Check and import").click()
    tasks.import_extract(job_id=Job.objects.get(kind="import_extract").pk)
    page.get_by_role("link", name="See the result").click()
    page.get_by_role("button", name="Look at frame 1").click()
    page.get_by_role("button", name="Freeze the frame").click()
    page.get_by_role("link", name="Fix the plan").click()
    page.get_by_role("button", name="Fix the plan").click()
    page.get_by_label("Seed").fill("dice 2 2 5")
    page.get_by_role("button", name="Draw the sample").click()
    found += axe(page)
    page.get_by_role("link", name="See the cases").click()
    case = Case.objects.get(case_type__key="missing", rank=1)
    page.get_by_role("link", name=case.code).click()
    page.get_by_role("link", name="Replace this case").click()
    page.get_by_label("Why can this case not be audited?").fill("Sealed by a court.")
    page.get_by_role("button", name="Replace this case").click()
    found += axe(page)

    assert found == []
    assert page.get_by_role("status").inner_text() == f"{case} replaced by Case {Case.objects.get(replaces=case).code}."
    assert (Sample.objects.get().seed, Case.objects.in_sample().count()) == ("dice 2 2 5", 33)
