from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from ncpi.accounts.models import JournalEntry
from ncpi.board import operations
from ncpi.board.figures import FigureValue
from ncpi.board.models import Figure, Summary, SummaryChart
from ncpi.inspections.marks import mark_changed
from ncpi.jobs.models import Job, Mail
from ncpi.lib.digests import sha256
from ncpi.lib.versions import StaleVersion
from tests.board.conftest import AT, ON, figures_of_cases


def publish(inspection, people, figures, at=AT):
    return operations.publish_figures(
        by=people["coordinator"], inspection=inspection, source="case audits", figures=figures, as_at=at
    )


def test_unchanged_figures_write_nothing(inspection, people):
    before = Figure.objects.count()

    written = publish(inspection, people, figures_of_cases(), at=AT + timedelta(hours=1))

    assert (written, Figure.objects.count()) == (0, before)


def test_only_the_figure_that_moved_is_published_again(inspection, people):
    moved = [*figures_of_cases()[:3], FigureValue("concerns", "", "open", 0, 4, 0.0), *figures_of_cases()[4:]]

    written = publish(inspection, people, moved, at=AT + timedelta(hours=1))

    latest = Figure.objects.filter(inspection=inspection, measure="concerns").order_by("-as_at").first()
    assert (written, latest.numerator, latest.as_at) == (1, 0, AT + timedelta(hours=1))


def test_a_figure_that_is_no_longer_offered_is_withdrawn_and_can_come_back(inspection, people):
    gone = publish(inspection, people, figures_of_cases()[:-2], at=AT + timedelta(hours=1))
    again = publish(inspection, people, figures_of_cases(), at=AT + timedelta(hours=2))

    trail = Figure.objects.filter(inspection=inspection, measure="concerns").order_by("as_at")
    assert (gone, again, [row.is_withdrawn for row in trail]) == (2, 2, [False, True, False])


def test_a_correction_of_the_same_moment_is_dated_just_after(inspection, people):
    publish(inspection, people, figures_of_cases(good=7))

    rows = Figure.objects.filter(inspection=inspection, breakdown="good", area="", measure="audit_grade")
    assert [row.as_at for row in rows.order_by("as_at")] == [AT, AT + timedelta(microseconds=1)]


def test_a_published_figure_cannot_be_edited(inspection):
    with pytest.raises(DatabaseError), transaction.atomic():
        Figure.objects.filter(inspection=inspection).update(numerator=1)


def test_the_same_state_compiled_twice_is_one_summary(inspection, compile_now):
    first = compile_now()
    second = compile_now(at=AT + timedelta(minutes=5))

    assert (second.pk, Summary.objects.count(), SummaryChart.objects.count()) == (first.pk, 1, 4)


def test_the_digest_is_over_the_very_bytes(compile_now):
    summary = compile_now()

    assert summary.digest == sha256(summary.content.encode("utf-8"))


def test_a_change_makes_another_summary_with_the_next_number(inspection, people, compile_now):
    first = compile_now()
    operations.ask_board(
        by=people["coordinator"], inspection=inspection, kind="note", text="note it", at=AT + timedelta(hours=1)
    )

    second = compile_now(at=AT + timedelta(hours=2))

    assert (first.number, second.number, second.as_at) == (1, 2, AT + timedelta(hours=1))


def test_a_new_day_makes_another_summary_as_dates_have_come_nearer(compile_now):
    compile_now()

    second = compile_now(on=ON + timedelta(days=1))

    assert second.number == 2


def test_a_summary_does_not_change_when_it_is_released_and_compiled_again(released, compile_now):
    assert compile_now().pk == released.pk


def test_a_state_that_never_stands_still_is_refused(inspection, compile_now, monkeypatch):
    ticking = iter(range(100))
    seen = operations.queries.state_of

    def restless(*args, **kwargs):
        mark_changed(inspection_id=inspection.pk, at=AT + timedelta(seconds=1 + next(ticking)))
        return seen(*args, **kwargs)

    monkeypatch.setattr(operations.queries, "state_of", restless)

    with pytest.raises(operations.StateWouldNotStandStill):
        compile_now()
    assert Summary.objects.count() == 0


