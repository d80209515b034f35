import csv
import io
import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from cases import operations, tasks
from cases.models import Case, Extract, Frame, Sample
from ncpi.accounts.models import JournalEntry
from ncpi.jobs.models import Job
from ncpi.lib.digests import sha256
from ncpi.lib.tables import Sheet, write_xlsx
from tests.factories import (
    NOW,
    client_of,
    make_extract,
    make_force,
    make_frame,
    make_inspection,
    make_plan,
    make_sample,
    make_user,
)
from tests.lib import hostile

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection():
    return make_inspection()


@pytest.fixture
def by(inspection):
    return make_user("coordinator", force=inspection.force)


@pytest.fixture
def client(by):
    return client_of(by)


@pytest.fixture
def moderator(inspection):
    return client_of(make_user("moderator", force=inspection.force))


def address(name, inspection, **more):
    return reverse(f"cases:{name}", kwargs={"ref": inspection.ref, **more})


def upload(data, name="extract.csv"):
    return {"extract": SimpleUploadedFile(name, data, content_type="text/csv")}


def bring(client, inspection, data, name="extract.csv"):
    """Bring a file in, leave its columns as they are proposed, and do the work. Returns the page that it ends on."""
    brought = client.post(address("import", inspection), upload(data, name))
    if brought.status_code != 302:
        return brought
    form = client.get(brought.url).context["form"]
    asked = client.post(
        brought.url, {field: form.get_initial_for_field(form.fields[field], field) for field in form.fields}
    )
    if asked.status_code != 302:
        return asked
    tasks.import_extract(job_id=Job.objects.get(kind="import_extract", state="queued").pk)
    return client.get(brought.url)


