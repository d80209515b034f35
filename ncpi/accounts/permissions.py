"""Who may do what: permissions as an enum, roles as described data. Nobody compares role names elsewhere."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    INSPECTION_VIEW = "inspection.view"
    INSPECTION_MANAGE = "inspection.manage"
    JUDGEMENT_VIEW = "judgement.view"
    DRAFT_VIEW = "judgement.draft"
    JUDGEMENT_EDIT = "judgement.edit"
    JUDGEMENT_REVIEW = "judgement.review"
    JUDGEMENT_ASSIGN = "judgement.assign"
    SIGN = "judgement.sign"
    RETURN_SUBMIT = "return.submit"
    SAMPLE_VIEW = "sample.view"
    SAMPLE_MANAGE = "sample.manage"
    RETENTION_MANAGE = "retention.manage"
    AUDIT_DO = "audit.do"
    AUDIT_MODERATE = "audit.moderate"
    AUDIT_FIGURES_VIEW = "audit.figures"
    GUIDANCE_VIEW = "audit.guidance"
    INSPECTOR_GRADES = "audit.inspector"
    CONCERN_VIEW = "concern.view"
    CONCERN_HANDLE = "concern.handle"
    FIELDWORK_VIEW = "fieldwork.view"
    FIELDWORK_NOTES = "fieldwork.notes"
    FIELDWORK_MANAGE = "fieldwork.manage"
    ACTION_VIEW = "action.view"
    ACTION_EDIT = "action.edit"
    ACTION_UPDATE = "action.update"
    ACTION_CLOSE = "action.close"
    SUMMARY_VIEW = "summary.view"
    SUMMARY_COMPILE = "summary.compile"
    SUMMARY_APPROVE = "summary.approve"
    BOARD_VIEW = "board.view"
    BOARD_RESPOND = "board.respond"
    FIGURE_VIEW = "figure.view"
    JOURNAL_VIEW = "journal.view"
    PEOPLE_MANAGE = "people.manage"
    OPERATIONS_VIEW = "operations.view"


@dataclass(frozen=True)
class Role:
    """A role as an information governance officer can read and sign it."""

    key: str
    title: str
    description: str
    permissions: frozenset[Permission]


P = Permission
_READS_OPEN = {P.INSPECTION_VIEW, P.ACTION_VIEW}
_READS_ALL_OPEN = _READS_OPEN | {P.JUDGEMENT_VIEW, P.DRAFT_VIEW, P.FIELDWORK_VIEW, P.FIELDWORK_NOTES, P.FIGURE_VIEW}

ROLES = {
    role.key: role
    for role in [
        Role(
            "administrator",
            "Force administrator",
            "Invites people and gives and ends roles. Sees no case.",
            frozenset({P.INSPECTION_VIEW, P.PEOPLE_MANAGE, P.OPERATIONS_VIEW}),
        ),
        Role(
            "coordinator",
            "Inspection co-ordinator",
            "Runs the inspection: dates, sample, timetable, actions, readiness. Hands the inspectors the return that a "
            "chief officer signed. Sees cases and concerns, grades none, writes down what inspectors graded; one of "
            "the two who erase cases.",
            frozenset(
                _READS_ALL_OPEN
                | {P.INSPECTION_MANAGE, P.JUDGEMENT_ASSIGN, P.RETURN_SUBMIT, P.SAMPLE_VIEW, P.SAMPLE_MANAGE}
                | {P.RETENTION_MANAGE, P.INSPECTOR_GRADES}
                | {P.AUDIT_FIGURES_VIEW, P.CONCERN_VIEW, P.CONCERN_HANDLE, P.FIELDWORK_MANAGE, P.ACTION_EDIT}
                | {P.ACTION_UPDATE, P.SUMMARY_VIEW, P.SUMMARY_COMPILE, P.OPERATIONS_VIEW, P.BOARD_VIEW}
            ),
        ),
        Role(
            "lead",
            "Safeguarding lead",
            "Writes judgements and attaches evidence; updates the actions given to them. Sees no case.",
            frozenset(_READS_ALL_OPEN | {P.JUDGEMENT_EDIT, P.ACTION_UPDATE}),
        ),
        Role(
            "reviewer",
            "Reviewer",
            "Agrees or returns judgements written by others. Sees no case.",
            frozenset(_READS_ALL_OPEN | {P.JUDGEMENT_REVIEW, P.ACTION_UPDATE}),
        ),
        Role(
            "auditor",
            "Case auditor",
            "Reads and grades the cases given to them, and raises a concern about a child.",
            frozenset({P.INSPECTION_VIEW, P.AUDIT_DO, P.GUIDANCE_VIEW}),
        ),
        Role(
            "moderator",
            "Moderator",
            "Resolves gradings that differ and sees agreement. Grades no case as first or second auditor.",
            frozenset({P.INSPECTION_VIEW, P.SAMPLE_VIEW, P.AUDIT_MODERATE, P.AUDIT_FIGURES_VIEW})
            | {P.GUIDANCE_VIEW, P.CONCERN_VIEW, P.FIGURE_VIEW},
        ),
        Role(
            "chief_officer",
            "Chief officer",
            "Signs the self-assessment and submits it to the inspectors, approves and releases the readiness summary, "
            "closes actions, sees concerns; one of the two who erase cases.",
            frozenset(
                _READS_ALL_OPEN
                | {
                    P.RETENTION_MANAGE,
                    P.SIGN,
                    P.RETURN_SUBMIT,
                    P.CONCERN_VIEW,
                    P.CONCERN_HANDLE,
                    P.AUDIT_FIGURES_VIEW,
                    P.ACTION_CLOSE,
                }
                | {P.SUMMARY_VIEW, P.SUMMARY_COMPILE, P.SUMMARY_APPROVE, P.BOARD_VIEW}
            ),
        ),
        Role(
            "inspector",
            "Inspector",
            "Reads the returns that the force submitted, grades cases as inspector, sees the timetable without the "
            "force's own notes on it.",
            frozenset({P.INSPECTION_VIEW, P.JUDGEMENT_VIEW, P.FIELDWORK_VIEW, P.INSPECTOR_GRADES, P.ACTION_VIEW}),
        ),
        Role(
            "board_member",
            "Board member",
            "Reads released readiness summaries and papers, and notes, asks or decides. Sees no case.",
            frozenset({P.INSPECTION_VIEW, P.BOARD_VIEW, P.BOARD_RESPOND, P.FIGURE_VIEW}),
        ),
        Role(
            "action_owner",
            "Action owner",
            "Updates and proves the actions given to them.",
            frozenset(_READS_OPEN | {P.ACTION_UPDATE}),
        ),
        Role(
            "information_governance",
            "Information governance",
            "Reads the journal of who did and saw what. One of the two who erase cases; reads none.",
            frozenset({P.INSPECTION_VIEW, P.JOURNAL_VIEW, P.RETENTION_MANAGE}),
        ),
    ]
}


def roles_with(permission: Permission) -> list[str]:
    """Return the keys of the roles that carry the permission."""
    return [role.key for role in ROLES.values() if permission in role.permissions]
