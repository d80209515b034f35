"""A whole audit of cases in browsers: 100,000 rows, a draw that a shell redoes, three auditors, two of them blind."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from django.urls import reverse

from audits.figure_operations import publish_figures
from audits.models import Audit, Capacity, Moderation
from cases.models import Candidate, Case, Frame, Sample
from ncpi.board.models import Figure
from tests.audits.factories import AT, fill, grade_of
from tests.audits.test_browser import saved
from tests.browsers import PATIENCE, sign_in
from tests.factories import client_of, make_extract, make_force, make_inspection, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.worker]

# A file for each of 100,000 rows: in memory where the machine has such a folder.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
SEED = "dice 4 1 6 of 14 June"
# None of this program's own lines: the order is the digest of seed and reference, the first of each type are drawn.
REDRAW = r"""
mkdir keys
tail -n +2 frame.csv | awk -F, '{ f = sprintf("keys/%06d", NR); printf "%s|%s", ENVIRON["SEED"], $1 > f; close(f) }'
(cd keys && ls | xargs sha256sum) | cut -d' ' -f1 | paste -d, - rows.csv | sort > order.csv
rm -r keys
while IFS=, read -r size type; do grep ",$type\$" order.csv | head -n "$size" | cut -d, -f2; done < plan.csv | sort
"""


@pytest.fixture
def window(browser, live_server):
    """`window(user)` is a page in a browser profile of the person's own, signed in."""
    opened = []

    def of(user):
        context = browser.new_context(base_url=live_server.url)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        sign_in(page, user)
        return page

    yield of
    for context in opened:
        context.close()


def import_and_draw(page, root, file):
    """As the co-ordinator: bring the file, have the worker check and keep it, freeze, plan, draw, allocate."""
    page.goto(f"{root}/sample/import")
    page.get_by_label("Case extract (CSV or Excel)").set_input_files(file)
    page.get_by_role("button", name="Bring the file in").click()
    page.get_by_role("button", name="Check and import").click()
    page.get_by_role("link", name="See the result").click(timeout=3 * PATIENCE)
    page.get_by_role("button", name="Look at frame 1").click()
    page.get_by_role("button", name="Freeze the frame").click()
    page.get_by_role("link", name="Fix the plan").click()
    page.get_by_role("button", name="Fix the plan").click()
    page.get_by_label("Seed").fill(SEED)
    page.get_by_role("button", name="Draw the sample").click()
    page.get_by_role("link", name="See the cases").wait_for()
    page.goto(f"{root}/allocation")
    page.get_by_role("button", name="Allocate what is left").click()
    page.get_by_text("allocated").first.wait_for()


