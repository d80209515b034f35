"""A whole return from nothing to the next inspection, with the product's own processes.

Three people fill in all 37 criteria of the 2020 programme at once, two of them in browsers of their own, while Redis is
restarted and PostgreSQL crashes. A ledger kept by the people says what was acknowledged.
"""

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from threading import Barrier, Event
from types import SimpleNamespace

import docx
import pytest
from openpyxl import load_workbook

from ncpi.jobs.models import Mail
from ncpi.selfassessment.canonical import TEXTS
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.return_models import SubmittedReturn
from tests.browsers import PATIENCE, complaints_of
from tests.factories import make_force, make_inspection, make_user
from tests.selfassessment.own_service import own_service, wait_until
from tests.selfassessment.test_browser import sign_in_by_form
from tests.selfassessment.visitors import Visitor
from tests.selfassessment.workbooks import typed_into

pytestmark = pytest.mark.browser

CRITERIA, CONTESTED = 37, 4
ROLES = ("coordinator", "reviewer", "chief_officer", "inspector", "administrator")
LATER = {
    "notice_date": date(2024, 9, 30), "fieldwork_start_date": date(2024, 11, 18),
    "fieldwork_end_date": date(2024, 11, 29), "evidence_from_date": date(2023, 10, 1),
    "evidence_to_date": date(2024, 9, 30),
}  # fmt: skip
EVIDENCE = b"month,answered in time\nMay,61\nJune,74\n"


@pytest.fixture
def service(django_db_setup, django_db_blocker, tmp_path):
    with django_db_blocker.unblock(), own_service(tmp_path / "service") as running:
        yield running


@pytest.fixture
def window(browser, service):
    """`window(user)` is a browser profile of the person's own, signed in; nothing in it may complain."""
    opened, complaints = [], []

    def of(user):
        context = browser.new_context(base_url=service.url, locale="en-GB", timezone_id="Europe/London")
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        complaints.append(complaints_of(page))
        sign_in_by_form(page, user)
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    yield of
    for context in opened:
        context.close()
    assert [said for found in complaints for said in found] == []


@dataclass
class Ledger:
    """What was acknowledged: who may say that it is saved, and so must find it again."""

    texts: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    moves: Counter = field(default_factory=Counter)


@pytest.fixture
def story(service):
    force = make_force()
    inspection = make_inspection(force)
    people = {role: make_user(role, force=force, name=f"The {role}") for role in ROLES}
    leads = [make_user("lead", force=force, name=f"Lead {number}") for number in (1, 2, 3)]
    visitors = {role: Visitor(service.url).sign_in(people[role]) for role in ROLES}
    root = f"/inspections/{inspection.ref}/self-assessment"
    return SimpleNamespace(
        service=service, force=force, inspection=inspection, people=people, leads=leads, visitors=visitors, root=root,
        ledger=Ledger(),
    )  # fmt: skip


def rows_of(inspection):
    rows = Judgement.objects.filter(inspection=inspection).select_related("criterion", "grade", "lead")
    return list(rows.in_order())


def begin_and_assign(story):
    """The co-ordinator begins, and gives each lead a third of the criteria."""
    coordinator, root = story.visitors["coordinator"], story.root
    coordinator.send(root, to=f"{root}/begin")
    keys = [row.criterion.key for row in rows_of(story.inspection)]
    story.contested = keys[-CONTESTED:]
    story.own = [keys[number : CRITERIA - CONTESTED : 3] for number in range(3)]
    for lead, own in zip(story.leads, story.own, strict=True):
        chosen = [f"{row.pk}:{row.version}" for row in rows_of(story.inspection) if row.criterion.key in own]
        typed = {"criteria": chosen, "lead": lead.pk, "reviewer": story.people["reviewer"].pk}
        assert coordinator.send(f"{root}/assign", **typed)[0] == 302
    story.versions = {row.criterion.key: row.version for row in rows_of(story.inspection)}


def text_of(number, key):
    return f"Lead {number + 1} on {key}: each call about a child is answered & recorded, “at once”.\n\nEvery week."


def fill_in(story, number, visitor, keys, then=""):
    """Write and send one's own criteria, over HTTP."""
    for key in keys:
        to, text = f"{story.root}/{key}/save", text_of(number, key)
        status, _ = visitor.send(f"{story.root}/{key}", to=to, narrative=text, grade=story.good, then="send")
        assert status == 302
        story.ledger.texts[key] = text
        story.ledger.moves[key] += 2


