"""Small real things for tests, made by the operations where there are any."""

import io
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from cases import extract_operations as extracts
from cases import operations as cases
from cases.checking import check_extract, look
from cases.extract import REQUIRED_COLUMNS, own_columns
from ncpi.accounts import operations as accounts
from ncpi.accounts.models import User
from ncpi.accounts.sessions import SessionStore
from ncpi.actions import operations as actions
from ncpi.inspections import demo
from ncpi.inspections import operations as inspections
from ncpi.inspections.models import Force
from ncpi.lib.uploads import as_it_is
from ncpi.selfassessment import operations as selfassessment
from ncpi.selfassessment.models import Judgement

PASSWORD = "a long enough password"
NOW = datetime(2021, 6, 14, 9, 0, tzinfo=UTC)
TODAY = date(2021, 6, 14)


def make_force(name="Fenshire Constabulary"):
    """Return the force of this name; its slug is the first word."""
    return Force.objects.get_or_create(name=name, defaults={"slug": name.split()[0].lower()})[0]


def make_user(*roles, force=None, name=None):
    """Return a person with these roles (keys of ROLES) in the force, for ever."""
    number = User.objects.count() + 1
    name = name or f"{(roles or ('nobody',))[0]} {number}"
    user = User(email=f"user{number}@{(force.slug if force else 'nowhere')}.test", name=name, created_at=NOW)
    user.set_password(PASSWORD)
    user.save()
    for role in roles:
        accounts.give_role(by=user, user=user, force=force, role=role, on=date(2020, 1, 1))
    return user


def client_of(user):
    """Return a browser with a session of the person, as signing in leaves it and without its dozen statements."""
    signed_in = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "ncpi.accounts.backends.MembersBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    session = Session(
        session_key=get_random_string(32, VALID_KEY_CHARS),
        session_data=SessionStore().encode(signed_in),
        expire_date=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    session.save(force_insert=True)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def make_programme(key="ncpi-2020"):
    """Return a programme that the product ships, adopted once in each test database."""
    return demo.programme(key)


def make_inspection(force=None, *, by=None, programme=None, name="Inspection 2021", **dates):
    """Return an open inspection with the dates of the demonstration, unless told otherwise."""
    force = force or make_force()
    return inspections.open_inspection(
        by=by,
        force=force,
        programme=programme or make_programme(),
        name=name,
        at=NOW,
        **{
            "notice_date": date(2021, 5, 24),
            "fieldwork_start_date": date(2021, 7, 5),
            "fieldwork_end_date": date(2021, 7, 16),
            "evidence_from_date": date(2020, 7, 1),
            "evidence_to_date": date(2021, 6, 30),
            **dates,
        },
    )


def make_extract(*, each=6):
    """Return the bytes of a valid case extract with so many cases of each type of the 2020 programme."""
    types = make_programme().case_types.order_by("order", "pk").values_list("key", flat=True)
    lines = [",".join(REQUIRED_COLUMNS)]
    for key in types:
        lines += [
            f"FN{key[:3].upper()}{number:03d}/21,{key},North,Team {number % 2 + 1},2021-01-{number % 28 + 1:02d},,"
            for number in range(each)
        ]
    return "\n".join(lines).encode()


def make_frame(inspection, *, by=None, each=6, frozen=True):
    """Return the inspection's frame, frozen unless told otherwise."""
    by = by or make_user("coordinator", force=inspection.force)
    frame = cases.import_extract(
        by=by, inspection=inspection, file_name="extract.csv", data=make_extract(each=each), at=NOW
    )
    return cases.freeze_frame(by=by, frame=frame, version=frame.version, at=NOW) if frozen else frame


def make_refused_extract(inspection, *, by):
    """Return a file that was brought and found wrong: nothing of it was kept but its problems."""
    data = b"reference,case_type,district,team,reported_on,finalised_on,outcome\nA1,unheard,North,Team 1,2021-01-01,,"
    document = as_it_is(io.BytesIO(data), "wrong.csv", extension="csv", media_type="text/csv")
    seen = look(document.file, "csv")
    extract = extracts.bring_extract(by=by, inspection=inspection, document=document, look=seen, at=NOW)
    extract = extracts.start_import(by=by, extract=extract, mapping=own_columns(seen.header), now=NOW)
    with check_extract(document.file, "csv", mapping=extract.mapping, **cases.types_of(inspection)) as checked:
        return extracts.finish_import(by=by, extract=extract, checked=checked, at=NOW)