def redrawn(frame):
    """Draw again from the frame's canonical form and the plan, by shell and sha256sum alone."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        return redrawn_in(Path(folder), frame)


def redrawn_in(folder, frame):
    sizes = Sample.objects.get().plan.values_list("size", "case_type__key")
    (folder / "frame.csv").write_bytes(frame)
    (folder / "rows.csv").write_bytes(frame.split(b"\n", 1)[1])
    (folder / "plan.csv").write_text("".join(f"{size},{key}\n" for size, key in sizes if size))
    surroundings = os.environ | {"LC_ALL": "C", "SEED": SEED}
    done = subprocess.run(
        ["sh", "-eu", "-c", REDRAW], cwd=folder, env=surroundings, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def opened(page, root, audit):
    page.goto(f"{root}/audits/{audit.pk}")
    page.get_by_role("heading", name=f"Case {audit.case.code}").wait_for()
    return page.content()


def grade(page, root, audit, key, reason):
    """As the auditor: change an answer by keyboard, choose the grade, say why, hand in."""
    fill(audit)
    opened(page, root, audit)
    page.keyboard.press("j")
    page.keyboard.press("2")
    saved(page)
    page.locator(f"input[name=grade][value='{grade_of(audit.inspection, key).pk}']").check(force=True)
    page.get_by_label("Reason for the grade").fill(reason)
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("Audit handed in.").wait_for()


def audits_of(case):
    return [Audit.objects.get(case=case, capacity=capacity) for capacity in Capacity.of_auditors()]


def test_from_100_000_rows_to_figures_which_no_other_force_sees(celery_worker_process, page, window, tmp_path):
    force = make_force()
    inspection, root = make_inspection(force), ""
    root = f"/inspections/{inspection.ref}"
    coordinator = make_user("coordinator", force=force)
    people = {user.pk: user for user in (make_user("auditor", force=force) for _ in range(3))}
    extract = make_extract(each=11_111) + b"\nFNLAST/21,missing,North,Team 1,2021-01-01,,"
    (tmp_path / "extract.csv").write_bytes(extract)
    sign_in(page, coordinator)

    import_and_draw(page, root, tmp_path / "extract.csv")
    frame = page.request.get(f"{root}/sample/frames/1/frame.csv").body()
    drawn = list(Case.objects.order_by("candidate__reference").values_list("candidate__reference", flat=True))

    assert (Frame.objects.get().rows, Candidate.objects.count(), len(drawn)) == (100_000, 100_000, 33)
    assert redrawn(frame) == sorted(drawn)

    agreed, disputed = Case.objects.filter(audits__capacity="second").order_by("pk")[:2]
    windows = {pk: window(user) for pk, user in people.items()}
    for case, (mine, theirs) in ((agreed, ("good", "good")), (disputed, ("good", "inadequate"))):
        first, second = audits_of(case)
        grade(windows[first.auditor_id], root, first, mine, "What only the first auditor wrote.")
        seen = opened(windows[second.auditor_id], root, second)
        assert ("What only the first" in seen, " checked" in seen, windows[second.auditor_id].request.get(
            f"{root}/audits/{first.pk}").status) == (False, False, 404)  # fmt: skip
        grade(windows[second.auditor_id], root, second, theirs, "What the second auditor wrote.")
    busy = {audit.auditor_id for audit in audits_of(agreed)}
    third = Audit.objects.exclude(auditor__in=busy).filter(capacity="first", state="allocated").order_by("pk").first()
    grade(windows[third.auditor_id], root, third, "requires_improvement", "What the third auditor wrote.")

    rules = dict(Moderation.objects.values_list("case", "rule"))
    moderation = window(make_user("moderator", force=force))
    moderation.goto(f"{root}/moderation")
    listed = [code for code in Case.objects.values_list("code", flat=True) if code in moderation.content()]
    publish_figures(by=coordinator, inspection=inspection, as_at=AT)
    counted = Figure.objects.filter(measure="audit_grade", area="").values_list("breakdown", "numerator")
    assert (rules.get(agreed.pk), rules.get(disputed.pk), listed) == ("equal", None, [disputed.code])
    assert dict(counted) == {"good": 1, "requires_improvement": 1, "inadequate": 0}
    assert what_another_force_sees(inspection, third, disputed) == []


def what_another_force_sees(inspection, audit, case):
    """Ask for everything as somebody of another force who holds every role of the audit there."""
    stranger = client_of(
        make_user("coordinator", "auditor", "moderator", "chief_officer", force=make_force("Wolden Police"))
    )
    names = ["sample", "draw-json", "list", "list-csv", "list-xlsx"]
    found = [reverse(f"cases:{name}", args=[inspection.ref]) for name in names]
    found += [reverse(f"cases:{name}", args=[inspection.ref, 1]) for name in ("frame", "frame-csv", "certificate")]
    found += [reverse(f"cases:{name}", args=[inspection.ref, case.code]) for name in ("case", "replace")]
    names = ["my-cases", "allocation", "moderation", "agreement", "concerns", "findings", "guidance", "feedback-list"]
    found += [reverse(f"audits:{name}", args=[inspection.ref]) for name in names]
    found += [reverse("audits:audit", args=[inspection.ref, audit.pk])]
    found += [reverse("audits:moderate", args=[inspection.ref, case.code])]
    return [(address, status) for address in found if (status := stranger.get(address).status_code) != 404]
