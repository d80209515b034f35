"""The self-assessment's part of the demonstration: 37 criteria at mixed stages, their evidence, what was signed.

Before fieldwork the whole return was agreed, signed and submitted as return 1; in July thirteen criteria were opened
again. Everything happens through operations, in the order of its dates; what lies after the demonstration's moment has
not happened yet. Two criteria were begun with what was said at the inspection of 2018, and written anew since.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Max
from docx import Document as WordDocument

from ncpi.actions.models import Action
from ncpi.inspections.demo import Demo, moment
from ncpi.inspections.models import Area
from ncpi.lib.prepared import Parameter, Prepared
from ncpi.lib.tables import write_csv
from ncpi.lib.uploads import Document, inspect
from ncpi.selfassessment import assignment_operations, gap_operations, operations, queries, thread_operations
from ncpi.selfassessment.canonical import TEXTS
from ncpi.selfassessment.carrying_operations import bring_forward
from ncpi.selfassessment.demo_earlier import Earlier, Event
from ncpi.selfassessment.models import Evidence, EvidenceLink, Judgement
from ncpi.selfassessment.return_operations import submit_return
from ncpi.selfassessment.signing import STATEMENT
from ncpi.selfassessment.thread_models import Thread

CONTENT = Path(__file__).with_name("demo_judgements.yaml")
TALK = Path(__file__).with_name("demo_talk.yaml")
BEGUN = date(2021, 5, 26)
SIGNED = {"C20-DEC": date(2021, 6, 14), "C20-INI": date(2021, 6, 18), "C20-DET": date(2021, 6, 21)}
DUE = {"C20-INI": date(2021, 6, 11), "C20-DEC": date(2021, 6, 11), "C20-OVR": date(2021, 7, 14)}
OTHERS_DUE = date(2021, 6, 30)
BROUGHT = ("C20-OVR-1", "C20-LMG-5")
# What was not finished by then was agreed in a first writing for the return, and opened again in July.
FIRST_WRITTEN, FIRST_AGREED = date(2021, 6, 29), date(2021, 6, 30)
RETURN_SIGNED, RETURN_SUBMITTED = date(2021, 7, 1), date(2021, 7, 2)
WRITTEN_AGAIN, RETURNED_AGAIN = date(2021, 7, 6), date(2021, 7, 8)
WHY_RETURNED_AGAIN = "This went out of the return in June because nothing showed it. What shows it now?"
_MODELS: tuple[Any, ...] = (Judgement, Evidence, EvidenceLink, Action)
KEPT: list[Any] = [model.pgh_event_model for model in _MODELS]
TITLE = "Deputy Chief Constable"


def build(demo: Demo, *, stage: str) -> None:
    """Play what happened up to the demonstration's moment."""
    content = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    talk = yaml.safe_load(TALK.read_text(encoding="utf-8"))
    events = [*_start(demo, content), *_evidence(demo, content), *_judgements(demo, content), *_signatures(demo)]
    events += [event for row in talk["threads"] for event in _thread(demo, row)]
    events += [Event(moment(row["day"], row["hour"]), _acting(demo, row)) for row in talk["gaps"]]
    events += Earlier(demo).events()
    _play(demo, events)


def _play(demo: Demo, events: Iterable[Event]) -> None:
    """Let everything happen that lies before the demonstration's moment.

    The versions that the database kept of it are dated by the story, so that "as it was" has a past.
    """
    last = [_newest(kept) for kept in KEPT]
    for event in sorted(events, key=lambda event: event.at):
        if event.at <= demo.at:
            event.act(event.at)
            for place, kept in enumerate(KEPT):
                new = kept.objects.filter(pgh_id__gt=last[place])
                if new.update(pgh_created_at=event.at + demo.force.clock_offset):
                    last[place] = _newest(kept)


def _newest(kept: Any) -> int:
    return kept.objects.aggregate(last=Max("pgh_id"))["last"] or 0


def _start(demo: Demo, content: dict[str, Any]) -> Iterator[Event]:
    by, inspection, people = demo.people["coordinator"], demo.inspection, demo.people
    yield Event(moment(BEGUN), lambda at: operations.begin(by=by, inspection=inspection, at=at))
    holders = {row["key"]: people[f"lead_{row['lead']}"] for row in content["judgements"]}

    def assign(at: datetime) -> None:
        groups: dict[tuple[Any, date], dict[int, int]] = {}
        for row in Judgement.objects.filter(inspection=inspection).select_related("criterion__area"):
            due = DUE.get(row.criterion.area.key, OTHERS_DUE)
            groups.setdefault((holders[row.criterion.key], due), {})[row.pk] = row.version
        for (lead, due), versions in groups.items():
            changes = {"lead": lead, "reviewer": people["reviewer"], "due_date": due}
            assignment_operations.assign(by=by, inspection=inspection, versions=versions, changes=changes)

    yield Event(moment(BEGUN, 10), assign)
    for key in BROUGHT:
        yield Event(moment(BEGUN, 11), _bringing(demo, key))


