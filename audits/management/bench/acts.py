"""The heavy acts: compiling figures, keeping an answer, saving a judgement."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from audits import figure_operations
from audits.figure_counts import all_figures
from audits.management.bench.measure import beside, count
from audits.management.bench.raw import disagreements, raw_counts
from audits.models import Audit, AuditState, ToolQuestion
from ncpi.board import operations as board
from ncpi.inspections.models import Grade
from ncpi.selfassessment.models import Judgement, JudgementState

AUTOSAVE_QUERIES = 3
# All of them: session and person, the form's key taken and answered, what the next page says, and three of its own.
JUDGEMENT_QUERIES = 8
FIGURE_QUERIES = 3
# What is asked before anything is counted; an index may be a page deeper at another size.
STANDS_QUERIES = 2
STANDS_SLACK = 4
NOTHING_CHANGED_QUERIES = 30
# A plan may look at a force's own rows more often than another plan; ten times the rows of others would show.
OTHER_PLANS = 1.5
# Of the other forces: enough to see a ratio, few enough to wait for.
FORCES_TIMED = 2


def ends(sizes: dict[str, Any]) -> tuple[Any, Any]:
    """Give what was counted at the smallest and at the largest size."""
    counted = list(sizes.values())
    return counted[0], counted[-1]


class Compile:
    """Figures of one force and of all, beside the same figures by one statement each."""

    def __init__(self, demo: Any, bulk: Any) -> None:
        self.demo, self.bulk = demo, bulk
        self.sizes: dict[str, Any] = {}
        self.failed: list[str] = []

    def measure(self, size: str) -> None:
        at, mine = self.demo.at, self.demo.inspection
        counted = count(lambda: all_figures(mine, at=at))
        # As the database would plan it: by index alone a large force's figures take minutes.
        everybody = count(lambda: all_figures(self.bulk.inspections[0], at=at), by_index=False)
        self._publish()
        unchanged = count(self._publish)
        self.sizes[size] = {
            "audits": self.bulk.audits,
            "one force": {"queries": counted.queries, "buffers": counted.buffers, "rows": counted.rows},
            "one bulk force": {"queries": everybody.queries, "buffers": everybody.buffers},
            "nothing changed": {
                "queries": unchanged.queries,
                "buffers": unchanged.buffers,
                "written": sum("INSERT INTO" in sql and "journal" not in sql for sql, _ in unchanged.statements),
                "of cases": sum("audits_grading" in sql or "cases_" in sql for sql, _ in unchanged.statements),
            },
            "forces beside raw": beside(self._all, self._raw).as_json(),
        }
        for inspection in (mine, self.bulk.inspections[0]):
            self.failed += disagreements(inspection.pk)

    def gates(self) -> list[str]:
        failed = list(self.failed)
        small, large = ends(self.sizes)
        for name in ("one force", "one bulk force"):
            if small[name]["queries"] != large[name]["queries"]:
                failed.append(f"Figures of {name}: not the same number of queries at both sizes.")
            if large[name]["queries"] > FIGURE_QUERIES:
                failed.append(f"Figures of {name}: {large[name]['queries']} queries, at most {FIGURE_QUERIES}.")
        rows = [size["one force"]["rows"] for size in self.sizes.values()]
        if max(rows) > rows[0] * OTHER_PLANS:
            failed.append(f"Figures of one force read rows of others: {', then '.join(map(str, rows))} rows.")
        failed += _of_nothing_changed(small["nothing changed"], large["nothing changed"])
        return failed

    def _publish(self) -> None:
        figure_operations.publish_figures(
            by=self.demo.people["coordinator"], inspection=self.demo.inspection, as_at=self.demo.at
        )

    def _all(self) -> None:
        for inspection in self.bulk.inspections[:FORCES_TIMED]:
            all_figures(inspection, at=self.demo.at)

    def _raw(self) -> None:
        for inspection in self.bulk.inspections[:FORCES_TIMED]:
            raw_counts(inspection.pk)


def _of_nothing_changed(small: dict[str, int], large: dict[str, int]) -> list[str]:
    failed = []
    if large["written"] or large["of cases"]:
        failed.append("Publishing with nothing changed wrote something, or looked at cases.")
    if max(small["queries"], large["queries"]) > STANDS_QUERIES:
        failed.append(f"Publishing with nothing changed: {large['queries']} queries, at most {STANDS_QUERIES}.")
    if large["buffers"] > small["buffers"] + STANDS_SLACK:
        failed.append(f"Publishing with nothing changed: {small['buffers']} and {large['buffers']} buffers.")
    return failed


class Summary:
    """Compiling the Board's summary again when nothing changed."""

    def __init__(self, demo: Any) -> None:
        self.demo = demo
        self.sizes: dict[str, Any] = {}

    def measure(self, size: str) -> None:
        self._compile()
        counted = count(self._compile)
        self.sizes[size] = {"queries": counted.queries, "buffers": counted.buffers}

    def gates(self) -> list[str]:
        small, large = ends(self.sizes)
        failed = []
        if small["queries"] != large["queries"] or large["queries"] > NOTHING_CHANGED_QUERIES:
            failed.append(f"The summary again: {small['queries']} and {large['queries']} queries.")
        if large["buffers"] > small["buffers"] * 1.1 + 24:
            failed.append(f"The summary again: {small['buffers']} and {large['buffers']} buffers.")
        return failed

    def _compile(self) -> None:
        board.compile_summary(
            by=self.demo.people["coordinator"],
            inspection=self.demo.inspection,
            on=self.demo.on,
            job=None,
            at=self.demo.at,
            as_at=self.demo.at,
        )


