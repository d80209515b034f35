"""Inviting, giving and ending roles: by an administrator, in their force, and never for themselves."""

import re
from datetime import date

import pytest

from ncpi.accounts import operations
from ncpi.accounts.models import JournalEntry, Membership, User
from ncpi.accounts.password_links import parts_for
from ncpi.jobs.models import Job, Mail
from tests.factories import NOW, PASSWORD, TODAY, client_of, make_force, make_user
from tests.pages.base import comparable

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def administrator(force):
    return make_user("administrator", force=force)


def link_in(mail):
    return re.search(r"https?://\S+?(/set-password/\S+)", mail.body)[1]


def test_an_invited_person_sets_a_password_once_and_signs_in(client, force, administrator):
    client_of(administrator).post(
        "/people/invite",
        {"name": "Detective Inspector 9", "email": "New@Fenshire.test", "force": force.pk, "role": "lead"},
    )
    mail = Mail.objects.get()
    link = link_in(mail)

    set_it = client.post(link, {"password": "three random words"})
    again = client.get(link)
    signed_in = client.post("/sign-in", {"email": "new@fenshire.test", "password": "three random words"})

    assert (mail.to, Job.objects.get().kind) == ("new@fenshire.test", "send_mail")
    assert (set_it.status_code, set_it["Location"]) == (302, "/sign-in")
    assert again.status_code == 404
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/")
    assert list(Membership.objects.filter(user__email="new@fenshire.test").values_list("role", flat=True)) == ["lead"]


def test_a_weak_password_is_refused_by_the_link_and_the_link_still_works(client, force, administrator):
    user = operations.invite_to_role(
        by=administrator, force=force, email="x@fenshire.test", name="X", role="lead", on=TODAY, at=NOW,
        link_to=lambda user: "http://testserver" + "/set-password/{}/{}".format(*parts_for(user)),
    )  # fmt: skip
    link = link_in(Mail.objects.get())

    refused = client.post(link, {"password": "short"})
    accepted = client.post(link, {"password": "three random words"})
    user.refresh_from_db()

    assert refused.status_code == 200
    assert accepted.status_code == 302
    assert user.check_password("three random words") is True


def test_a_link_of_nonsense_answers_as_a_used_one(client):
    answers = {client.get(f"/set-password/{uid}/{token}").content for uid, token in LINKS_OF_NONSENSE}

    assert len(answers) == 1


