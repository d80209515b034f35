"""What this room puts on a person's work list: the next step of a sample, and reviews of how long cases are kept."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from cases.models import Frame, Retention, RetentionState, Sample
from ncpi.accounts.access import forces_granting, permissions_anywhere
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import WorkItem
from ncpi.inspections.models import Inspection
from ncpi.lib.clocks import Clock


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return the samples and reviews that wait for this person, in forces with this clock; one query."""
    if not permissions_anywhere(user) & {Permission.SAMPLE_MANAGE, Permission.RETENTION_MANAGE}:
        return []
    kept = Retention.objects.filter(inspection=OuterRef("pk"))
    due = kept.filter(state=RetentionState.KEPT, held_at=None, review_date__lte=clock.on)
    rows = (
        Inspection.objects.filter(force__clock_offset=clock.offset)
        .annotate(
            is_to_draw=_to_draw(user), is_to_keep=Q(force_id__in=forces_granting(user, Permission.RETENTION_MANAGE))
        )
        .annotate(due_date=Subquery(due.values("review_date")[:1]))
        .annotate(is_proposed=Exists(kept.filter(state=RetentionState.PROPOSED).exclude(proposed_by=user)))
        .filter(Q(is_to_draw=True) | Q(is_to_keep=True) & (Q(due_date__isnull=False) | Q(is_proposed=True)))
        .annotate(**_steps())
        .order_by("fieldwork_start_date", "pk")
    )
    return [item for row in rows for item in _items(row, clock)]


def _steps() -> dict[str, Any]:
    """How far a sample is."""
    frames = Frame.objects.filter(inspection=OuterRef("pk"), discarded_at=None)
    plans = Sample.objects.filter(inspection=OuterRef("pk"), frame__discarded_at=None)
    return {
        "has_frame": Exists(frames),
        "has_frozen": Exists(frames.filter(frozen_at__isnull=False)),
        "has_plan": Exists(plans),
    }


def _to_draw(user: Any) -> Q:
    drawn = Sample.objects.filter(inspection=OuterRef("pk"), frame__discarded_at=None, drawn_at__isnull=False)
    erased = Retention.objects.filter(inspection=OuterRef("pk"), state=RetentionState.ERASED)
    mine = Q(
        force_id__in=forces_granting(user, Permission.SAMPLE_MANAGE), closed_at=None, programme__case_audit_asked=True
    )
    return mine & ~Exists(drawn) & ~Exists(erased)


def _in_forces(user: Any, permission: Permission) -> Q:
    return Q(force_id__in=forces_granting(user, permission))


def _items(inspection: Any, clock: Clock) -> Iterator[WorkItem]:
    if inspection.is_to_draw:
        yield _item(inspection)
    if inspection.is_to_keep and (inspection.is_proposed or inspection.due_date):
        yield WorkItem(
            urgency=2,
            title="Decide on erasing the cases" if inspection.is_proposed else "Review how long to keep the cases",
            kind="Retention",
            address=reverse("cases:retention", args=[inspection.ref]),
            inspection=inspection.name,
            due_date=inspection.due_date,
            is_overdue=bool(inspection.due_date and inspection.due_date < clock.on),
        )


def _item(inspection: Any) -> WorkItem:
    title = "Enter the seed and draw the sample"
    if not inspection.has_frame:
        title = "Import the case extract"
    elif not inspection.has_frozen:
        title = "Freeze the frame"
    elif not inspection.has_plan:
        title = "Fix the plan of the sample"
    return WorkItem(
        urgency=2,
        title=title,
        kind="Sample",
        address=reverse("cases:sample", args=[inspection.ref]),
        inspection=inspection.name,
    )
