"""The demonstration's tracker: real published findings about other forces, taken over, and invented actions on them.

The findings are as published; dates, owners and actions are the demonstration's own. A finding that was published
after the demonstration's day keeps its day of publication in the report's title only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ncpi.actions import operations
from ncpi.actions.models import Action, ActionStatus, Recommendation
from ncpi.actions.published_findings import PublishedFinding, load_published_findings
from ncpi.inspections.demo import NOTICE, Demo, moment, reached
from ncpi.inspections.models import Area

ENTERED = NOTICE + timedelta(days=1)
AREA_OF_THEME = {
    "initial_contact": "C20-INI",
    "voice_of_child": "C20-INI",
    "missing_children": "C20-INI",
    "referral": "C20-AAH",
    "domestic_abuse": "C20-AAH",
    "investigation": "C20-INV",
    "online_abuse": "C20-INV",
    "digital_forensics": "C20-INV",
    "recording": "C20-DEC",
    "managing_risk_people": "C20-RSK",
    "partnership": "C20-LMG",
}
# The force's own dates, counted in days from notice; what is not named has none.
OWN_DATES = {
    "WAR22-1": 28,
    "WAR22-2": 92,
    "WAR22-3": 35,
    "WAR22-4": 85,
    "WAR22-5": 42,
    "WAR22-6": 150,
    "MER18-9212": 60,
    "NFK14-a": 45,
    "WYP16-a": 56,
    "NTH13-imm": 21,
    "NTH13-6m": 140,
    "WMP17-8796": 40,
    "CAM21-a": 75,
    "CAM21-c": 70,
    "CAM21-d": 30,
}
REPEATS = [("WMP17-8796", "NTH13-6m"), ("WAR22-3", "WMP17-8796"), ("CAM21-c", "NFK14-a")]
COMPLETE = {"CAM21-d": 31, "WYP16-a": 38}


@dataclass(frozen=True)
class Plan:
    """One invented action; days are counted from notice. `reports` are updates, `ends` how it came out."""

    finding: str
    title: str
    next_step: str
    owner: str
    due: int
    reports: tuple[tuple[int, str], ...] = ()
    moved: tuple[int, int, str] | None = None
    proof: tuple[int, str] | None = None
    asked: int = 0
    decided: tuple[int, bool, str] | None = None


PLANS = [
    Plan(
        "WAR22-1",
        "Review every downgraded control room incident with a child, weekly",
        "Report the June numbers",
        "owner_1",
        35,
        (
            (15, "Weekly review began with the first 40 incidents."),
            (29, "Three of 60 downgrades had no reason; supervisors told."),
        ),
    ),
    Plan(
        "WAR22-1",
        "Show a child's history and warning markers on the dispatch screen",
        "Test with two shifts",
        "owner_1",
        63,
        ((24, "Change asked of the system's supplier."),),
    ),
    Plan(
        "WAR22-2",
        "Prompt for the child's words and demeanour in the mobile app",
        "Switch it on in two districts",
        "owner_2",
        49,
        ((21, "Prompt written with the youth panel."),),
        moved=(30, 64, "The supplier's release is two weeks late."),
    ),
    Plan(
        "WAR22-2",
        "Brief response teams on body-worn video with children",
        "Brief the last two teams",
        "lead_2",
        42,
        ((18, "Seven of twelve teams briefed."),),
    ),
    Plan(
        "WAR22-3",
        "Duty inspector reviews each missing child after six hours",
        "Dip sample of ten episodes",
        "owner_3",
        38,
        ((16, "Standing instruction issued."), (32, "Eight of ten episodes had the review.")),
    ),
    Plan(
        "WMP17-8796",
        "Train call takers in the missing categories and exploitation",
        "Book the last course",
        "owner_3",
        77,
    ),
    Plan(
        "NTH13-6m",
        "Agree with the councils how return interviews reach the force",
        "Sign the protocol",
        "owner_4",
        46,
        ((22, "Both councils agreed the draft."),),
    ),
    Plan(
        "WAR22-4",
        "Quality check of referrals in the hub before they leave",
        "Start on 1 July",
        "lead_3",
        45,
        ((25, "Check list agreed with children's social care."),),
    ),
    Plan(
        "MER18-9212",
        "One place on the record for strategy discussions and plans",
        "Publish the guidance",
        "lead_3",
        60,
        ((28, "Guidance drafted."),),
    ),
    Plan(
        "WAR22-5",
        "Supervisor's plan within 24 hours in every child abuse case",
        "Audit of thirty cases",
        "owner_5",
        40,
        ((14, "Template in use in all three teams."), (32, "26 of 30 cases had a plan in time.")),
        proof=(36, "Thirty cases: 26 plans within 24 hours, four within 36."),
        asked=37,
    ),
    Plan(
        "NFK14-a",
        "Clear devices waiting over 90 days in child cases",
        "Outsource the oldest twenty",
        "owner_5",
        56,
        ((23, "Forty-one devices waiting, down from fifty-eight."),),
    ),
    Plan(
        "CAM21-c", "Tell partners of an online risk to a child before the warrant", "Agree the protocol", "owner_6", 52
    ),
    Plan(
        "CAM21-a",
        "Risk assessment completed even when the victim declines",
        "Report by district",
        "owner_2",
        44,
        ((21, "Dip sample: 17 of 25 completed."),),
        moved=(42, 60, "The June figures come on 14 July."),
    ),
    Plan(
        "CAM21-d",
        "No diary appointment for an incident with a child",
        "None",
        "owner_1",
        25,
        ((9, "Rule set in the system."),),
        proof=(18, "No diary appointment with a child since 7 June, by the daily report."),
        asked=21,
        decided=(24, True, "Read one week's 50 incidents with children: none had one."),
    ),
    Plan(
        "WYP16-a",
        "Review of thresholds with children's social care",
        "None",
        "owner_4",
        30,
        ((10, "Review group met twice."),),
        proof=(25, "Minutes and the agreed thresholds."),
        asked=28,
        decided=(31, True, "Read 12 referrals with partners: 11 met the threshold."),
    ),
    Plan(
        "NTH13-imm",
        "Strategy discussions on high-risk domestic abuse put on systems",
        "Repeat the dip sample",
        "lead_1",
        28,
        ((11, "Hub staff trained."),),
        proof=(24, "Twenty discussions checked."),
        asked=25,
        decided=(32, False, "Six of twenty were still missing from the system."),
    ),
    Plan("WAR22-6", "Read the whole report once it is found and name what it asks", "Ask for the report", "lead_4", 84),
]


def build(demo: Demo, *, stage: str) -> None:
    """Take the published findings over and, from the self-assessment on, act on them."""
    taken = {finding.id: _take_over(demo, finding) for finding in load_published_findings()}
    for number, earlier in REPEATS:
        row = taken[number]
        operations.link_repeat(
            by=demo.people["coordinator"],
            recommendation=row,
            version=row.version,
            repeats=taken[earlier],
            at=moment(ENTERED, 15),
        )
    if reached(stage, "self-assessment"):
        for plan in PLANS:
            _act(demo, plan, taken[plan.finding])
        for number, day in COMPLETE.items():
            _step(demo, taken[number], "complete", _day(day), "Its action was closed: the effect was tested.")


def _day(number: int) -> date:
    return NOTICE + timedelta(days=number)


def _take_over(demo: Demo, finding: PublishedFinding) -> Recommendation:
    by, inspection = demo.people["coordinator"], demo.inspection
    published, title = finding.published_date, finding.report
    if published is not None and published > demo.on:
        published, title = None, f"{title}, published {published.day} {published:%B %Y}"
    report = operations.enter_report(
        by=by,
        inspection=inspection,
        title=title,
        about=finding.force,
        published_date=published,
        source_address=finding.source,
    )
    seen = finding.trail[0].date if finding.trail else ENTERED
    row = operations.enter_recommendation(
        by=by,
        inspection=inspection,
        report=report,
        number=finding.id,
        text=finding.gist,
        deadline_kind=finding.deadline,
        deadline_basis=finding.deadline_basis,
        kind=finding.kind,
        theme=finding.theme.replace("_", " "),
        area=Area.objects.filter(programme=inspection.programme, key=AREA_OF_THEME.get(finding.theme, "")).first(),
        basis="reports",
        source_address=finding.source,
        on=seen,
        at=moment(ENTERED, 10),
    )
    for entry in finding.trail[1:]:
        _step(demo, row, entry.status, entry.date, "From the inspectorate's register.")
    _own_date(demo, row)
    return row


def _own_date(demo: Demo, row: Recommendation) -> None:
    days = OWN_DATES.get(row.number)
    operations.edit_recommendation(
        by=demo.people["coordinator"],
        recommendation=row,
        version=row.version,
        owner=demo.people["lead_1"] if days else None,
        due_date=_day(days) if days else None,
        theme=row.theme,
        area=row.area,
        at=moment(ENTERED, 14),
    )


def _step(demo: Demo, row: Recommendation, status: str, day: date, comment: str) -> None:
    if day > demo.on:
        return
    operations.change_status(
        by=demo.people["coordinator"],
        recommendation=row,
        version=row.version,
        status=status,
        comment=comment,
        on_date=day,
        on=demo.on,
        at=moment(max(day, ENTERED), 16),
    )


def _act(demo: Demo, plan: Plan, row: Recommendation) -> None:
    raised = _day(8)
    action = operations.raise_action(
        by=demo.people["coordinator"],
        inspection=demo.inspection,
        title=plan.title,
        owner=demo.people[plan.owner],
        due_date=_day(plan.due),
        next_step="" if plan.next_step == "None" else plan.next_step,
        recommendation=row,
        on=raised,
        at=moment(raised, 11),
    )
    if row.status == "awaiting_review":
        _step(demo, row, "being_progressed", raised, "An action was raised.")
    for day, happen in sorted(_happenings(plan), key=lambda pair: pair[0]):
        if _day(day) <= demo.on:
            happen(demo, action, _day(day))


def _happenings(plan: Plan) -> Iterator[tuple[int, Any]]:
    """What happens to the action, each with its day."""
    for day, text in plan.reports:
        yield day, _updated(text, plan.next_step)
    if plan.moved:
        day, due, reason = plan.moved
        yield day, _moved(_day(due), reason)
    if plan.proof:
        yield plan.proof[0], _proved(plan.proof[1])
    if plan.asked:
        yield plan.asked, _asked("Done, and checked on a sample.")
    if plan.decided:
        yield plan.decided[0], _decided(plan.decided[1], plan.decided[2])


def _updated(text: str, next_step: str) -> Any:
    def happen(demo: Demo, action: Action, day: date) -> None:
        operations.update_action(
            by=action.owner,
            action=action,
            version=action.version,
            text=text,
            next_step="" if next_step == "None" else next_step,
            status=ActionStatus.IN_PROGRESS,
            at=moment(day, 12),
        )

    return happen


def _moved(due: date, reason: str) -> Any:
    def happen(demo: Demo, action: Action, day: date) -> None:
        operations.move_due_date(
            by=action.owner, action=action, version=action.version, new_date=due, reason=reason, at=moment(day, 13)
        )

    return happen


def _proved(text: str) -> Any:
    def happen(demo: Demo, action: Action, day: date) -> None:
        operations.add_proof(by=action.owner, action=action, text=text, at=moment(day, 14))

    return happen


def _asked(text: str) -> Any:
    def happen(demo: Demo, action: Action, day: date) -> None:
        operations.ask_for_closure(
            by=action.owner, action=action, version=action.version, text=text, at=moment(day, 15)
        )

    return happen


def _decided(worked: bool, test: str) -> Any:
    def happen(demo: Demo, action: Action, day: date) -> None:
        operations.decide_closure(
            by=demo.people["chief_officer"],
            action=action,
            version=action.version,
            worked=worked,
            test_of_effect=test,
            on=day,
            at=moment(day, 16),
        )

    return happen