def words(response):
    """The page's text without tags, blanks run together."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def readings():
    return [
        (row.verb, row.subject, row.detail)
        for row in JournalEntry.objects.filter(verb__regex="read|export").order_by("pk")
    ]


def test_the_whole_way_from_extract_to_sample(client, inspection):
    bring(client, inspection, make_extract())
    client.post(address("freeze", inspection, number=1), {"version": "1"})
    sizes = {f"size_{key}": "1" for key in inspection.programme.case_types.values_list("key", flat=True)}
    client.post(address("plan", inspection), {**sizes, "second_grading_percent": "25", "spread": "type", "round": "1"})
    answer = client.post(address("draw", inspection), {"seed": "dice 3 3 1"})

    assert answer.url == address("sample", inspection)
    sample = Sample.objects.get()
    assert (sample.seed, sample.second_grading_percent, sample.cases.count()) == ("dice 3 3 1", 25, 9)
    page = words(client.get(answer.url))
    assert f"Digest of the frame (SHA-256) {sample.frame.digest}" in page
    assert "Seed dice 3 3 1" in page
    assert "9 in the sample" in page


def test_an_invalid_file_names_row_and_column_and_keeps_nothing(client, inspection):
    wrong = b"".join(b"\nA%d,s47,North,Team 1,yesterday,," % number for number in range(150))

    answer = bring(client, inspection, make_extract() + wrong)

    page = words(answer)
    assert "Nothing was imported. Put the file right and bring it again." in page
    assert "150 problems. These are the first 100. All of them as CSV" in page
    assert "56 reported_on is not a date. Write it as 2021-07-05 or 05/07/2021 (day first)." in page
    lines = client.get(address("extract-problems", inspection, number=1)).content.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[0], lines[150].split(",")[:2]) == (151, "row,column,problem", ["205", "reported_on"])
    assert Frame.objects.count() == 0


def test_a_name_in_the_file_is_never_shown_again(client, inspection):
    data = make_extract().replace(b"Team 1", b"PC Johnson")

    brought = client.post(address("import", inspection), upload(data))
    preview = client.get(brought.url)
    client.post(address("put-extract-aside", inspection, number=1))
    answer = bring(client, inspection, data)

    assert "(looks like a name.)" in words(preview)
    assert "2 team looks like a name." in words(answer)
    assert b"Johnson" not in preview.content + answer.content
    assert "Johnson" not in str(list(Extract.objects.values()))


def test_a_personal_column_is_refused_before_anything_of_the_file_is_kept(client, inspection):
    answer = client.post(address("import", inspection), upload(make_extract().replace(b"outcome", b"surname", 1)))

    assert "surname looks like a name or a date of birth. Take the column out" in words(answer)
    assert Extract.objects.count() == 0


def test_columns_of_other_names_are_named_on_a_page(client, inspection):
    data = make_extract().replace(b"reference,", b"Our number,", 1).replace(b"team", b"Unit", 1)
    brought = client.post(address("import", inspection), upload(data.replace(b"outcome", b"Notes", 1)))
    names = {"reference": "our_number", "case_type": "case_type", "district": "district", "team": "unit"}
    names |= {"reported_on": "reported_on", "finalised_on": "finalised_on"}

    proposed = client.get(brought.url).context["form"]
    missing = client.post(brought.url, names)
    twice = client.post(brought.url, {**names, "outcome": "unit"})
    asked = client.post(brought.url, {**names, "outcome": "notes"})
    tasks.import_extract(job_id=Job.objects.get().pk)

    assert (proposed["team"].initial, proposed["reference"].initial) == ("unit", "")
    assert "Outcome: choose the column that holds it." in words(missing)
    assert "The column “unit” is chosen for two things." in words(twice)
    assert asked.url == brought.url
    assert Frame.objects.get().candidates.filter(team="Team 1").count() == 27


def test_an_excel_extract_is_imported_as_a_csv_would_be(client, inspection):
    rows = list(csv.reader(io.StringIO(make_extract(each=1).decode())))
    dated = [[*row[:4], date.fromisoformat(row[4]), *row[5:]] for row in rows[1:]]
    book = write_xlsx(Sheet("Cases", rows[0], dated))

    answer = bring(client, inspection, book, name="Extract.xlsx")

    assert "Frame 1 was made of it: 9 cases." in words(answer)
    assert sorted(Frame.objects.get().candidates.values_list("reported_on", flat=True)) == [date(2021, 1, 1)] * 9


def test_the_same_file_twice_says_so_on_the_page(client, inspection, by):
    make_frame(inspection, by=by, frozen=False)

    answer = client.post(address("import", inspection), upload(make_extract()))

    assert "This file was imported already: it is frame 1, 54 cases." in words(answer)


@pytest.mark.parametrize("name", ["extract.csv", "extract.xlsx"])
@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04", "réf\n".encode("utf-16-be"), b"\xff" * 100])
def test_a_hostile_file_is_refused_on_the_page(client, inspection, data, name):
    answer = client.post(address("import", inspection), upload(data, name))

    assert answer.status_code == 200
    assert b"There is a problem" in answer.content
    assert Extract.objects.count() == 0


def test_a_workbook_that_is_too_large_unpacked_may_come_as_csv(client, inspection):
    book = hostile.sheet_of(1, f'<c r="A1" t="inlineStr"><is><t>{"x" * 3_000_000}</t></is></c>')

    answer = client.post(address("import", inspection), upload(book, "extract.xlsx"))

    assert "Leave out columns that are not needed, or save the sheet as CSV and bring that." in words(answer)


def test_freezing_a_frame_that_moved_on_is_refused(client, inspection, by):
    make_frame(inspection, by=by, frozen=False)

    answer = client.post(address("freeze", inspection, number=1), {"version": "9"}, follow=True)

    assert "Somebody else saved this while you were working on it." in words(answer)
    assert Frame.objects.get().frozen_at is None


def test_a_plan_beyond_the_frame_names_the_field(client, inspection, by):
    make_frame(inspection, by=by)
    keys = inspection.programme.case_types.values_list("key", flat=True)

    answer = client.post(
        address("plan", inspection),
        {
            **{f"size_{key}": "0" for key in keys},
            "size_s47": "7",
            "second_grading_percent": "20",
            "spread": "type",
            "round": "1",
        },
    )

    assert "Child protection enquiry (section 47): the frame holds 6." in words(answer)
    assert 'href="#id_size_s47' in answer.content.decode()
    assert Sample.objects.count() == 0


def test_the_plan_proposes_the_programme_s_defaults(client, inspection, by):
    make_frame(inspection, by=by)

    page = client.get(address("plan", inspection)).content.decode()

    shown = dict(re.findall(r'name="size_(\w+)" value="(\d+)"', page))
    assert shown == {
        key: str(size) for key, size in inspection.programme.case_types.values_list("key", "default_sample")
    }


def test_a_further_round_is_planned_and_drawn_on_the_same_pages(client, inspection, by):
    make_sample(inspection, by=by)
    keys = inspection.programme.case_types.values_list("key", flat=True)
    before = client.get(address("draw", inspection))

    posted = {**{f"size_{key}": "0" for key in keys}, "size_s47": "3", "second_grading_percent": "0"}
    planned = client.post(address("plan", inspection), {**posted, "spread": "team", "round": "2"})
    stale = client.post(address("plan", inspection), {**posted, "spread": "team", "round": "1"})
    client.post(address("draw", inspection), {"seed": "second"})
    page = words(client.get(address("certificate", inspection, number=2)))

    assert (before.url, planned.url) == (address("sample", inspection), address("draw", inspection))
    assert "The seed is known and the sample is drawn: the plan cannot change." in words(stale)
    assert list(Sample.objects.order_by("round").values_list("round", "spread", "seed")) == [
        (1, "type", "a seed"),
        (2, "team", "second"),
    ]
    assert "18 cases were drawn, used or set aside before" in page
    assert "With frame.csv, places.csv, used.csv in the folder" in page
    assert client.get(address("used-csv", inspection, number=2)).content.count(b"\n") == 19
    assert "21 in the sample" in words(client.get(address("sample", inspection)))


def test_the_certificate_names_no_reference_and_says_how_to_redo_the_draw(client, inspection, by):
    sample = make_sample(inspection, by=by)
    case = sample.cases.first()
    operations.replace_case(by=by, case=case, version=1, reason="Sealed by a court.", at=NOW)

    answer = client.get(address("certificate", inspection, number=1))

    page = words(answer)
    assert sample.frame.digest in page
    assert "export LC_ALL=C SEED=&#x27;a seed&#x27;" in page
    assert f"Case {case.code} (place {case.rank}" in page
    assert "Sealed by a court." in page
    assert [row.candidate.reference for row in Case.objects.all() if row.candidate.reference in page] == []
    assert readings() == [("read certificate of", "Sample 1", "")]


def test_the_files_of_the_draw_agree_with_each_other(client, inspection, by):
    sample = make_sample(inspection, by=by)

    frame = client.get(address("frame-csv", inspection, number=1))
    record = json.loads(client.get(address("draw-json", inspection)).content)
    drawn = client.get(address("drawn-csv", inspection, number=1)).content.decode().splitlines()

    assert frame["Content-Disposition"] == 'attachment; filename="frame-1.csv"'
    (made,) = record["rounds"]
    assert record["frame_digest"] == sample.frame.digest
    assert sorted(drawn[1:]) == sorted(
        f"{reference},{key}" for key, references in made["drawn"].items() for reference in references
    )
    assert sha256(client.get(address("drawn-csv", inspection, number=1)).content) == made["drawn_digest"]
    assert readings()[:3] == [
        ("exported", "Frame 1", "canonical form"),
        ("exported", "Frame 1", "record of the draw"),
        ("exported", "Sample 1", "drawn cases"),
    ]


def test_the_list_filters_and_exports_what_it_shows(moderator, inspection, by):
    sample = make_sample(inspection, by=by, sizes={"s47": 2, "missing": 1})
    missing = sample.cases.get(case_type__key="missing")

    page = words(moderator.get(address("list", inspection), {"case_type": "missing"}))
    rows = list(
        csv.DictReader(
            io.StringIO(
                moderator.get(address("list-csv", inspection), {"case_type": "missing"}).content.decode("utf-8-sig")
            )
        )
    )
    book = load_workbook(io.BytesIO(moderator.get(address("list-xlsx", inspection), {"case_type": "missing"}).content))

    assert f"{missing.code} {missing.candidate.reference} Missing children North, {missing.candidate.team}" in page
    assert "1 case Take away" in page
    assert [(row["case"], row["reference"], row["state"]) for row in rows] == [
        (missing.code, missing.candidate.reference, "in sample")
    ]
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == [missing.code]
    assert readings() == [
        ("read cases of", str(inspection), "case_type: missing"),
        ("exported cases of", str(inspection), "case_type: missing"),
        ("exported cases of", str(inspection), "case_type: missing"),
    ]


def test_what_somebody_looked_for_is_not_written_down(moderator, inspection, by):
    make_sample(inspection, by=by)

    moderator.get(address("list", inspection), {"find": "FNS47001"})

    assert readings() == [("read cases of", str(inspection), "")]


def test_a_long_list_is_read_from_a_place_in_it_and_back(moderator, inspection, by):
    sample = make_sample(inspection, by=by, each=20, sizes={"s47": 20, "missing": 20, "online": 20})
    codes = list(sample.cases.order_by("pk").values_list("code", flat=True))

    def shown(**query):
        return moderator.get(address("list", inspection), query).context["listing"]

    first = shown()
    second = shown(after=first.after)
    back = shown(before=second.before)
    filtered = shown(case_type="online", after=shown(case_type="online").rows[4].code)

    assert [case.code for case in (*first.rows, *second.rows)] == codes
    assert (first.before, second.after, first.count, len(second.rows)) == ("", "", 60, 10)
    assert ([case.code for case in back.rows], back.before) == (codes[:50], "")
    assert [case.code for case in filtered.rows] == codes[45:]
    assert (filtered.query, shown(after="no-such-code").rows) == ("case_type=online", first.rows)


def test_reading_a_case_leaves_a_line(moderator, inspection, by):
    case = make_sample(inspection, by=by).cases.first()

    answer = moderator.get(address("case", inspection, code=case.code.lower()))

    assert case.candidate.reference in words(answer)
    assert readings() == [("read", f"Case {case.code}", "")]


def test_replacing_a_case_shows_the_next(client, inspection, by):
    case = make_sample(inspection, by=by).cases.get(case_type__key="s47", rank=1)

    answer = client.post(
        address("replace", inspection, code=case.code), {"version": "1", "reason": "Sealed."}, follow=True
    )

    replacement = Case.objects.get(replaces=case)
    assert f"Case {case.code} replaced by Case {replacement.code}." in words(answer)
    assert f"It took the place of case {case.code}" in words(answer)


def test_a_stale_replacement_keeps_the_text(client, inspection, by):
    case = make_sample(inspection, by=by).cases.first()

    answer = client.post(
        address("replace", inspection, code=case.code), {"version": "9", "reason": "Sealed by a court."}
    )

    assert "Somebody else saved this while you were working on it." in words(answer)
    assert "Sealed by a court." in words(answer)
    assert 'name="version" value="1"' in answer.content.decode()
    assert Case.objects.in_sample().count() == 18


def test_a_replacement_without_a_reason_is_sent_back(client, inspection, by):
    case = make_sample(inspection, by=by).cases.first()

    answer = client.post(address("replace", inspection, code=case.code), {"version": "1", "reason": ""})

    assert "Give the reason." in words(answer)


def test_a_moderator_reads_and_changes_nothing(moderator, inspection, by):
    case = make_sample(inspection, by=by).cases.first()

    page = moderator.get(address("case", inspection, code=case.code))
    refused = moderator.get(address("replace", inspection, code=case.code))

    assert "Replace this case" not in words(page)
    assert refused.status_code == 403


def test_another_force_finds_nothing_and_leaves_nothing(inspection, by):
    case = make_sample(inspection, by=by).cases.first()
    stranger = client_of(make_user("coordinator", force=make_force("Wolden Police")))

    answers = [
        stranger.get(address("case", inspection, code=case.code)),
        stranger.get(address("list", inspection)),
        stranger.get(address("frame-csv", inspection, number=1)),
        stranger.get(address("certificate", inspection, number=1)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert readings() == []


def test_the_work_list_names_the_next_step(client, inspection, by):
    titles = [words(client.get("/"))]
    make_plan(inspection, by=by)
    titles.append(words(client.get("/")))
    operations.draw_sample(by=by, sample=Sample.objects.get(), seed="a", at=NOW)
    titles.append(words(client.get("/")))

    assert ["Import the case extract" in titles[0], "Enter the seed and draw the sample" in titles[1]] == [True, True]
    assert "Enter the seed" not in titles[2]


@pytest.mark.parametrize(
    ("name", "queries"),
    [("sample", 12), ("list", 9), ("certificate", 11)],
)
@pytest.mark.parametrize("size", [1, 3])
def test_pages_ask_the_same_number_of_queries(client, inspection, by, django_assert_num_queries, name, queries, size):
    make_sample(inspection, by=by, sizes={"s47": size, "missing": size})
    page = address(name, inspection, **({"number": 1} if name == "certificate" else {}))
    client.get(page)

    with django_assert_num_queries(queries):
        client.get(page)


@pytest.mark.parametrize("each", [1, 3])
def test_the_frame_s_page_asks_the_same_number_of_queries(client, inspection, by, django_assert_num_queries, each):
    make_frame(inspection, by=by, each=each)
    client.get(address("frame", inspection, number=1))

    with django_assert_num_queries(6):
        client.get(address("frame", inspection, number=1))
