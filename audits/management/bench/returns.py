"""A return as large as one gets: 120 criteria with 2,000 evidence links, beside one with a tenth of the links.

Each act is counted twice: on rows just loaded, of which the database knows nothing yet, and after it has counted them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.management.bench.acts import KeepDraft, SaveJudgement
from audits.management.bench.measure import Counted, beside, count
from ncpi.accounts import operations as accounts
from ncpi.inspections import operations as inspections
from ncpi.inspections import programme_files
from ncpi.inspections.demo import PROGRAMMES
from ncpi.inspections.models import Inspection, Programme
from ncpi.selfassessment import queries, word, workbook
from ncpi.selfassessment.queries import exchange

CRITERIA = 120
LINKS = {"200 links": 200, "2,000 links": 2_000}
LINKS_A_PIECE = 4
# Rows of every table that an act may look at for each criterion and link that there is, however it is planned.
MOST_ROWS_EACH = 30
SLACK_SHARE = 0.10
ROUNDS = 5

_ROWS = """
INSERT INTO ncpi_judgement (version, inspection_id, criterion_id, grade_id, narrative, impact, gaps, plan, state,
    lead_id, reviewer_id, due_date, saved_by_id, saved_at)
SELECT 1, %(inspection)s, c.id, (%(grades)s)[1 + c."order" %% 3], repeat('We do this. ', 80),
    repeat('Children say so. ', 40), 'Some.', 'More.', 'drafting', %(lead)s, %(reviewer)s, '2021-06-30', %(lead)s, now()
FROM ncpi_criterion c JOIN ncpi_area a ON a.id = c.area_id WHERE a.programme_id = %(programme)s;
INSERT INTO ncpi_evidence (version, inspection_id, title, kind, period_from_date, period_to_date, marking, link,
    owner_id, added_at)
SELECT 1, %(inspection)s, 'Piece ' || n, (ARRAY['audit', 'policy', 'voice', 'data'])[1 + n %% 4],
    date '2020-07-01' + n %% 300, '2021-06-30', 'official',
    CASE WHEN n %% 2 = 0 THEN 'https://intranet.example/' || n ELSE '' END, %(lead)s, now()
FROM generate_series(1, %(pieces)s) n;
INSERT INTO ncpi_evidencefile (evidence_id, number, stored_name, file_name, media_type, size, sha256, uploaded_by_id,
    uploaded_at)