def contend(story, number, visitor):
    """Add a line to criteria that the others write in at the same time; whoever comes second brings both together."""
    for key in story.contested:
        to, line = f"{story.root}/{key}/save", f"Line of lead {number + 1}."
        page = visitor.page(f"{story.root}/{key}")
        typed = {"narrative": f"{narrative_in(page)}\n{line}".strip(), "grade": story.good}
        story.all_have_read.wait(120)
        status, page = visitor.send_form(page, to, **typed)
        while status == 409:
            if page.xpath("//button[@name='join'][@value='narrative']"):
                status, page = visitor.send_form(page, to, join="narrative", grade=story.good)
                assert status == 200
            story.conflicts += 1
            status, page = visitor.send_form(page, to, grade=story.good)
        assert status == 302
        story.ledger.lines.setdefault(key, []).append(line)
        story.ledger.moves[key] += 1


def narrative_in(page):
    return page.xpath("//textarea[@name='narrative']")[0].value.strip().replace("\r\n", "\n")


def type_judgement(page, story, key, text):
    page.goto(f"{story.root}/{key}")
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("What we do").fill(text)
    page.get_by_text("Your typing is kept.").wait_for()


def save(page, story, key, text, button="Save and send for review"):
    page.get_by_role("button", name=button, exact=True).click()
    acknowledged(page, story, key, text)


def acknowledged(page, story, key, text):
    page.get_by_text("This judgement is in review. Nobody changes it").wait_for()
    story.ledger.texts[key] = text
    story.ledger.moves[key] += 2


