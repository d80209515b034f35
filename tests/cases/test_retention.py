"""Keeping and erasing: two people, a legal hold, and nothing left behind but figures and a journal."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from audits import (
    allocation_operations,
    calibration_operations,
    concern_operations,
    feedback_operations,
    figure_operations,
    finding_operations,
    inspector_operations,
    operations,
)
from audits.models import Audit, Capacity, Concern, FurtherGrading, Grading
from cases import extract_operations, retention_operations
from cases import operations as samples
from cases.checking import check_extract, look
from cases.extract import REQUIRED_COLUMNS, own_columns
from cases.hooks import CannotErase
from cases.models import Candidate, Case, Extract, Retention, Sample
from ncpi.accounts.models import JournalEntry
from ncpi.board.models import Figure
from ncpi.inspections.models import Inspection
from ncpi.lib.tables import read_csv
from ncpi.lib.uploads import as_it_is
from ncpi.lib.versions import StaleVersion
from tests.audits.factories import AT, Sampled, fill, give, grade_of, hand_in
from tests.factories import NOW, client_of, make_extract, make_inspection, make_sample, make_user

pytestmark = pytest.mark.django_db

TOKEN = "qzkanary"
# A district is named in figures, which stay.
PLACE = "qzplace"
HEADER = ",".join(REQUIRED_COLUMNS)


@pytest.fixture
def inspection():
    return make_inspection()


@pytest.fixture
def one(inspection):
    return make_user("coordinator", force=inspection.force)


@pytest.fixture
def other(inspection):
    return make_user("information_governance", force=inspection.force)


def act(name, by, inspection, **more):
    row = Retention.objects.filter(inspection=inspection).first()
    given = {"version": row.version if row else 1, "at": AT, **more}
    return getattr(retention_operations, name)(by=by, inspection=inspection, **given)


def erase(inspection, one, other):
    act("propose", one, inspection, reason="The inspection is long over.")
    return act("erase", other, inspection)


# Everything that can be written about a case, each time with the token


def extract_of(inspection, by, lines, name):
    data = "\n".join([HEADER, *lines]).encode()
    document = as_it_is(io.BytesIO(data), name, extension="csv", media_type="text/csv")
    seen = look(document.file, "csv")
    extract = extract_operations.bring_extract(by=by, inspection=inspection, document=document, look=seen, at=NOW)
    extract = extract_operations.start_import(by=by, extract=extract, mapping=own_columns(seen.header), now=NOW)
    with check_extract(document.file, "csv", mapping=extract.mapping, **samples.types_of(inspection)) as checked:
        return extract_operations.finish_import(by=by, extract=extract, checked=checked, at=NOW)


def sample_of(inspection, by):
    extract_of(inspection, by, [f"A1,{TOKEN},North,T,2021-05-01,,"], f"wrong-{TOKEN}.csv")
    lines = [f"{TOKEN}-{n},missing,{PLACE} {n % 2},Team {TOKEN},2021-05-01,,{TOKEN}" for n in range(8)]
    frame = extract_of(inspection, by, lines, f"right-{TOKEN}.csv").frame
    frame = samples.freeze_frame(by=by, frame=frame, version=frame.version, at=NOW)
    plan = {"sizes": {"missing": 4}, "second_grading_percent": 0, "spread": "district"}
    sample = samples.fix_plan(by=by, frame=frame, at=NOW, **plan)
    sample = samples.draw_sample(by=by, sample=sample, seed="seed", at=NOW)
    cases = list(sample.cases.order_by("pk"))
    samples.replace_case(by=by, case=cases.pop(), version=1, reason=TOKEN, at=NOW)
    return Sampled(inspection, inspection.force, sample, cases, by)


def write_everything(inspection, by):
    sampled = sample_of(inspection, by)
    first, second, third = (make_user("auditor", force=inspection.force) for _ in range(3))
    graded, concerned, back = sampled.cases
    for auditor, capacity, grade in ((first, Capacity.FIRST, "good"), (second, Capacity.SECOND, "inadequate")):
        audit = give(sampled, graded, auditor, capacity)
        fill(audit, said=TOKEN)
        changes = {"strengths": TOKEN, "learning": TOKEN, "grade_reason": TOKEN}
        audit = operations.record_notes(by=auditor, audit=audit, version=audit.version, changes=changes, at=AT)
        finding_operations.record_finding(by=auditor, audit=audit, text=TOKEN, area=None, at=AT)
        hand_in(audit, grade, said=TOKEN)
    moderator, inspector = (make_user(role, force=inspection.force) for role in ("moderator", "inspector"))
    good = grade_of(inspection, "good")
    decided = {"grade": good, "reason": TOKEN, "criterion_key": "C20-INI-1", "question": None, "at": AT}
    operations.moderate(by=moderator, case=Case.objects.get(pk=graded.pk), **decided)
    inspector_operations.grade_as_inspector(by=inspector, case=graded, grade=good, reason=TOKEN, at=AT)
    inspectors_lists(inspection, by, inspector)
    feedback_operations.write_feedback(by=by, case=graded, version=0, to="team", good=TOKEN, learn=TOKEN, at=AT)
    exercise = calibration_operations.begin_calibration(by=moderator, inspection=inspection, at=AT)
    calibration_operations.grade_for_calibration(
        by=third, case=exercise.cases.get(order=1), grade=good, reason=TOKEN, at=AT
    )
    audit = give(sampled, concerned, third)
    concern = concern_operations.raise_concern(by=third, case=concerned, audit=audit, text=TOKEN, at=AT, now=NOW)
    concern = concern_operations.acknowledge_concern(by=by, concern=concern, version=1, at=AT)
    concern_operations.resolve_concern(by=by, concern=concern, version=2, done=TOKEN, at=AT)
    audit = give(sampled, back, third)
    allocation_operations.declare_conflict(by=third, audit=audit, reason=TOKEN, at=AT)
    client_of(by).get(reverse("cases:list", args=[inspection.ref]), {"district": f"{PLACE} 1", "find": TOKEN})


def inspectors_lists(inspection, by, inspector):
    """Bring a list with a further case in, and correct that case."""
    data = f"reference,case_type,grade,reason\n{TOKEN}-99,missing,good,{TOKEN}".encode()
    document = as_it_is(io.BytesIO(data), f"list-{TOKEN}.csv", extension="csv", media_type="text/csv")
    inspector_operations.import_grades(
        by=by, inspection=inspection, document=document, table=read_csv(data), names_allowed=True, at=AT
    )
    inspector_operations.correct_inspector_grading(
        by=inspector,
        grading=FurtherGrading.objects.get(),
        grade=grade_of(inspection, "inadequate"),
        reason=TOKEN,
        at=AT,
    )


def close_concern(inspection):
    by = make_user("chief_officer", force=inspection.force)
    concern = Concern.objects.get(inspection=inspection)
    concern_operations.close_concern(by=by, concern=concern, version=concern.version, at=AT)


def tables_with(token):
    """Name every table in which the token stands, as text or as bytes."""
    wanted = [f"%{token}%", f"%{token.encode().hex()}%"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}" t WHERE t::text ILIKE ANY(%s))', [wanted])
            found += [name] if cursor.fetchone()[0] else []
    return found


def files_with(token):
    folder = Path(settings.MEDIA_ROOT)
    return [path.name for path in folder.rglob("*") if path.is_file() and token.encode() in path.read_bytes()]


def test_erased_content_is_gone_from_every_table_its_history_and_the_disk(
    inspection, one, other, django_capture_on_commit_callbacks
):
    write_everything(inspection, one)
    close_concern(inspection)
    before, places, files = tables_with(TOKEN), tables_with(PLACE), files_with(TOKEN)
    published = figure_operations.publish_figures(by=one, inspection=inspection, as_at=AT)
    figures = list(Figure.objects.order_by("pk").values())

    with django_capture_on_commit_callbacks(execute=True):
        erase(inspection, one, other)

    assert before == [
        "audits_answer", "audits_answerevent", "audits_audit", "audits_auditevent", "audits_calibrationgrade",
        "audits_concern", "audits_concernevent", "audits_feedback", "audits_feedbackevent", "audits_finding",
        "audits_findingevent", "audits_furthergrading", "audits_gradelist", "audits_grading", "audits_moderation",
        "cases_candidate", "cases_case", "cases_caseevent", "cases_extract", "cases_frame", "cases_frameevent",
    ]  # fmt: skip
    assert places == ["cases_candidate", "cases_case", "cases_caseevent", "cases_planline"]
    assert (len(files), tables_with(TOKEN), files_with(TOKEN)) == (2, [], [])
    assert tables_with(PLACE) == []  # not every case had its grade, so that no figure names a district
    assert [model.objects.count() for model in (Extract, Candidate, Case, Audit, Grading, Concern)] == [0] * 6
    assert published > 0
    assert figure_operations.publish_figures(by=one, inspection=inspection, as_at=AT + timedelta(days=1)) == 0
    assert list(Figure.objects.order_by("pk").values()) == figures


def test_the_journal_says_what_was_done_and_nothing_of_a_case(inspection, one, other):
    make_sample(inspection, by=one)

    row = erase(inspection, one, other)

    lines = JournalEntry.objects.order_by("-pk")[:3]
    assert [(line.by, line.verb, line.detail) for line in lines] == [
        (other, "erased 18 cases of", ""),
        (other, "erased 0 audits of", ""),
        (one, "proposed to erase", ""),
    ]
    assert (row.state, row.proposed_by, row.erased_by, row.erased_at) == ("erased", one, other, AT)
    sample = Sample.objects.get()
    assert (sample.seed, sample.frame.digest != "", sample.frame.file_name) == ("a seed", True, "")


def test_whoever_proposed_does_not_decide(inspection, one):
    make_sample(inspection, by=one)
    act("propose", one, inspection, reason="Over.")

    with pytest.raises(retention_operations.SamePerson):
        act("erase", one, inspection)

    assert Case.objects.count() == 18


def test_nothing_is_erased_that_nobody_proposed(inspection, one, other):
    make_sample(inspection, by=one)

    for name in ("erase", "decline"):
        with pytest.raises(retention_operations.NotPossible, match="Nobody has proposed"):
            act(name, other, inspection)


def test_a_legal_hold_takes_a_proposal_back_and_blocks_another(inspection, one, other):
    make_sample(inspection, by=one)
    act("propose", one, inspection, reason="Over.")

    held = act("hold", other, inspection, reason="An inquest.")
    for name, more in (("propose", {"reason": "Over."}), ("hold", {"reason": "Again."}), ("erase", {})):
        with pytest.raises(retention_operations.NotPossible):
            act(name, other, inspection, **more)
    released = act("release", one, inspection)
    erased = erase(inspection, other, one)

    assert (held.state, held.is_held, released.is_held, erased.state) == ("kept", True, False, "erased")
    with pytest.raises(retention_operations.NotPossible, match="The cases were erased"):
        act("hold", other, inspection, reason="Too late.")


def test_an_open_concern_comes_before_erasing(inspection, one, other):
    write_everything(inspection, one)

    with pytest.raises(CannotErase, match="A concern about a child is open"):
        erase(inspection, one, other)

    assert (Case.objects.count() > 0, Audit.objects.count() > 0) == (True, True)


def test_a_review_is_set_at_the_draw_and_a_decision_to_keep_is_recorded(inspection, one):
    make_sample(inspection, by=one)
    first = Retention.objects.get().review_date

    kept = act("keep_until", one, inspection, review_date=date(2023, 1, 1), reason="A review is running.")

    assert (first, kept.review_date, kept.kept_reason) == (
        date(2022, 7, 16),
        date(2023, 1, 1),
        "A review is running.",
    )
    with pytest.raises(retention_operations.NotPossible, match="must lie ahead"):
        act("keep_until", one, inspection, review_date=AT.date(), reason="x")
    with pytest.raises(StaleVersion):
        act("hold", one, inspection, version=1, reason="x")
    with pytest.raises(retention_operations.NotPossible, match="There is no legal hold"):
        act("release", one, inspection)


def test_what_waits_for_a_decision_is_neither_proposed_again_nor_kept_on(inspection, one, other):
    make_sample(inspection, by=one)
    act("propose", one, inspection, reason="Over.")

    with pytest.raises(retention_operations.NotPossible, match="proposed already"):
        act("propose", other, inspection, reason="Over.")
    with pytest.raises(retention_operations.NotPossible, match="Decide on the proposal first"):
        act("keep_until", other, inspection, review_date=date(2023, 1, 1), reason="x")
    assert act("decline", other, inspection).state == "kept"


def test_an_inspection_whose_cases_were_erased_takes_no_others(inspection, one, other):
    make_sample(inspection, by=one)
    erase(inspection, one, other)

    with pytest.raises(samples.CasesErased):
        samples.import_extract(by=one, inspection=inspection, file_name="x.csv", data=make_extract(), at=NOW)


def test_closing_an_inspection_does_not_keep_its_cases_for_ever(inspection, one, other):
    make_sample(inspection, by=one)
    Inspection.objects.update(closed_at=NOW)

    assert erase(inspection, one, other).state == "erased"


def test_another_inspection_s_cases_stay(inspection, one, other):
    make_sample(inspection, by=one)
    beside = make_inspection(name="Inspection 2024")
    make_sample(beside, by=one)

    erase(inspection, one, other)

    assert (Case.objects.filter(inspection=beside).count(), Candidate.objects.count()) == (18, 54)


# Pages


def step(inspection, name):
    return reverse("cases:retention-step", args=[inspection.ref, name])


def test_two_people_erase_on_the_pages(inspection, one, other):
    make_sample(inspection, by=one)
    mine, theirs = client_of(one), client_of(other)
    page = reverse("cases:retention", args=[inspection.ref])

    empty = mine.post(step(inspection, "propose"), {"version": 1, "reason": ""})
    mine.post(step(inspection, "propose"), {"version": 1, "reason": "Long over."})
    alone = mine.post(step(inspection, "erase"), {"version": 2})
    stale = theirs.post(step(inspection, "erase"), {"version": 1})
    waiting = theirs.get("/").content.decode()
    done = theirs.post(step(inspection, "erase"), {"version": 2}, follow=True)

    assert empty.context["form"].errors["reason"] == ["Give the reason."]
    assert alone.context["form"].non_field_errors() == ["You proposed it, so somebody else has to decide."]
    assert stale.context["form"].non_field_errors() == ["Somebody else saved this while you were working on it."]
    assert "Decide on erasing the cases" in waiting
    assert (done.redirect_chain[0][0], "The cases are erased." in done.content.decode()) == (page, True)
    assert "The cases were erased on" in mine.get(reverse("cases:sample", args=[inspection.ref])).content.decode()
    assert mine.get(step(inspection, "no-such-step")).status_code == 404
    assert Case.objects.count() == 0


def test_a_review_that_is_due_is_on_the_work_list(inspection, one):
    make_sample(inspection, by=one)

    assert "Review how long to keep" in client_of(one).get("/").content.decode()
