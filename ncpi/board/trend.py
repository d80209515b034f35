"""What changed: headline figures through earlier summaries, and differences since the last one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ncpi.board.figures import Book, Figure, moment
from ncpi.board.inputs import Earlier, State
from ncpi.board.wording import Sentence, figures_of, number, phrase, quote, text

SHARES = {
    "claim_good.force": "Criteria called good",
    "evidenced.force": "Criteria with current evidence",
    "audit_good.force": "Audited cases graded good",
}
COUNTS = {
    "judged.force": "Criteria judged",
    "recommendations.force.open": "Open recommendations",
    "recommendations.force.overdue": "Overdue recommendations",
    "actions.force.open": "Open actions",
    "actions.force.overdue": "Overdue actions",
}
MOST_EARLIER = 6


def before(state: State) -> list[Earlier]:
    """Return the earlier summaries of this programme, oldest first; never one of this moment."""
    mine = [
        earlier
        for earlier in state.earlier
        if earlier.as_at < state.as_at and _programme_of(earlier) == state.programme.id
    ]
    return sorted(mine, key=lambda earlier: earlier.as_at)[-MOST_EARLIER:]


def _programme_of(earlier: Earlier) -> str:
    programme: Mapping[str, str] = earlier.content["programme"]
    return programme["id"]


def _stamp(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%Y%m%dT%H%MZ")


def _carry(book: Book, figure: Figure, summary_at: str) -> str:
    return book.add(
        "trend",
        figure["numerator"] or 0,
        figure["denominator"],
        area="",
        breakdown=f"{figure['id']}.{_stamp(summary_at)}",
        source=figure["source"],
        as_at=figure["as_at"],
        sampled=figure["interval"] is not None,
    )


def trend(state: State, book: Book) -> list[dict[str, Any]]:
    """Carry the headline figures of earlier summaries, each under its own moment."""
    series: list[dict[str, Any]] = []
    for name, label in {**SHARES, **COUNTS}.items():
        points = []
        for earlier in before(state):
            figure = figures_of(earlier.content).get(name)
            if figure is not None:
                at = moment(earlier.as_at)
                points.append({"at": at, "figure": _carry(book, figure, at)})
        if book.get(name) is not None:
            points.append({"at": book.as_at, "figure": name})
        series.append({"id": name, "label": label, "share": name in SHARES, "points": points})
    return series


def _moved(book: Book, last: Mapping[str, Figure], at: str) -> list[Sentence]:
    sentences: list[Sentence] = []
    for name, label in {**SHARES, **COUNTS}.items():
        now, then = book.get(name), last.get(name)
        if now is None or then is None or _same(now, then):
            continue
        was = _carry(book, then, at)
        if name in SHARES:
            sentence = [phrase(f"{label}: "), *_of(was), text(" then, "), *_of(name), text(" now.")]
        else:
            sentence = [phrase(f"{label}: "), number(was), text(" then, "), number(name), text(" now.")]
        sentences.append(sentence)
    return sentences


def _of(name: str) -> Sentence:
    return [number(name), text(" of "), number(name, "denominator")]


def _same(now: Figure, then: Figure) -> bool:
    return (now["numerator"], now["denominator"]) == (then["numerator"], then["denominator"])


def _warnings(rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (str(row["area"]), flag["kind"]): (str(row["title"]), flag["label"]) for row in rows for flag in row["flags"]
    }


def _signatures(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {str(row["area"]): row["signature"]["state"] for row in rows}


SIGNED = {"valid": "signed", "stale": "signature stale", "withdrawn": "signature withdrawn", "none": "not signed"}


def changes(state: State, book: Book, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Say what changed since the last summary, figure by figure and warning by warning."""
    earlier = before(state)
    if not earlier:
        return {"since": "", "sentences": []}
    last = earlier[-1]
    old_rows: list[dict[str, Any]] = last.content["areas"]
    sentences = _moved(book, figures_of(last.content), moment(last.as_at))
    now, then = _warnings(rows), _warnings(old_rows)
    for key in sorted(now.keys() - then.keys()):
        sentences.append([quote(now[key][0]), phrase(f": {now[key][1].lower()} is new.")])
    for key in sorted(then.keys() - now.keys()):
        sentences.append([quote(then[key][0]), phrase(f": {then[key][1].lower()} no longer applies.")])
    was = _signatures(old_rows)
    for row in rows:
        state_now = row["signature"]["state"]
        if was.get(str(row["area"]), "none") != state_now:
            sentences.append([quote(str(row["title"])), phrase(f": now {SIGNED[state_now]}.")])
    return {"since": moment(last.as_at), "sentences": sentences}