LINKS_OF_NONSENSE = [("MQ", "x-y"), ("zzz", "abc"), ("OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "c0-1"), ("_", "_")]


def test_an_invited_person_with_a_password_is_only_told_of_the_role(force, administrator):
    known = make_user("auditor", force=make_force("Wessmouth Police"))

    operations.invite_to_role(
        by=administrator, force=force, email=known.email.upper(), name="Whoever", role="lead", on=TODAY, at=NOW,
        link_to=lambda user: "http://testserver/never",
    )  # fmt: skip

    assert "http" not in Mail.objects.get().body
    assert User.objects.get(pk=known.pk).name == known.name


def test_nobody_gives_a_role_to_themselves(force, administrator):
    with pytest.raises(operations.OwnRole):
        operations.grant_role(
            by=administrator, user=administrator, force=force, role="chief_officer", on=TODAY, starts_date=TODAY,
            ends_date=None,
        )  # fmt: skip

    assert list(Membership.objects.values_list("role", flat=True)) == ["administrator"]


def test_a_role_held_already_is_refused_aloud(force, administrator):
    lead = make_user("lead", force=force)

    with pytest.raises(operations.RoleAlreadyHeld):
        operations.grant_role(
            by=administrator, user=lead, force=force, role="lead", on=TODAY, starts_date=TODAY, ends_date=None
        )


def test_a_role_that_ends_before_it_starts_is_refused(force, administrator):
    lead = make_user("lead", force=force)

    with pytest.raises(operations.EndsBeforeItStarts):
        operations.grant_role(
            by=administrator, user=lead, force=force, role="auditor", on=TODAY, starts_date=TODAY, ends_date=TODAY
        )


def test_a_role_that_ends_counts_for_nothing_from_the_next_request(force, administrator):
    governance = make_user("information_governance", force=force)
    browser = client_of(governance)
    before = browser.get("/journal").status_code
    role = Membership.objects.get(user=governance)

    client_of(administrator).post(f"/people/roles/{role.pk}/end", {"version": role.version})

    assert (before, browser.get("/journal").status_code) == (200, 403)


def test_ending_a_role_twice_at_once_is_refused_the_second_time(force, administrator):
    role = Membership.objects.get(user=make_user("lead", force=force))
    operations.end_role(by=administrator, membership=role, version=1, on=TODAY)

    stale = client_of(administrator).post(f"/people/roles/{role.pk}/end", {"version": "1"}, follow=True)

    assert [str(message) for message in stale.context["messages"]] == [
        "Somebody else saved this while you were working on it."
    ]


def test_the_last_administrator_stays(force, administrator):
    role = Membership.objects.get(user=administrator)

    with pytest.raises(operations.LastAdministrator):
        operations.end_role(by=administrator, membership=role, version=1, on=TODAY)

    make_user("administrator", force=force)
    operations.end_role(by=administrator, membership=role, version=1, on=date(2021, 6, 15))
    assert Membership.objects.get(pk=role.pk).ends_date == date(2021, 6, 15)


def test_people_of_another_force_do_not_exist(force, administrator):
    stranger = make_user("lead", force=make_force("Wessmouth Police"))
    role = Membership.objects.get(user=stranger)
    browser = client_of(administrator)

    seen = browser.get("/people").content.decode()
    answers = {
        comparable(browser.get(f"/people/{stranger.pk}")),
        comparable(browser.get("/people/99999999")),
        comparable(browser.post(f"/people/roles/{role.pk}/end", {"version": 1})),
    }

    assert stranger.name not in seen
    assert len(answers) == 1
    assert Membership.objects.get(pk=role.pk).ends_date is None


def test_a_role_cannot_be_given_in_a_force_that_one_does_not_manage(force, administrator):
    other = make_force("Wessmouth Police")
    lead = make_user("lead", force=force)

    answer = client_of(administrator).post(
        f"/people/{lead.pk}", {"force": other.pk, "role": "auditor", "starts_date": "2021-06-14"}
    )

    assert answer.status_code == 200
    assert Membership.objects.filter(force=other).count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_of_the_database_whatever_its_length(
    count, force, administrator, django_assert_num_queries
):
    for _ in range(count):
        make_user("lead", force=force)
    browser = client_of(administrator)
    browser.get("/people")

    with django_assert_num_queries(5):
        browser.get("/people")


def test_what_is_shown_is_what_is_exported(force, administrator):
    make_user("lead", force=force, name="=Lead 1")
    browser = client_of(administrator)

    exported = browser.get("/people/export.csv?role=lead").content.decode("utf-8-sig").splitlines()
    workbook = browser.get("/people/export.xlsx?role=lead")

    assert exported == [
        "name,email,force,role,from,until,last_seen",
        "'=Lead 1,user2@fenshire.test,Fenshire Constabulary,Safeguarding lead,2020-01-01,,",
    ]
    assert workbook.content[:2] == b"PK"
    assert browser.get("/people/export.exe").status_code == 404


def test_an_access_review_is_recorded_in_the_journal(force, administrator):
    make_user("lead", force=force)

    client_of(administrator).post("/people/review", {"force": force.pk})

    entry = JournalEntry.objects.get(verb="reviewed access")
    assert (entry.by, entry.force, entry.detail) == (administrator, force, "2 roles")


def test_an_access_review_of_another_force_does_not_exist(administrator):
    other = make_force("Wessmouth Police")

    answer = client_of(administrator).post("/people/review", {"force": other.pk})

    assert answer.status_code == 404


def test_changing_a_password_ends_the_other_sessions_only(force):
    user = make_user("lead", force=force)
    here, elsewhere = client_of(user), client_of(user)

    here.post("/account/password", {"current": PASSWORD, "password": "three random words"})

    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_wrong_current_password_changes_nothing(force):
    user = make_user("lead", force=force)

    client_of(user).post("/account/password", {"current": "guess", "password": "three random words"})

    assert User.objects.get(pk=user.pk).check_password(PASSWORD) is True


def test_ending_sessions_ends_the_others_only(force):
    user = make_user("lead", force=force)
    here, elsewhere = client_of(user), client_of(user)

    here.post("/account/end-sessions")

    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
