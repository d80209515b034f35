"""The whole return as it was at each moment while it is written: each change commits, as it does for people."""

import io
import time
from datetime import date, timedelta

import pytest
from django.utils import timezone

from ncpi.actions import operations as actions
from ncpi.lib import uploads
from ncpi.selfassessment import operations, queries
from ncpi.selfassessment.models import Evidence, EvidenceLink, Judgement
from tests.factories import (
    NOW,
    make_action,
    make_force,
    make_inspection,
)
from tests.selfassessment.acts import fresh
from tests.selfassessment.world import People


class Script:
    """Does one thing after another, each in a transaction of its own, and remembers what the return was after each."""

    def __init__(self, inspection):
        self.inspection, self.seen = inspection, []

    @property
    def at(self):
        return timezone.now() - self.inspection.force.clock_offset

    def then(self, act, **kwargs):
        made = act(at=self.at, **kwargs)
        time.sleep(0.02)
        self.seen.append((self.at, queries.scope_to_sign(self.inspection, None).text))
        time.sleep(0.02)
        return made


def csv(text):
    return uploads.inspect(io.BytesIO(f"Month,Visits\n{text}\n".encode()), "Visits.csv")


def play(inspection, people):
    """Edit everything that is material, one thing at a time; return the script with what it saw."""
    lead, script = people["lead"], Script(inspection)
    script.then(operations.begin, by=lead, inspection=inspection)
    row = Judgement.objects.filter(inspection=inspection).in_order().first()
    texts = {"narrative": "One.", "impact": "", "gaps": "", "plan": ""}
    for name, grade in (("narrative", "good"), ("impact", "inadequate"), ("gaps", None), ("plan", "good")):
        texts = {**texts, name: f"{name} as it is now."}
        found = inspection.programme.grades.get(key=grade) if grade else None
        row = fresh(row)
        script.then(operations.save_judgement, by=lead, judgement=row, version=row.version, grade=found, texts=texts)
    fields = {
        "title": "Visits", "kind": "data", "period_from_date": date(2021, 1, 1), "period_to_date": date(2021, 6, 30),
        "review_date": None, "marking": "official", "link": "",
    }  # fmt: skip
    script.then(
        operations.add_evidence, by=lead, inspection=inspection, fields=fields, document=csv("June,12"),
        judgement=fresh(row), shows="Every child was visited.",
    )  # fmt: skip
    evidence = Evidence.objects.select_related("inspection").get()
    script.then(operations.edit_evidence, by=lead, evidence=evidence, version=1, fields={"title": "Visits, by month"})
    script.then(operations.add_file_version, by=lead, evidence=evidence, version=2, document=csv("July,14"))
    link = EvidenceLink.objects.select_related("evidence__inspection__force").get()
    script.then(operations.change_what_it_shows, by=lead, link=link, version=1, shows="Most were.")
    action = make_action(inspection, by=lead, criterion=row.criterion)
    script.then(lambda at: None)
    actions.move_due_date(
        by=lead, action=action, version=action.version, new_date=date(2021, 9, 1), reason="Later", at=NOW
    )
    script.then(lambda at: None)
    script.then(operations.unlink_evidence, by=lead, link=EvidenceLink.objects.get(), version=2)
    script.then(operations.link_evidence, by=lead, evidence=evidence, judgement=fresh(row), shows="Again.")
    evidence = Evidence.objects.select_related("inspection").get()
    script.then(operations.withdraw_evidence, by=lead, evidence=evidence, version=evidence.version)
    return script


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("offset", [timedelta(0), timedelta(days=1600)])
def test_each_moment_gives_exactly_the_state_of_then(offset, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    force = make_force()
    force.clock_offset, force.is_demonstration = offset, True
    force.save()
    inspection, people = make_inspection(force), People(force)
    before = timezone.now() - offset
    time.sleep(0.02)

    script = play(inspection, people)

    assert queries.as_it_was(inspection, at=before).states == {}
    assert [queries.as_it_was(inspection, at=at).text for at, _ in script.seen] == [text for _, text in script.seen]
    assert len({text for _, text in script.seen}) == len(script.seen) - 1  # withdrawn leaves what unlinked left