def _bringing(demo: Demo, key: str) -> Callable[[datetime], Any]:
    def act(at: datetime) -> None:
        found = _judgement(demo, key)
        bring_forward(by=found.lead, judgement=found, version=found.version, key=key, at=at)

    return act


def _judgements(demo: Demo, content: dict[str, Any]) -> Iterator[Event]:
    grades = {grade.key: grade for grade in demo.inspection.programme.grades.all()}
    reviewer = demo.people["reviewer"]
    for number, row in enumerate(content["judgements"]):
        lead, day, minute = demo.people[f"lead_{row['lead']}"], row["saved"], number % 50
        save = _saving(demo, row, lead, grades[row["grade"]])
        if row["state"] != "agreed":
            first = _saving(demo, _as_first_written(row), lead, grades[row["grade"]])
            yield Event(moment(FIRST_WRITTEN, 10, minute), first)
            yield Event(moment(FIRST_WRITTEN, 11, minute), _sending(demo, row, lead))
            yield Event(moment(FIRST_AGREED, 15, minute), _agreeing(demo, row, reviewer))
        if "returned_first" in row:
            before = day - timedelta(days=3)
            yield Event(moment(before, 10, minute), save)
            yield Event(moment(before, 11, minute), _sending(demo, row, lead))
            yield Event(moment(before, 15, minute), _returning(demo, row, reviewer, row["returned_first"]))
        yield Event(moment(day, 10, minute), save)
        if row["state"] != "drafting":
            yield Event(moment(day, 11, minute), _sending(demo, row, lead))
        if row["state"] == "returned":
            yield Event(moment(day + timedelta(days=2), 15, minute), _returning(demo, row, reviewer, row["returned"]))
            yield Event(moment(WRITTEN_AGAIN, 10, minute), save)
            yield Event(moment(WRITTEN_AGAIN, 11, minute), _sending(demo, row, lead))
            yield Event(moment(RETURNED_AGAIN, 15, minute), _returning(demo, row, reviewer, WHY_RETURNED_AGAIN))
        if row["state"] == "agreed":
            yield Event(moment(day + timedelta(days=2), 15, minute), _agreeing(demo, row, reviewer))


def _as_first_written(row: dict[str, Any]) -> dict[str, Any]:
    """Return what was said in June: all but the last sentence of what we do."""
    sentences = row["narrative"].split(". ")
    return {**row, "narrative": ". ".join(sentences[:-1] or sentences).rstrip(".") + "."}


def _saving(demo: Demo, row: dict[str, Any], lead: Any, grade: Any) -> Callable[[datetime], Any]:
    texts = {name: row[name] for name in TEXTS}

    def act(at: datetime) -> None:
        found = _judgement(demo, row["key"])
        operations.save_judgement(by=lead, judgement=found, version=found.version, at=at, grade=grade, texts=texts)

    return act


def _sending(demo: Demo, row: dict[str, Any], lead: Any) -> Callable[[datetime], Any]:
    def act(at: datetime) -> None:
        found = _judgement(demo, row["key"])
        operations.send_for_review(by=lead, judgement=found, version=found.version, at=at)

    return act


def _returning(demo: Demo, row: dict[str, Any], reviewer: Any, reason: str) -> Callable[[datetime], Any]:
    def act(at: datetime) -> None:
        found = _judgement(demo, row["key"])
        operations.return_judgement(by=reviewer, judgement=found, version=found.version, at=at, reason=reason)

    return act


def _agreeing(demo: Demo, row: dict[str, Any], reviewer: Any) -> Callable[[datetime], Any]:
    def act(at: datetime) -> None:
        found = _judgement(demo, row["key"])
        operations.agree(by=reviewer, judgement=found, version=found.version, at=at)

    return act


def _evidence(demo: Demo, content: dict[str, Any]) -> Iterator[Event]:
    for number, row in enumerate(content["evidence"]):
        yield Event(moment(row["added"], 9, number % 50), _adding(demo, row))


