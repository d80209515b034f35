"""What this room puts on a person's work list: the next step of a sample that is not drawn yet."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from cases.models import Frame, Sample
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import WorkItem, for_holders
from ncpi.inspections.models import Inspection
from ncpi.lib.clocks import Clock


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return the samples that wait for this person, in forces with this clock; one query."""
    return _waiting(user, clock)


@for_holders(Permission.SAMPLE_MANAGE)
def _waiting(user: Any, clock: Clock) -> list[WorkItem]:
    frames = Frame.objects.filter(inspection=OuterRef("pk"), discarded_at=None)
    plans = Sample.objects.filter(inspection=OuterRef("pk"), frame__discarded_at=None)
    waiting = (
        Inspection.objects.visible_to(user, Permission.SAMPLE_MANAGE)
        .open()
        .filter(force__clock_offset=clock.offset, programme__case_audit_asked=True)
        .annotate(has_frame=Exists(frames), has_frozen=Exists(frames.filter(frozen_at__isnull=False)))
        .annotate(has_plan=Exists(plans), is_drawn=Exists(plans.filter(drawn_at__isnull=False)))
        .filter(is_drawn=False)
        .order_by("fieldwork_start_date", "pk")
    )
    return [_item(inspection) for inspection in waiting]


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