def test_a_frozen_summary_cannot_be_rewritten_or_deleted(compile_now):
    summary = compile_now()

    with pytest.raises(DatabaseError), transaction.atomic():
        Summary.objects.filter(pk=summary.pk).update(content="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Summary.objects.filter(pk=summary.pk).delete()


def test_approving_and_releasing_name_who_and_when_and_leave_a_trail(released, people):
    verbs = JournalEntry.objects.filter(subject_type="ncpi.summary").order_by("pk").values_list("verb", flat=True)

    assert (released.state, released.approved_by, released.released_by) == (
        "released", people["chief_officer"], people["chief_officer"],
    )  # fmt: skip
    assert (released.released_at, released.released_by_title) == (AT, "Chief officer")
    assert list(verbs) == ["compiled", "approved", "released"]


def test_the_board_is_told_once_when_a_summary_is_released(released, people):
    assert list(Mail.objects.values_list("to", flat=True)) == [people["board_member"].email]


def test_a_draft_cannot_be_released(compile_now, people):
    summary = compile_now()

    with pytest.raises(operations.NotApproved):
        operations.release(by=people["chief_officer"], summary=summary, version=summary.version, at=AT)


def test_what_is_released_cannot_be_approved_again(released, people):
    with pytest.raises(operations.NotADraft):
        operations.approve(by=people["chief_officer"], summary=released, version=released.version, at=AT)


def test_approving_what_changed_meanwhile_is_refused(compile_now, people):
    summary = compile_now()
    version = summary.version
    operations.write_covering_note(by=people["coordinator"], summary=summary, version=version, text="Read this first.")

    with pytest.raises(StaleVersion):
        operations.approve(by=people["chief_officer"], summary=summary, version=version, at=AT)


def test_the_covering_note_of_an_approved_summary_stays(compile_now, people):
    summary = compile_now()
    operations.approve(by=people["chief_officer"], summary=summary, version=summary.version, at=AT)

    with pytest.raises(operations.NotADraft):
        operations.write_covering_note(by=people["coordinator"], summary=summary, version=summary.version, text="x")


def test_a_draft_cannot_be_answered(compile_now, people):
    with pytest.raises(operations.NotReleased):
        operations.respond(by=people["board_member"], summary=compile_now(), kind="noted", text="", at=AT)


@pytest.mark.parametrize("kind", ["asked", "decided"])
def test_a_question_or_a_decision_needs_words(released, people, kind):
    with pytest.raises(operations.NothingSaid):
        operations.respond(by=people["board_member"], summary=released, kind=kind, text="", at=AT)


def test_an_answer_is_kept_with_who_and_when(released, people):
    row = operations.respond(by=people["board_member"], summary=released, kind="noted", text="", at=AT)

    assert (row.by, row.at, row.kind) == (people["board_member"], AT, "noted")


def test_two_meetings_on_a_day_are_refused(inspection, people):
    facts = {
        "held_date": ON, "agenda_item": "10.0", "to": "Board", "sender": "Chief Constable", "title": "T",
        "marking": "OFFICIAL", "at": AT,
    }  # fmt: skip
    by = people["coordinator"]
    operations.set_meeting(by=by, inspection=inspection, meeting=None, version=0, **facts)

    with pytest.raises(operations.MeetingTaken):
        operations.set_meeting(by=by, inspection=inspection, meeting=None, version=0, **facts)


def test_what_was_withdrawn_cannot_be_withdrawn_again(inspection, people):
    by = people["coordinator"]
    ask = operations.ask_board(by=by, inspection=inspection, kind="note", text="note it", at=AT)
    operations.withdraw_ask(by=by, ask=ask, version=ask.version, at=AT)

    with pytest.raises(operations.AskWithdrawn):
        operations.withdraw_ask(by=by, ask=ask, version=ask.version, at=AT)


def test_asking_twice_for_a_summary_is_one_job(inspection, people):
    for _ in range(2):
        operations.request_compile(by=people["coordinator"], inspection=inspection, at=AT)

    assert Job.objects.filter(kind="compile_summary").count() == 1


def test_a_closed_inspection_is_not_compiled(inspection, people):
    inspection.closed_at = AT

    with pytest.raises(operations.InspectionClosed):
        operations.request_compile(by=people["coordinator"], inspection=inspection, at=AT)
