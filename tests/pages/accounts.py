"""The pages of accounts, jobs and the service itself."""

from datetime import date

from ncpi.accounts import operations, password_links
from ncpi.accounts.models import Membership
from ncpi.accounts.permissions import Permission
from ncpi.jobs import operations as jobs
from ncpi.jobs.models import Job
from tests.factories import NOW, make_user
from tests.pages.base import Page


def build(world):
    """One colleague to manage, one job to look at."""
    colleague = make_user("lead", force=world.force)
    role = Membership.objects.get(user=colleague)
    operations.end_role(by=world.people["administrator"], membership=role, version=role.version, on=date(2021, 6, 14))
    world.made["colleague"] = colleague
    world.made["role"] = role
    world.made["job"] = jobs.enqueue(by=colleague, kind="send_mail", key="x", args={}, force=world.force, at=NOW)
    Job.objects.filter(pk=world.made["job"].pk).update(state="failed")


def colleague(world):
    return {"pk": world.made["colleague"].pk}


def job(world):
    return {"pk": world.made["job"].pk}


def link(world):
    uid, token = password_links.parts_for(world.made["colleague"])
    return {"uid": uid, "token": token}


PEOPLE = Permission.PEOPLE_MANAGE

PAGES = [
    Page("home", None),
    # Who is signed in is sent home.
    Page("sign-in", "public", get=302),
    Page("sign-out", "public", get=None),
    Page("help", "public"),
    Page("accessibility", "public"),
    Page("data-protection", "public"),
    Page("accounts:account", None),
    Page("accounts:change-password", None),
    Page("accounts:end-sessions", None, get=None),
    Page("accounts:reminders", None, get=None),
    Page("accounts:set-password", "public", link),
    Page("accounts:job", None, job),
    Page("accounts:job-progress", None, job),
    Page("accounts:people", PEOPLE),
    Page("accounts:people-export", PEOPLE, lambda world: {"kind": "csv"}),
    Page("accounts:invite", PEOPLE),
    Page("accounts:access-review", PEOPLE),
    Page("accounts:person", PEOPLE, colleague),
    Page("accounts:password-link", PEOPLE, colleague, get=None),
    Page("accounts:end-role", PEOPLE, lambda world: {"pk": world.made["role"].pk}, get=None),
    Page("accounts:journal", Permission.JOURNAL_VIEW),
    Page("accounts:journal-export", Permission.JOURNAL_VIEW),
    Page("accounts:journal-reading", Permission.JOURNAL_VIEW),
    Page("accounts:operations", Permission.OPERATIONS_VIEW),
    Page("accounts:retry-job", Permission.OPERATIONS_VIEW, job, get=None),
]
