"""A file on its way into the frame: brought, checked, kept whole or refused, and gone from disk."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from cases import extract_operations, tasks
from cases.checking import check_extract, look
from cases.models import Candidate, Extract, Frame
from cases.operations import FrameIsFrozen, types_of
from ncpi.celery import publish
from ncpi.inspections.models import Inspection
from ncpi.jobs.models import Job
from ncpi.lib.uploads import as_it_is
from tests.factories import NOW, make_extract, make_frame, make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection():
    return make_inspection()


@pytest.fixture
def by(inspection):
    return make_user("coordinator", force=inspection.force)


def brought(inspection, by, data=None):
    document = as_it_is(io.BytesIO(data or make_extract()), "extract.csv", extension="csv", media_type="text/csv")
    return extract_operations.bring_extract(
        by=by, inspection=inspection, document=document, look=look(document.file, "csv"), at=NOW
    )


def started(inspection, by, data=None):
    extract = brought(inspection, by, data)
    return extract_operations.start_import(
        by=by, extract=extract, mapping={name: name for name in extract.header}, now=NOW
    )


def finish(extract, data=None):
    file = io.BytesIO(data or make_extract())
    with check_extract(file, "csv", mapping=extract.mapping, **types_of(extract.inspection)) as checked:
        return extract_operations.finish_import(by=extract.brought_by, extract=extract, checked=checked, at=NOW)


def kept_files():
    return {path.name for path in Path(settings.MEDIA_ROOT).glob("*.csv")}


def test_the_file_is_on_disk_until_its_end_and_no_longer(inspection, by, django_capture_on_commit_callbacks):
    extract = started(inspection, by)
    before = extract.stored_name in kept_files()

    with django_capture_on_commit_callbacks(execute=True):
        done = finish(extract)

    assert (before, extract.stored_name in kept_files()) == (True, False)
    assert (done.state, done.frame.rows, done.preview) == ("imported", 54, [])
    assert Extract.objects.get().stored_name == ""


def test_work_delivered_twice_has_one_result(inspection, by):
    extract = started(inspection, by)
    job = Job.objects.get(kind="import_extract")
    tasks.import_extract(job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(state="queued", steps_done=0)

    tasks.import_extract(job_id=job.pk)
    finish(extract)

    assert (Frame.objects.count(), Candidate.objects.count(), Job.objects.get().state) == (1, 54, "done")


def test_starting_twice_counts_once(inspection, by):
    extract = started(inspection, by)

    with pytest.raises(extract_operations.NotWaiting):
        extract_operations.start_import(by=by, extract=extract, mapping=extract.mapping, now=NOW)

    assert Job.objects.count() == 1


def test_another_file_puts_the_waiting_one_aside_but_not_one_being_checked(inspection, by):
    first = brought(inspection, by)
    second = started(inspection, by, make_extract(each=2))
    first.refresh_from_db()

    with pytest.raises(extract_operations.BeingChecked):
        brought(inspection, by, make_extract(each=3))
    with pytest.raises(extract_operations.NotWaiting):
        extract_operations.put_aside(by=by, extract=second, at=NOW)
    Job.objects.update(state="failed")
    extract_operations.put_aside(by=by, extract=second, at=NOW)

    assert (first.state, second.state, Extract.objects.open().count()) == ("put_aside", "put_aside", 0)


def test_a_frame_frozen_meanwhile_refuses_the_file_and_says_so(inspection, by):
    extract = started(inspection, by, make_extract(each=2))
    make_frame(inspection, by=by)

    done = finish(extract, make_extract(each=2))

    assert (done.state, done.refusal) == (
        "refused",
        "Frame 1 is frozen. Discard it first, if nothing was drawn from it.",
    )
    assert Candidate.objects.count() == 54


def test_beside_a_frozen_frame_no_file_is_brought(inspection, by):
    make_frame(inspection, by=by)

    with pytest.raises(FrameIsFrozen):
        brought(inspection, by, make_extract(each=2))


def test_an_inspection_closed_meanwhile_refuses_the_file(inspection, by):
    extract = started(inspection, by)
    Inspection.objects.filter(pk=inspection.pk).update(closed_at=NOW)

    done = finish(extract)

    assert (done.state, done.refusal, Frame.objects.count()) == ("refused", "Inspection 2021 is closed.", 0)


def test_a_lost_file_ends_the_work_in_words(inspection, by):
    extract = started(inspection, by)
    (Path(settings.MEDIA_ROOT) / extract.stored_name).unlink()

    tasks.import_extract(job_id=Job.objects.get().pk)

    extract.refresh_from_db()
    assert (extract.state, extract.refusal) == ("refused", "The file is no longer there. Bring it again.")


def test_what_nobody_went_on_with_is_forgotten_with_its_file(inspection, by, django_capture_on_commit_callbacks):
    extract = brought(inspection, by)

    early = extract_operations.forget_old_extracts(at=NOW + timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        late = extract_operations.forget_old_extracts(at=NOW + timedelta(days=2))

    extract.refresh_from_db()
    assert (early, late, extract.state, extract.stored_name) == (0, 1, "put_aside", "")
    assert kept_files() & {extract.stored_name} == set()


@pytest.mark.worker
def test_a_real_worker_imports_a_file_once_however_often_it_is_told(celery_worker_process):
    inspection = make_inspection()
    extract = started(inspection, make_user("coordinator", force=inspection.force))
    job = Job.objects.get(kind="import_extract")
    publish(kind="import_extract", job_id=job.pk)

    celery_worker_process.wait_until(lambda: Job.objects.get(pk=job.pk).state == "done")

    extract.refresh_from_db()
    assert (extract.state, Frame.objects.count(), Candidate.objects.count()) == ("imported", 1, 54)
    assert Job.objects.get(pk=job.pk).result_address == f"/inspections/{inspection.ref}/sample/extracts/1/"