def _adding(demo: Demo, row: dict[str, Any]) -> Callable[[datetime], Any]:
    by = demo.people[f"lead_{row['owner']}"]

    def act(at: datetime) -> None:
        evidence = operations.add_evidence(
            by=by,
            inspection=demo.inspection,
            at=at,
            document=_document(row) if "file" in row else None,
            fields={
                "title": row["title"],
                "kind": row["kind"],
                "period_from_date": row["from"],
                "period_to_date": row["to"],
                "review_date": row.get("review"),
                "marking": row.get("marking", "official"),
                "link": row.get("link", ""),
            },
        )
        rows = {
            found.criterion.key: found
            for found in _ALL.filter(inspection=demo.inspection, criterion__key__in=row["shows"])
        }
        links = [(evidence, rows[key], sentence) for key, sentence in row["shows"].items()]
        operations.link_many(by=by, inspection=demo.inspection, links=links, at=at)

    return act


def _document(row: dict[str, Any]) -> Document:
    """Return a small document that says what the piece of evidence shows."""
    name = f"{row['title']}.{row['file']}"
    if row["file"] == "csv":
        header = ("criterion", "what it shows", "from", "to")
        rows = [(key, sentence, row["from"], row["to"]) for key, sentence in row["shows"].items()]
        return inspect(io.BytesIO(write_csv(header, rows)), name)
    word, buffer = WordDocument(), io.BytesIO()
    word.add_heading(row["title"])
    for sentence in row["shows"].values():
        word.add_paragraph(sentence)
    word.save(buffer)
    return inspect(buffer, name)


def _thread(demo: Demo, row: dict[str, Any]) -> Iterator[Event]:
    """Play one thread: what opens it, the answers, and who resolves it."""
    threads: list[Thread] = []
    first, *answers = row["said"]

    def start(at: datetime) -> None:
        judgement = _judgement(demo, row["criterion"])
        by, told = demo.people[first["by"]], _told(demo, first)
        threads.append(
            thread_operations.start_thread(
                by=by, judgement=judgement, kind=row["kind"], text=first["text"], tell=told, at=at
            )
        )

    def answering(said: dict[str, Any]) -> Callable[[datetime], Any]:
        return lambda at: thread_operations.reply(
            by=demo.people[said["by"]], thread=threads[0], text=said["text"], tell=_told(demo, said), at=at
        )

    yield Event(moment(first["day"], first["hour"]), start)
    for said in answers:
        yield Event(moment(said["day"], said["hour"]), answering(said))
    if end := row.get("resolved"):
        by = demo.people[end["by"]]
        yield Event(
            moment(end["day"], end["hour"]),
            lambda at: thread_operations.resolve(by=by, thread=threads[0], version=1, at=at),
        )


def _told(demo: Demo, said: dict[str, Any]) -> list[int]:
    return [demo.people[key].pk for key in said.get("tell", ())]


def _acting(demo: Demo, row: dict[str, Any]) -> Callable[[datetime], Any]:
    return lambda at: gap_operations.act_on_gap(
        by=demo.people[row["by"]], judgement=_judgement(demo, row["criterion"]), rule=row["rule"], on=row["day"], at=at
    )


def _signatures(demo: Demo) -> Iterator[Event]:
    by = demo.people["chief_officer"]
    areas = {area.key: area for area in Area.objects.filter(programme=demo.inspection.programme, key__in=SIGNED)}
    for key, day in SIGNED.items():
        yield Event(moment(day, 17), _signing(demo, by, areas[key]))
    yield Event(moment(RETURN_SIGNED, 17), _signing(demo, by, None))
    yield Event(moment(RETURN_SUBMITTED, 10), lambda at: _submit(demo, at))


def _submit(demo: Demo, at: datetime) -> None:
    shown = queries.next_return(demo.inspection).scope.digest
    submit_return(by=demo.people["coordinator"], inspection=demo.inspection, shown_digest=shown, at=at)


def _signing(demo: Demo, by: Any, area: Area | None) -> Callable[[datetime], Any]:
    def act(at: datetime) -> None:
        shown = queries.scope_to_sign(demo.inspection, area).digest
        operations.sign(
            by=by, inspection=demo.inspection, area=area, shown_digest=shown, name=TITLE, statement=STATEMENT, at=at
        )

    return act


_ALL = Judgement.objects.select_related(
    "inspection__force", "inspection__programme", "criterion__area", "grade", "lead"
)
_ONE = Prepared(lambda: _ALL.filter(inspection=Parameter("inspection"), criterion__key=Parameter("key")))


def _judgement(demo: Demo, key: str) -> Judgement:
    return _ONE.one_or_404(inspection=demo.inspection.pk, key=key)