class Autosave:
    """Keeping one answer of a started audit, as the page's script sends it."""

    def __init__(self, demo: Any, bare: Callable[[], Any]) -> None:
        self.bare = bare
        self.audit = (
            Audit.objects.filter(inspection=demo.inspection, state=AuditState.STARTED, ended_at=None)
            .select_related("auditor", "case")
            .order_by("pk")
            .first()
        )
        asked = ToolQuestion.objects.filter(tool=self.audit.tool, kind="scale", case_type=None)
        self.question = asked.order_by("-order", "pk").first()
        self.version = 0
        self.client = Client()
        self.client.force_login(self.audit.auditor, backend="ncpi.accounts.backends.MembersBackend")
        self.address = reverse("audits:answer", args=[demo.inspection.ref, self.audit.pk])
        self.sizes: dict[str, Any] = {}

    def measure(self, size: str) -> None:
        self.keep()
        counted = count(self.keep)
        self.sizes[size] = {
            "queries": counted.queries,
            "beside bare": beside(self.keep, self.bare).as_json(),
        }

    def gates(self) -> list[str]:
        return [
            f"Autosave: {row['queries']} queries at {size}, at most {AUTOSAVE_QUERIES}."
            for size, row in self.sizes.items()
            if row["queries"] > AUTOSAVE_QUERIES
        ]

    def keep(self) -> None:
        key = self.question.pk
        value = "yes" if self.version % 2 else "no"
        # As the page's script sends it.
        body = urlencode({f"q{key}": value, f"t{key}": "", f"v{key}": self.version})
        answer = self.client.post(self.address, body, content_type="application/x-www-form-urlencoded")
        if answer.status_code != 200:
            raise AssertionError(f"Autosave answered {answer.status_code}: {answer.content[:200]!r}")
        self.version = answer.json()["version"]


class _OnAJudgement:
    """Something that the page of one criterion sends for the person who writes it."""

    view: str

    def __init__(self, inspection: Any) -> None:
        rows = Judgement.objects.filter(inspection=inspection, lead__isnull=False)
        rows = rows.filter(state=JudgementState.DRAFTING).select_related("lead", "criterion")
        # Not the first: its history is one of the pages that are measured.
        self.judgement = rows.order_by("-pk").first()
        self.client = Client()
        self.client.force_login(self.judgement.lead, backend="ncpi.accounts.backends.MembersBackend")
        self.address = reverse(f"selfassessment:{self.view}", args=[inspection.ref, self.judgement.criterion.key])
        grades = Grade.objects.filter(programme=inspection.programme_id)
        self.grade = grades.order_by("order", "pk").values_list("pk", flat=True).first()
        self.version = self.judgement.version

    def send(self, status: int, **extra: Any) -> None:
        texts = dict.fromkeys(("narrative", "impact", "gaps", "plan"), f"What was known at version {self.version}.")
        posted = urlencode({**texts, "grade": self.grade, "version": self.version, **extra})
        answer = self.client.post(self.address, posted, content_type="application/x-www-form-urlencoded")
        if answer.status_code != status:
            raise AssertionError(f"{self.address} answered {answer.status_code}.")


class SaveJudgement(_OnAJudgement):
    """Saving a judgement as its form does: version checked, history and journal kept, the form counted once."""

    view = "save"
    MOST_QUERIES = JUDGEMENT_QUERIES

    def __init__(self, inspection: Any, bare: Callable[[], Any]) -> None:
        super().__init__(inspection)
        self.bare = bare
        self.sizes: dict[str, Any] = {}

    def measure(self, size: str) -> None:
        self.keep()
        counted = count(self.keep)
        timed = beside(self.keep, self.bare, after=self.forget_what_was_said)
        self.sizes[size] = {"queries": counted.queries, "beside bare": timed.as_json()}

    def gates(self) -> list[str]:
        return [
            f"Saving a judgement: {row['queries']} queries at {size}, at most {JUDGEMENT_QUERIES}."
            for size, row in self.sizes.items()
            if row["queries"] > JUDGEMENT_QUERIES
        ]

    def keep(self) -> None:
        self.send(302, once=str(uuid.uuid4()))
        self.version += 1

    def forget_what_was_said(self) -> None:
        """Take away the message for the next page, which nobody opens here: they would pile up in the session."""
        session = self.client.session
        session.pop("_messages", None)
        session.save()


class KeepDraft(_OnAJudgement):
    """Keeping what is typed on a criterion's page and not saved, as the page's script sends it."""

    view = "keep-draft"
    MOST_QUERIES = 4

    def keep(self) -> None:
        self.send(204)