def make_plan(inspection, *, by=None, each=6, sizes=None, second_grading_percent=20, spread="type"):
    """Return a sample with its plan fixed and nothing drawn: two of each type unless told otherwise."""
    by = by or make_user("coordinator", force=inspection.force)
    frame = make_frame(inspection, by=by, each=each)
    keys = inspection.programme.case_types.values_list("key", flat=True)
    sizes = dict.fromkeys(keys, 2) if sizes is None else sizes
    return cases.fix_plan(
        by=by, frame=frame, sizes=sizes, second_grading_percent=second_grading_percent, spread=spread, at=NOW
    )


def make_sample(inspection, *, by=None, seed="a seed", **plan):
    """Return a drawn sample; its cases are `sample.cases`."""
    by = by or make_user("coordinator", force=inspection.force)
    return cases.draw_sample(by=by, sample=make_plan(inspection, by=by, **plan), seed=seed, at=NOW)


def make_recommendation(inspection, *, by=None, number="1", report="National child protection inspection", **values):
    """Return a recommendation in the tracker of the inspection's force."""
    made = actions.enter_report(
        by=by, inspection=inspection, title=report, published_date=values.pop("published_date", date(2021, 3, 1))
    )
    return actions.enter_recommendation(
        by=by,
        inspection=inspection,
        report=made,
        on=TODAY,
        at=NOW,
        **{"number": number, "text": "Review the response", "deadline_kind": "within_3_months", **values},
    )


def make_action(inspection, *, by, owner=None, title="Review the response", **values):
    """Return an open action; whoever raised it owns it, unless told otherwise."""
    return actions.raise_action(
        by=by,
        inspection=inspection,
        title=title,
        owner=owner or by,
        at=NOW,
        **{"due_date": date(2021, 7, 1), "on": TODAY, **values},
    )


def make_self_assessment(inspection, *, by=None):
    """Begin the inspection's self-assessment and return its judgements in the programme's order."""
    selfassessment.begin(by=by, inspection=inspection, at=NOW)
    rows = Judgement.objects.filter(inspection=inspection)
    return list(rows.select_related("inspection__force", "inspection__programme", "criterion__area").in_order())


def judge(judgement, *, by, grade="good", **texts):
    """Save a judgement with this grade (its key) and these texts."""
    found = judgement.inspection.programme.grades.get(key=grade)
    texts = {"narrative": "We do this.", "impact": "", "gaps": "", "plan": "", **texts}
    return selfassessment.save_judgement(
        by=by, judgement=judgement, version=judgement.version, grade=found, texts=texts, at=NOW
    )


def agree_all(judgements, *, lead, reviewer):
    """Have each of these judged, sent and agreed."""
    for row in judgements:
        inspection = row.inspection
        saved = judge(row, by=lead)
        saved.inspection = inspection
        sent = selfassessment.send_for_review(by=lead, judgement=saved, version=saved.version, at=NOW)
        sent.inspection = inspection
        selfassessment.agree(by=reviewer, judgement=sent, version=sent.version, at=NOW)


def make_agreed(inspection, *, lead):
    """Begin a self-assessment whose judgements all stand agreed, in one statement: for tests of the whole return."""
    make_self_assessment(inspection, by=lead)
    good = inspection.programme.grades.get(key="good")
    held = Judgement.objects.filter(inspection=inspection)
    held.update(
        grade=good, narrative="We do this.", state="agreed", saved_by=lead, saved_at=NOW, version=F("version") + 1
    )
    rows = held.select_related("inspection__force", "inspection__programme", "criterion__area", "grade")
    return list(rows.in_order())


def make_evidence(inspection, *, by, title="Dip sample of June", judgement=None, document=None, **fields):
    """Return a link (or a document) in the evidence library that speaks for the whole evidence period."""
    return selfassessment.add_evidence(
        by=by,
        inspection=inspection,
        judgement=judgement,
        document=document,
        shows="Shows that it works." if judgement else "",
        at=NOW,
        fields={
            "title": title,
            "kind": "audit",
            "period_from_date": date(2020, 7, 1),
            "period_to_date": date(2021, 6, 30),
            "review_date": None,
            "marking": "official",
            "link": "https://intranet.test/dip-sample",
            **fields,
        },
    )