SELECT e.id, v, 'bench/' || e.id || '-' || v, 'Piece.pdf', 'application/pdf', 1000, repeat('0', 64), %(lead)s, now()
FROM ncpi_evidence e CROSS JOIN generate_series(1, 2) v WHERE e.inspection_id = %(inspection)s AND e.link = '';
WITH pieces AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM ncpi_evidence WHERE inspection_id = %(inspection)s
), judgements AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM ncpi_judgement WHERE inspection_id = %(inspection)s
)
INSERT INTO ncpi_evidencelink (version, evidence_id, judgement_id, shows, added_by_id, added_at)
SELECT 1, pieces.id, judgements.id, 'Shows it.', %(lead)s, now() FROM generate_series(0, %(links)s - 1) n
JOIN pieces ON pieces.place = n %% %(pieces)s
JOIN judgements ON judgements.place = (n * 7 + n / %(pieces)s) %% {criteria};
"""
_TABLES = ("ncpi_criterion", "ncpi_judgement", "ncpi_evidence", "ncpi_evidencefile", "ncpi_evidencelink")


@dataclass(frozen=True)
class Act:
    """Something that somebody does with a whole return, and the most queries that it may take."""

    name: str
    queries: int
    do: Callable[[], Any]


class Returns:
    """Two returns of one force under a programme of 120 criteria."""

    def __init__(self, bare: Callable[[], Any]) -> None:
        self.bare, self.at = bare, timezone.now()
        self.programme = _programme(self.at)
        self.force = inspections.add_force(by=None, name="Large Force", slug="large", clock_offset=self.at - self.at)
        self.people = {role: self._person(role) for role in ("coordinator", "lead", "reviewer", "chief_officer")}
        self.clients = {role: Client() for role in self.people}
        for role, person in self.people.items():
            self.clients[role].force_login(person, backend="ncpi.accounts.backends.MembersBackend")
        self._never_count(True)
        self.inspections = {name: self._load(name, links) for name, links in LINKS.items()}
        self.rows: dict[str, dict[str, Any]] = {}

    def measure(self) -> None:
        """Count everything on fresh rows, then again on rows that the database knows, and time it there."""
        for size in LINKS:
            for act in self._reads(self.inspections[size]):
                act.do()
                self._row(act)[size] = {"fresh rows": count(act.do, by_index=False).rows}
        self._never_count(False)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        for size in LINKS:
            for act in self._reads(self.inspections[size]):
                self._row(act)[size] |= _counts(count(act.do))
            for act in self._writes(self.inspections[size]):
                act.do()
                self._row(act)[size] = _counts(count(act.do))
        last = self.inspections[size]
        for act in (*self._reads(last), *self._writes(last)):
            self._row(act)["beside bare"] = beside(act.do, self.bare, rounds=ROUNDS).as_json()

    def gates(self) -> list[str]:
        failed = []
        for name, row in self.rows.items():
            small, large = (row[size] for size in LINKS)
            if large["queries"] > row["most queries"]:
                failed.append(f"{name}: {large['queries']} queries, at most {row['most queries']}.")
            if small["queries"] != large["queries"]:
                failed.append(f"{name}: {small['queries']} queries with few links, {large['queries']} with many.")
            growth = LINKS["2,000 links"] / LINKS["200 links"]
            if large["buffers"] > small["buffers"] * growth * (1 + SLACK_SHARE):
                failed.append(f"{name}: {small['buffers']} buffers with few links, {large['buffers']} with many.")
            looked_at, most = large.get("fresh rows", 0), MOST_ROWS_EACH * (CRITERIA + LINKS["2,000 links"])
            if looked_at > most:
                failed.append(f"{name}: {looked_at} rows looked at when they are fresh, at most {most}.")
        return failed

    def _row(self, act: Act) -> dict[str, Any]:
        return self.rows.setdefault(act.name, {"most queries": act.queries})

    def _reads(self, inspection: Inspection) -> Iterator[Act]:
        area = self.programme.areas.order_by("order", "pk").first()
        criterion = area.criteria.order_by("order", "pk").first()
        pages = {
            "overview": (),
            "area": (area.key,),
            "work": (),
            "gaps": (),
            "library": (),
            "criterion": (criterion.key,),
        }
        for name, parts in pages.items():
            yield Act(f"page: {name}", 12, self._opening(name, inspection.ref, *parts))
        # One of each table: judgements, links, evidence, actions, recommendations, published figures.
        yield Act("evidence gaps", 6, lambda: queries.gaps(inspection))
        yield Act("digest of the whole return", 4, lambda: queries.scope_to_sign(inspection, None).digest)
        yield Act("workbook", 4, lambda: workbook.write(exchange.workbook_contents(inspection, taken_on="today")))
        yield Act("Word document", 5, lambda: word.write(exchange.word_contents(inspection, as_at=self.at)))

    def _writes(self, inspection: Inspection) -> Iterator[Act]:
        save, keep = SaveJudgement(inspection, self.bare), KeepDraft(inspection)
        yield Act("save a judgement", save.MOST_QUERIES, save.keep)
        yield Act("keep a draft", keep.MOST_QUERIES, keep.keep)

    def _opening(self, name: str, *parts: Any) -> Callable[[], Any]:
        path = reverse(f"selfassessment:{name}", args=parts)

        def open_page() -> None:
            status = self.clients["lead"].get(path).status_code
            if status != 200:
                raise AssertionError(f"{path} answered {status}.")

        return open_page

    def _person(self, role: str) -> Any:
        email = f"{role}@large.example"
        user = accounts.invite(by=None, force=self.force, email=email, name=f"Large {role}", at=self.at)
        accounts.give_role(by=None, user=user, force=self.force, role=role, on=date(2020, 1, 1))
        return user

    @transaction.atomic
    def _load(self, name: str, links: int) -> Inspection:
        inspection: Inspection = inspections.open_inspection(
            by=self.people["coordinator"],
            force=self.force,
            programme=self.programme,
            name=name,
            notice_date=date(2021, 5, 24),
            fieldwork_start_date=date(2021, 7, 5),
            fieldwork_end_date=date(2021, 7, 16),
            evidence_from_date=date(2020, 7, 1),
            evidence_to_date=date(2021, 6, 30),
            at=self.at,
        )
        keys = {role: person.pk for role, person in self.people.items()}
        keys |= {"inspection": inspection.pk, "programme": self.programme.pk, "links": links}
        keys |= {"pieces": links // LINKS_A_PIECE}
        grades = list(self.programme.grades.order_by("order").values_list("pk", flat=True))
        with connection.cursor() as cursor:
            # As in the other bulk data: neither history nor references are checked.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(_ROWS.format(criteria=CRITERIA), keys | {"grades": grades})
        return inspection

    def _never_count(self, wanted: bool) -> None:
        """Keep the database from counting the rows by itself, so that the first figures repeat."""
        with connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = {'off' if wanted else 'on'})")


def _counts(counted: Counted) -> dict[str, int]:
    return {"queries": counted.queries, "buffers": counted.buffers}


def _programme(at: Any) -> Programme:
    """Adopt the programme of 2020 with its criteria repeated until there are 120."""
    found = programme_files.load_programme(PROGRAMMES / "ncpi-2020")
    few = found.criteria
    more = [replace(few[n % len(few)], id=f"{few[n % len(few)].id}-{n // len(few)}") for n in range(len(few), CRITERIA)]
    head = replace(found.programme, id="large", title="A programme of 120 criteria")
    large = replace(found, programme=head, criteria=(*few, *more))
    programme: Programme = inspections.adopt_programme(by=None, found=large, at=at)
    return programme