def fill_in_all_at_once(story, first, second):
    """Three leads at once: two type in their browsers and send forms from the same sessions, the third sends forms.

    1. Redis is away: saving works, and a mail that is asked for waits.
    2. PostgreSQL crashes: what is typed stays, what is sent is sent again when it is back.
    """
    story.conflicts, story.all_have_read = 0, Barrier(len(story.leads))
    story.good = str(story.inspection.programme.grades.get(key="good").pk)
    visitors = [Visitor(story.service.url, cookies_of(page)) for page in (first, second)]
    visitors.append(Visitor(story.service.url).sign_in(story.leads[2]))
    half, end = Event(), Event()
    typed = [story.own[number][:2] for number in (0, 1)]

    def work(number):
        keys = [key for key in story.own[number] if number == 2 or key not in typed[number]]
        fill_in(story, number, visitors[number], keys[: len(keys) // 2])
        assert half.wait(120)
        contend(story, number, visitors[number])
        fill_in(story, number, visitors[number], keys[len(keys) // 2 : -1])
        assert end.wait(120)
        fill_in(story, number, visitors[number], keys[-1:])

    with ThreadPoolExecutor(3) as pool:
        working = [pool.submit(work, number) for number in range(3)]
        try:
            with_redis_away(story, first, typed[0][0])
            with_a_database_that_crashes(story, (first, second), (typed[0][1], typed[1]), visitors, half, end)
        finally:
            half.set()
            end.set()
        for one in working:
            one.result()
    story.refused = sum(visitor.refused for visitor in visitors)


def with_redis_away(story, page, key):
    with story.service.without_redis():
        type_judgement(page, story, key, text_of(0, key))
        save(page, story, key, text_of(0, key))
        invitation = {"name": "Lead 4", "email": "lead4@fenshire.test", "role": "lead", "force": str(story.force.pk)}
        status, _ = story.visitors["administrator"].send("/people/invite", **invitation)
        assert status == 302


def with_a_database_that_crashes(story, pages, keys, visitors, half, end):
    (first, second), (mine, theirs) = pages, keys
    type_judgement(first, story, mine, text_of(0, mine))
    type_judgement(second, story, theirs[0], "Kept before the crash.")
    half.set()
    with story.service.without_postgres():
        end.set()
        wait_until(lambda: all(visitor.refused for visitor in visitors))
        first.get_by_role("button", name="Save and send for review").click()
        first.get_by_role("heading", name="Try again in a moment").wait_for()
        first.get_by_role("button", name="Send it again").click()
        shown = first.get_by_label("What you typed").input_value()
        second.get_by_label("What we do").fill(text_of(1, theirs[0]))
        second.get_by_text("No connection. Your typing is on this page only").wait_for()
    assert shown == text_of(0, mine)
    first.get_by_role("button", name="Send it again").click()
    acknowledged(first, story, mine, shown)
    second.get_by_text("Your typing is kept.").wait_for()
    second.goto("about:blank")
    second.goto(f"{story.root}/{theirs[0]}")
    second.get_by_text("Your unsaved text is back.").wait_for()
    save(second, story, theirs[0], text_of(1, theirs[0]))
    type_judgement(second, story, theirs[1], text_of(1, theirs[1]))
    save(second, story, theirs[1], text_of(1, theirs[1]))


def cookies_of(page):
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def check_the_ledger(story):
    """What was acknowledged is there, once, and nothing else is."""
    rows = {row.criterion.key: row for row in rows_of(story.inspection)}
    alone = {key: row.narrative for key, row in rows.items() if key not in story.contested}
    assert alone == story.ledger.texts
    assert {key: row.version - story.versions[key] for key, row in rows.items()} == dict(story.ledger.moves)
    for key in story.contested:
        written = rows[key].narrative
        assert sorted(line for line in story.ledger.lines[key] if line in written.split("\n")) == [
            f"Line of lead {number}." for number in (1, 2, 3)
        ]
    assert story.refused >= 3
    assert story.conflicts >= 2 * CONTESTED
    wait_until(lambda: Mail.objects.filter(sent_at=None).count() == 0)
    assert Mail.objects.count() == 1


def review_all(story, lead):
    """What three wrote together is sent by one of them; one is returned and comes again; all are agreed."""
    root, reviewer = story.root, story.visitors["reviewer"]
    for key in story.contested:
        assert lead.send(f"{root}/{key}", to=f"{root}/{key}/save", then="send")[0] == 302
    returned = story.own[0][0]
    why = "Which weeks?"
    assert reviewer.send(f"{root}/{returned}/review", decision="return", text=why)[0] == 302
    assert why in lead.get(f"{root}/{returned}").decode()
    assert lead.send(f"{root}/{returned}", to=f"{root}/{returned}/save", then="send")[0] == 302
    for row in rows_of(story.inspection):
        assert reviewer.send(f"{root}/{row.criterion.key}/review", decision="agree")[0] == 302
    assert Counter(row.state for row in rows_of(story.inspection)) == {"agreed": CRITERIA}


def add_evidence(story, page, key):
    page.goto(f"{story.root}/evidence/add?criterion={key}")
    page.get_by_label("Title").fill("Calls answered in time")
    page.get_by_label("Document").set_input_files({"name": "Calls.csv", "mimeType": "text/csv", "buffer": EVIDENCE})
    page.get_by_label("Kind").select_option("data")
    page.get_by_label("Speaks for the time from").fill("2021-05-01")
    page.get_by_label("to", exact=True).fill("2021-06-30")
    page.get_by_label("OFFICIAL", exact=True).check()
    page.get_by_label("Owner").select_option(label="Lead 1")
    page.get_by_label("What it shows").fill("Three calls in four are answered in time.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Evidence added").wait_for()


def sign_it(page):
    page.get_by_label("I have read what is shown on this page.").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("Signed.", exact=True).wait_for()


def changes_on(page):
    """What the page's table says has changed: criterion, what, what went, what came."""
    return [
        (
            row.locator("th").inner_text(), row.locator("td").nth(0).inner_text(),
            row.locator("del").all_text_contents(), row.locator("ins").all_text_contents(),
        )
        for row in page.get_by_role("region", name="What changed").locator("tbody tr").all()
    ]  # fmt: skip


def change(story, lead, key, was, now):
    """A lead changes one criterion after signing, and the reviewer agrees it again."""
    to, text = f"{story.root}/{key}/save", text_of(0, key).replace(was, now)
    assert lead.send(f"{story.root}/{key}", to=to, narrative=text, then="send")[0] == 302
    assert story.visitors["reviewer"].send(f"{story.root}/{key}/review", decision="agree")[0] == 302


def sign_change_and_sign_again(story, page, lead, key):
    """The signature is valid, turns stale with exactly what changed, and signing again asks only about that."""
    page.goto(f"{story.root}/sign")
    sign_it(page)
    signature = page.url
    change(story, lead, key, "Every week", "Every day")
    title = next(row.criterion.title for row in rows_of(story.inspection) if row.criterion.key == key)
    changed = [(title, "What we do", ["removed: week."], ["added: day."])]
    page.goto(signature)
    states = [page.locator(".ncpi-page-head .govuk-tag").inner_text()]
    stale = changes_on(page)
    page.get_by_role("link", name="Sign again").click()
    page.get_by_role("heading", name="Since the last signature").wait_for()
    asked = changes_on(page)
    sign_it(page)
    states.append(page.locator(".ncpi-page-head .govuk-tag").inner_text())
    page.goto(signature)
    states.append(page.locator(".ncpi-page-head .govuk-tag").inner_text())
    assert (stale, asked) == (changed, changed)
    assert states == ["Stale: changed since signing", "Valid", "Superseded by a later signature"]


def read_return(page):
    """What a page of a submitted return says of each criterion."""
    found = {}
    for part in page.xpath("//section[starts-with(@aria-labelledby, 'criterion-')]"):
        labels = [label.text_content() for label in part.xpath("./h4")]
        texts = [text.text_content() for text in part.xpath("./p[contains(@class, 'ncpi-prose')]")]
        key = part.get("aria-labelledby").removeprefix("criterion-")
        found[key] = part.xpath("./p")[0].text_content().strip(), dict(zip(labels, texts, strict=False))
    return found


def said_by(rows):
    return {
        row.criterion.key: (
            row.grade.label, {label: getattr(row, name) for name, label in TEXTS.items() if getattr(row, name)}
        )
        for row in rows
    }  # fmt: skip


def submit_and_read(story, page, lead):
    """The inspectors read exactly what was submitted, and go on reading that when the force writes on."""
    inspector, root = story.visitors["inspector"], story.root
    page.goto(f"{root}/submit")
    page.get_by_label("Inspectors may read this return").check()
    page.get_by_role("button", name="Submit the return").click()
    page.get_by_text("Return 1 submitted. The inspectors can read it.").wait_for()
    submitted = said_by(rows_of(story.inspection))
    before = inspector.page(f"{root}/returns/1")
    key = story.own[1][0]
    assert lead.send(f"{root}/{key}", to=f"{root}/{key}/save", narrative="A draft that nobody submitted.")[0] == 302
    after = inspector.page(f"{root}/returns/1")
    file = after.xpath("//a[text()='Calls answered in time']/@href")
    assert read_return(before) == read_return(after) == submitted
    assert [inspector.get(address) for address in file] == [EVIDENCE]
    return submitted


def check_exports(story, lead):
    """Word and Excel say what the rows say, in the programme's order."""
    rows = rows_of(story.inspection)
    written = [line.text for line in docx.Document(io.BytesIO(lead.get(f"{story.root}/word"))).paragraphs]
    headings = [f"{row.criterion.key} {row.criterion.title}" for row in rows]
    assert [line for line in written if line in headings] == headings
    for heading, row in zip(headings, rows, strict=True):
        start = written.index("What we do", written.index(heading)) + 1
        paragraphs = [line for line in row.narrative.split("\n") if line]
        assert written[start : start + len(paragraphs)] == paragraphs
    taken = lead.get(f"{story.root}/workbook/file")
    sheet = load_workbook(io.BytesIO(taken))["Judgements"]
    assert [(line[0], line[5], line[6]) for line in sheet.iter_rows(min_row=2, values_only=True) if line[0]] == [
        (row.criterion.key, row.grade.label, row.narrative) for row in rows
    ]
    return taken


def bring_the_workbook_back(story, page, taken, tmp_path):
    """Two cells filled in offline come back and nothing else changes."""
    before = said_by(rows_of(story.inspection))
    file = tmp_path / "Return.xlsx"
    file.write_bytes(typed_into(taken, {"G2": "Typed offline.", "H3": "Typed offline, too."}))
    page.goto(f"{story.root}/workbook")
    page.get_by_label("Workbook that you filled in").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("button", name="Apply these changes").click()
    page.get_by_text("2 cells of 2 criteria changed.").wait_for()
    first, second = list(before)[:2]
    before[first][1]["What we do"], before[second][1]["Impact for children"] = (
        "Typed offline.", "Typed offline, too.",
    )  # fmt: skip
    assert said_by(rows_of(story.inspection)) == before


def bring_forward(story, lead, submitted):
    """The next inspection begins with what was submitted, marked as carried over until somebody touches it."""
    later = make_inspection(story.force, name="Inspection 2024", **LATER)
    root, coordinator = f"/inspections/{later.ref}/self-assessment", story.visitors["coordinator"]
    coordinator.send(root, to=f"{root}/begin")
    assert coordinator.send(f"{root}/bring-forward")[0] == 302
    rows = rows_of(later)
    assert said_by(rows) == submitted
    assert [row.carried_from_id for row in rows] == [row.pk for row in rows_of(story.inspection)]
    touched, confirmed, refused = (row.criterion.key for row in rows[:3])
    assert lead.send(f"{root}/{touched}", to=f"{root}/{touched}/save", narrative="We do more.")[0] == 302
    assert lead.send(f"{root}/{confirmed}", to=f"{root}/{confirmed}/confirm")[0] == 302
    lead.send(f"{root}/{refused}", to=f"{root}/{refused}/save", then="send")
    carried = [row.criterion.key for row in rows_of(later) if row.carried_from_id]
    assert carried == [row.criterion.key for row in rows[3:]]


def test_three_people_make_a_return_that_outlives_its_servers(story, window, tmp_path):
    first, second = window(story.leads[0]), window(story.leads[1])
    begin_and_assign(story)
    assert len(story.versions) == CRITERIA

    fill_in_all_at_once(story, first, second)
    check_the_ledger(story)

    lead = Visitor(story.service.url, cookies_of(first))
    key = story.own[0][3]
    review_all(story, lead)
    add_evidence(story, first, key)
    chief = window(story.people["chief_officer"])
    sign_change_and_sign_again(story, chief, lead, key)
    submitted = submit_and_read(story, chief, lead)
    bring_the_workbook_back(story, first, check_exports(story, lead), tmp_path)
    bring_forward(story, lead, submitted)
    assert SubmittedReturn.objects.count() == 1
