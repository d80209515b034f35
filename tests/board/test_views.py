import io
import json
import re
from html.parser import HTMLParser

import pytest
from docx import Document
from pypdf import PdfReader

from ncpi.board import operations
from ncpi.board.models import Response, Summary
from ncpi.board.wording import shown_figure
from ncpi.jobs.models import Job
from ncpi.lib.digests import sha256
from tests.board.conftest import AT
from tests.factories import client_of, make_force, make_inspection, make_user


def url(inspection, rest):
    return f"/inspections/{inspection.ref}/{rest}"


class Words(HTMLParser):
    """The text of a page's main part."""

    def __init__(self):
        super().__init__()
        self.depth, self.text = 0, []

    def handle_starttag(self, tag, attrs):
        if tag == "main":
            self.depth = 1

    def handle_endtag(self, tag):
        if tag == "main":
            self.depth = 0

    def handle_data(self, data):
        if self.depth:
            self.text.append(data)


def without_token(response):
    """A page but for the token against forged forms, which differs each time."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def words_of(response):
    parser = Words()
    parser.feed(response.content.decode())
    return " ".join(" ".join(parser.text).split())


def test_the_board_reads_the_released_summary(released, inspection, people):
    text = words_of(client_of(people["board_member"]).get(url(inspection, "board/")))

    assert "Summary 1, as at 12 July 2021 at 18:00, released by the chief_officer" in text
    assert "Of 22 audited cases, 6 were good (27%, 95% interval 13–48%)" in text


def test_the_board_sees_no_draft(compile_now, inspection, people):
    compile_now()
    client = client_of(people["board_member"])

    page = client.get(url(inspection, "board/"))
    answers = [client.get(url(inspection, f"summaries/1.{ending}")).status_code for ending in ("json", "pdf", "docx")]

    assert "No summary has been released to the Board yet." in words_of(page)
    assert (answers, client.get(url(inspection, "summaries/1/charts/claims.svg")).status_code) == ([404] * 3, 404)


def test_another_forces_summary_does_not_exist(released, inspection):
    elsewhere = make_user("board_member", "coordinator", force=make_force("Wolden Police"))
    client = client_of(elsewhere)

    answers = [client.get(url(inspection, rest)) for rest in ("board/", "summaries/1.json", "summaries/1/")]
    missing = client.get("/inspections/nothing-here/board/")

    assert {answer.status_code for answer in answers} == {404}
    assert {without_token(answer) for answer in answers} == {without_token(missing)}


def numbers_of(text):
    return re.findall(r"\d+(?:–\d+)?%?", text)


def test_every_number_on_the_dashboard_is_a_figure_of_the_json(released, inspection, people):
    client = client_of(people["board_member"])
    page, data = client.get(url(inspection, "board/")), client.get(url(inspection, "summaries/1.json")).json()
    shows = ("numerator", "denominator", "percent", "interval", "level")
    known = {shown_figure(figure, show) for figure in data["figures"] for show in shows}
    text = words_of(page)
    for words in (r"[0-9a-f]{64}", r"\d{1,2} [A-Z][a-z]+ \d{4}", r"\d{2}:\d{2}", r"Summary \d+", "Inspection 2021"):
        text = re.sub(words, " ", text)
    quoted = [row["ref"] for row in data["tracking"]["overdue"]["rows"]] + [
        words for row in data["tracking"]["repeats"] for words in (row["ref"], row["repeats"])
    ]
    for words in quoted:
        text = text.replace(words, " ", 1)

    assert [number for number in numbers_of(text) if number not in known] == []


def test_the_papers_say_what_the_json_says(released, inspection, people):
    client = client_of(people["board_member"])
    data = client.get(url(inspection, "summaries/1.json")).json()

    word = Document(io.BytesIO(client.get(url(inspection, "summaries/1.docx")).content))
    printed = PdfReader(io.BytesIO(client.get(url(inspection, "summaries/1.pdf")).content))

    figure = next(f for f in data["figures"] if f["id"] == "audit_good.force")
    sentence = f"Of {figure['denominator']} audited cases, {figure['numerator']} were good"
    squeezed = "".join("".join(page.extract_text() for page in printed.pages).split())
    assert [p.text for p in word.paragraphs if sentence in p.text] != []
    assert "".join(sentence.split()) in squeezed


def test_the_json_carries_number_state_and_what_the_digest_is_over(released, inspection, people):
    client = client_of(people["board_member"])

    data = client.get(url(inspection, "summaries/1.json")).json()
    frozen = client.get(url(inspection, "summaries/1.frozen.json")).content

    assert (data["number"], data["state"], data["digest"]) == (1, "released", sha256(frozen))
    assert {key: value for key, value in data.items() if key not in {"number", "state", "digest"}} == json.loads(frozen)


def test_the_dashboard_takes_six_queries(released, inspection, people, django_assert_num_queries):
    client = client_of(people["board_member"])
    client.get(url(inspection, "board/"))

    with django_assert_num_queries(6):
        client.get(url(inspection, "board/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_readiness_page_takes_the_same_queries_for_one_summary_and_for_three(
    rows, inspection, people, compile_now, django_assert_num_queries
):
    compile_now()
    for number in range(1, rows):
        by = people["coordinator"]
        operations.ask_board(by=by, inspection=inspection, kind="note", text=f"note {number}", at=AT)
        compile_now()
    client = client_of(people["coordinator"])
    client.get(url(inspection, "readiness/"))

    with django_assert_num_queries(9):
        page = client.get(url(inspection, "readiness/"))

    assert page.content.count(b"/summaries/") == rows


def test_a_chart_is_served_as_an_image_that_can_do_nothing(released, inspection, people):
    answer = client_of(people["board_member"]).get(url(inspection, "summaries/1/charts/claims.svg"))

    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_figures_page_says_what_it_counts_and_how_it_went(released, inspection, people):
    text = words_of(
        client_of(people["board_member"]).get(url(inspection, "summaries/1/figures/audit_grade.force.good"))
    )

    assert "6 of 22" in text
    assert "27%, 95% Wilson interval 13–48%" in text
    assert "12 July 2021 at 18:00" in text


def test_a_held_back_figure_shows_no_number(released, inspection, people):
    address = url(inspection, "summaries/1/figures/audit_grade_by_district.force.north.good")

    text = words_of(client_of(people["board_member"]).get(address))

    assert "Held back: the numbers are so small that they could point at a child." in text


def test_asking_to_compile_makes_one_job_and_goes_back(inspection, people):
    answer = client_of(people["coordinator"]).post(url(inspection, "readiness/compile"))

    assert (answer.status_code, answer["Location"]) == (302, url(inspection, "readiness/"))
    assert Job.objects.get(kind="compile_summary").args == {"inspection": inspection.pk}


def test_the_chief_officer_approves_and_releases_by_button(compile_now, inspection, people):
    summary = compile_now()
    client = client_of(people["chief_officer"])

    client.post(url(inspection, "summaries/1/approve"), {"version": summary.version})
    client.post(url(inspection, "summaries/1/release"), {"version": summary.version + 1})

    assert Summary.objects.get().state == "released"


def test_approving_on_an_old_page_is_refused_and_said(compile_now, inspection, people):
    summary = compile_now()
    version = summary.version
    operations.write_covering_note(by=people["coordinator"], summary=summary, version=version, text="New words.")

    answer = client_of(people["chief_officer"]).post(
        url(inspection, "summaries/1/approve"), {"version": version}, follow=True
    )

    assert "Somebody else saved this while you were working on it." in words_of(answer)
    assert Summary.objects.get().state == "draft"


def test_the_co_ordinator_cannot_approve(compile_now, inspection, people):
    summary = compile_now()

    answer = client_of(people["coordinator"]).post(url(inspection, "summaries/1/approve"), {"version": summary.version})

    assert (answer.status_code, Summary.objects.get().state) == (403, "draft")


def test_a_stale_covering_note_is_refused_and_keeps_the_text(compile_now, inspection, people):
    summary = compile_now()
    version = summary.version
    operations.write_covering_note(by=people["coordinator"], summary=summary, version=version, text="Theirs.")

    answer = client_of(people["coordinator"]).post(
        url(inspection, "summaries/1/covering-note"), {"version": version, "covering_note": "Mine."}
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert ("Theirs." in text, "Mine." in text) == (True, True)


def test_a_member_notes_asks_and_decides(released, inspection, people):
    client = client_of(people["board_member"])

    empty = client.post(url(inspection, "board/1/respond"), {"kind": "decided", "text": ""})
    client.post(url(inspection, "board/1/respond"), {"kind": "decided", "text": "Bring the funding forward."})

    row = Response.objects.get()
    assert (empty.status_code, row.kind, row.text) == (422, "decided", "Bring the funding forward.")
    assert "Write the question or the decision." in words_of(empty)


def test_words_that_look_like_markup_are_shown_as_words(inspection, people, compile_now):
    by, officer = people["coordinator"], people["chief_officer"]
    operations.ask_board(by=by, inspection=inspection, kind="note", text="<b onclick=x>note</b>", at=AT)
    summary = compile_now()
    operations.approve(by=officer, summary=summary, version=summary.version, at=AT)
    operations.release(by=officer, summary=summary, version=summary.version, at=AT)

    page = client_of(people["board_member"]).get(url(inspection, "board/")).content.decode()

    assert ("<b onclick" in page, "&lt;b onclick=x&gt;note&lt;/b&gt;" in page) == (False, True)


def test_a_meeting_is_set_and_heads_the_paper(released, inspection, people):
    client = client_of(people["coordinator"])
    facts = {
        "version": 0, "held_date": "2021-07-13", "agenda_item": "10.0", "to": "Business Coordination Board",
        "sender": "Chief Constable", "title": "Readiness", "marking": "Official",
    }  # fmt: skip

    client.post(url(inspection, "readiness/meetings/new"), facts)

    paper = Document(io.BytesIO(client.get(url(inspection, "summaries/1.docx")).content))
    assert [p.text for p in paper.paragraphs[:5]] == [
        "Agenda Item: 10.0", "To:\tBusiness Coordination Board", "From:\tChief Constable", "Date:\t13 July 2021",
        "Readiness",
    ]  # fmt: skip
    assert paper.sections[0].header.paragraphs[0].text == "OFFICIAL"


def test_the_work_list_tells_the_officer_to_approve_and_the_member_to_read(compile_now, inspection, people):
    summary = compile_now()
    officer, member = client_of(people["chief_officer"]), client_of(people["board_member"])

    before = words_of(officer.get("/")), words_of(member.get("/"))
    by = people["chief_officer"]
    operations.approve(by=by, summary=summary, version=summary.version, at=AT)
    operations.release(by=by, summary=summary, version=summary.version, at=AT)
    after = words_of(officer.get("/")), words_of(member.get("/"))

    assert ["Approve readiness summary 1" in before[0], "Read readiness summary 1" in before[1]] == [True, False]
    assert ["readiness summary 1" in after[0], "Read readiness summary 1" in after[1]] == [False, True]


def test_an_inspection_without_a_summary_says_so(force, people):
    bare = make_inspection(force, by=people["coordinator"], name="Another")

    text = words_of(client_of(people["coordinator"]).get(url(bare, "readiness/")))

    assert "None has been compiled yet." in text
