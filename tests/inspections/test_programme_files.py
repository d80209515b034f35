"""Programmes as files: what is shipped is sound, and every mistake is named by file and line."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from ncpi.inspections import programme_files
from ncpi.inspections.located_yaml import LARGEST_FILE, ProgrammeFileError, is_web_address
from ncpi.inspections.programme_content import from_content
from ncpi.inspections.programme_files import FILES, load_programme

SHIPPED = Path(programme_files.__file__).with_name("programmes")


@pytest.fixture
def folder(tmp_path):
    """A copy of the 2020 programme to spoil."""
    return Path(shutil.copytree(SHIPPED / "ncpi-2020", tmp_path / "ncpi-2020"))


def spoil(folder, file, old, new):
    """Replace the first occurrence and return the number of its line."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def mistakes(folder):
    with pytest.raises(ProgrammeFileError) as refused:
        load_programme(folder)
    return [str(problem) for problem in refused.value.problems]


def test_the_2020_programme_grades_each_case_and_asks_for_both_returns():
    found = load_programme(SHIPPED / "ncpi-2020")

    assert found.programme.graded == "case"
    assert {switch.id: switch.on for switch in found.programme.switches} == {
        "self_assessment_asked": True,
        "case_audit_asked": True,
    }
    assert [grade.id for grade in found.grades if grade.in_use] == ["good", "requires_improvement", "inadequate"]
    assert len(found.areas) == 9
    assert Counter(item.grounds.basis for item in found.criteria) == {"text": 6, "reports": 28, "recalled": 3}


def test_the_2024_programme_grades_five_topics_and_asks_for_neither_return():
    found = load_programme(SHIPPED / "ncpi-2024")

    assert found.programme.graded == "topic"
    assert {switch.id: switch.on for switch in found.programme.switches} == {
        "self_assessment_asked": False,
        "case_audit_asked": False,
    }
    assert [grade.id for grade in found.grades] == [
        "outstanding",
        "good",
        "adequate",
        "requires_improvement",
        "inadequate",
    ]
    assert len(found.areas) == 5
    assert Counter(item.grounds.basis for item in found.criteria) == {"text": 4, "reports": 14, "recalled": 1}


def test_the_33_cases_of_2020_are_divided_as_recalled():
    found = load_programme(SHIPPED / "ncpi-2020")

    assert {item.id: item.sample for item in found.case_types} == {
        "s47": 5,
        "domestic_abuse": 5,
        "general_concern": 5,
        "sex_offender": 3,
        "missing": 3,
        "police_protection": 3,
        "exploitation": 3,
        "online": 3,
        "custody": 3,
    }
    assert {item.sample_basis for item in found.case_types} == {"recalled"}


@pytest.mark.parametrize("programme", ["ncpi-2020", "ncpi-2024"])
def test_all_26_composed_questions_are_asked_whole_or_in_parts(programme):
    questions = load_programme(SHIPPED / programme).questions

    whole = {(item.case_type, item.part_of or item.id) for item in questions}

    assert Counter(case_type for case_type, _ in whole) == {
        "": 8,
        "s47": 2,
        "domestic_abuse": 3,
        "general_concern": 1,
        "sex_offender": 2,
        "missing": 3,
        "police_protection": 1,
        "exploitation": 2,
        "online": 2,
        "custody": 2,
    }


@pytest.mark.parametrize("programme", ["ncpi-2020", "ncpi-2024"])
def test_one_question_to_every_case_asks_whether_the_child_is_safe_and_escalates(programme):
    questions = load_programme(SHIPPED / programme).questions

    assert [(item.id, item.case_type, item.required) for item in questions if item.escalates] == [
        ("Q-ALL-8b", "", True)
    ]


@pytest.mark.parametrize("programme", ["ncpi-2020", "ncpi-2024"])
def test_the_usual_sessions_speak_to_every_criterion(programme):
    found = load_programme(SHIPPED / programme)

    covered = {name for kind in found.session_kinds for name in kind.covers}

    assert [item.id for item in found.criteria if item.id not in covered and item.area not in covered] == []


@pytest.mark.parametrize("programme", ["ncpi-2020", "ncpi-2024"])
def test_deadlines_counted_from_publication_are_those_of_the_statute_and_the_inspectorate(programme):
    clocks = {item.id: item for item in load_programme(SHIPPED / programme).deadlines if item.kind == "clock"}

    assert {name: (item.counting, item.days, item.roll) for name, item in clocks.items()} == {
        "action_plan": ("after", 42, "none"),
        "pcc_comment": ("beginning_with", 56, "none"),
    }


def test_the_digest_ignores_layout_and_sees_every_word(folder):
    before = load_programme(folder).digest

    spoil(folder, "grades.yaml", 'title: "Good"', "title: Good # the same word")
    relaid = load_programme(folder).digest
    spoil(folder, "grades.yaml", "title: Good ", "title: Goods ")
    reworded = load_programme(folder).digest

    assert relaid == before
    assert reworded != before


def test_the_digest_is_the_same_for_every_order_of_keys(folder):
    before = load_programme(folder).digest

    for file in FILES:
        content = yaml.safe_load((folder / file).read_text())
        (folder / file).write_text(yaml.safe_dump(content, sort_keys=True, allow_unicode=True))

    assert load_programme(folder).digest == before


@pytest.mark.parametrize("programme", ["ncpi-2020", "ncpi-2024"])
def test_a_programme_comes_back_whole_from_what_is_kept_of_it(programme):
    found = load_programme(SHIPPED / programme)

    kept = json.loads(json.dumps(found.content))

    assert from_content(kept) == found
    assert from_content(kept).digest == found.digest


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "criteria.yaml",
            "        basis: reports",
            "        basis: 'text '",
            "criterion C20-INI-1: unknown basis 'text ' (known: text, reports, composed, recalled)",
        ),
        (
            "grades.yaml",
            "    order: 3",
            "    order: three",
            "grade requires_improvement: 'order' should be a whole number from 0 to 20",
        ),
        (
            "grades.yaml",
            "    order: 3",
            "    order: true",
            "grade requires_improvement: 'order' should be a whole number from 0 to 20",
        ),
        ("grades.yaml", "    is_good: true", "    is_good: 'true'", "grade good: 'is_good' should be true or false"),
        (
            "grades.yaml",
            '    title: "Good"',
            "    title: no",
            "grade good: 'title' should be text (put quotes round it)",
        ),
        ("grades.yaml", '    title: "Good"', "    title: ' '", "grade good: 'title' is empty"),
        (
            "grades.yaml",
            '    title: "Good"',
            '    title: "Go\\u0000od"',
            "grade good: 'title' holds a line break or a control character",
        ),
        (
            "grades.yaml",
            '    title: "Good"',
            f'    title: "{"x" * 1001}"',
            "grade good: 'title' is longer than 1000 characters",
        ),
        ("grades.yaml", "    in_use: false", "    colour: green", "grade adequate: unknown key 'colour'"),
        (
            "case_types.yaml",
            '    - "https://itv',
            '    - "ftp://itv',
            "sample: 'seen_in' is not a web address: "
            "'ftp://itv.com/news/calendar/2015-01-13/west-yorkshire-police-criticised-for-inconsistent-responses-in-child-"
            "protection-report'",
        ),
        (
            "deadlines.yaml",
            "    anchor: notice",
            "    anchor: midsummer",
            "deadline document_request: unknown anchor 'midsummer' (known: notice, fieldwork_start, fieldwork_end, "
            "publication)",
        ),
        (
            "deadlines.yaml",
            "    days: 42",
            "    days: -42",
            "deadline action_plan: 'days' should be a whole number from 0 to 1000",
        ),
        (
            "session_kinds.yaml",
            "      - C20-LMG-1",
            "      C20-LMG-1: yes",
            "session kind opening_briefing: 'covers' should be a list",
        ),
        (
            "programme.yaml",
            "in_force_from: 2014-04-01",
            "in_force_from: April",
            "file: 'in_force_from' should be a date written 2024-04-16",
        ),
        (
            "grades.yaml",
            "  - id: good",
            "  - id: go od",
            "grade go od: 'id' may hold only letters, digits, '-' and '_', not 'go od'",
        ),
    ],
)
def test_a_wrong_value_is_named_by_file_and_line(folder, file, old, new, message):
    line = spoil(folder, file, old, new)

    assert mistakes(folder) == [f"{file} line {line}: {message}"]


@pytest.mark.parametrize(
    ("file", "old", "new", "item", "message"),
    [
        (
            "questions.yaml",
            "    area: C20-INI",
            "    area: C20-XYZ",
            "  - id: Q-ALL-1\n",
            "question Q-ALL-1: unknown area 'C20-XYZ'",
        ),
        (
            "questions.yaml",
            "    case_type: s47",
            "    case_type: s48",
            "  - id: Q-S47-1a",
            "question Q-S47-1a: unknown case type 's48'",
        ),
        (
            "session_kinds.yaml",
            "      - C20-DET\n",
            "      - C20-DET-9\n",
            "  - id: custody",
            "session kind custody: unknown criterion or area 'C20-DET-9'",
        ),
        (
            "session_kinds.yaml",
            "      - opening_briefing\n    covers:\n      - C20-LMG\n",
            "      - briefing\n    covers:\n      - C20-LMG\n",
            "  - id: chief_officer_lead",
            "session kind chief_officer_lead: unknown session kind 'briefing'",
        ),
        (
            "case_types.yaml",
            "    sample: 5",
            "    sample: 6",
            "  total: 33",
            "sample: the total is 33, but the case types add up to 34",
        ),
        (
            "grades.yaml",
            "    order: 3",
            "    order: 2",
            "  - id: requires_improvement",
            "grade requires_improvement: order 2 does not follow 2: best grade first",
        ),
        (
            "grades.yaml",
            "    order: 4\n    is_good: false",
            "    order: 4\n    is_good: true",
            "  - id: inadequate",
            "grade inadequate: is on the good side, below a grade that is not",
        ),
        (
            "grades.yaml",
            "is_good: true",
            "is_good: false",
            "  - id: good",
            "grade good: no grade in use is on the good side",
        ),
        ("criteria.yaml", "  - id: C20-INI\n", "  - id: C20-OVR\n", "  - id: C20-INI\n", None),
        (
            "deadlines.yaml",
            "    months: 5\n",
            "",
            "  - id: report_expected",
            "deadline report_expected: needs 'days' or 'months'",
        ),
        (
            "deadlines.yaml",
            "    months: 5\n",
            "    months: 5\n    days: 5\n",
            "  - id: report_expected",
            "deadline report_expected: has both 'days' and 'months'",
        ),
        (
            "session_kinds.yaml",
            "    minutes: 45",
            "    minutes: 50",
            "  - id: opening_briefing",
            "session kind opening_briefing: 'minutes' should be a multiple of 15",
        ),
        (
            "questions.yaml",
            '    answer: scale\n    required: true\n    follow_up: "What makes',
            '    answer: scale\n    required: false\n    follow_up: "What makes',
            "  - id: Q-ALL-8b",
            "question Q-ALL-8b: a question that escalates has to be required",
        ),
        (
            "programme.yaml",
            "in_force_to: 2024-01-31",
            "in_force_to: 2014-01-31",
            "id: ncpi-2020",
            "file: in_force_to lies before in_force_from",
        ),
        (
            "grades.yaml",
            '    seen_in:\n      - "https://itv.com/news/calendar/2015-01-13/west-yorkshire-police-'
            'criticised-for-inconsistent-responses-in-child-protection-report"\n',
            "",
            "  - id: adequate",
            "grade adequate: basis 'reports' needs the pages it was seen in (seen_in)",
        ),
    ],
)
def test_what_does_not_fit_together_is_named_by_item_and_line(folder, file, old, new, item, message):
    text = (folder / file).read_text()
    line = text[: text.index(item)].count("\n") + 1
    spoil(folder, file, old, new)

    found = mistakes(folder)

    if message is None:
        assert f"{file} line {line}: area C20-OVR: the id is already used on line 3" in found
    else:
        assert found == [f"{file} line {line}: {message}"]


def test_an_id_used_twice_is_named_with_its_first_line(folder):
    line = spoil(folder, "criteria.yaml", "      - id: C20-OVR-2", "      - id: C20-OVR-1")
    first = (folder / "criteria.yaml").read_text().split("- id: C20-OVR-1\n")[0].count("\n") + 1

    assert mistakes(folder) == [
        f"criteria.yaml line {line}: criterion C20-OVR-1: the id is already used on line {first}"
    ]


def test_sessions_that_wait_for_each_other_are_refused(folder):
    spoil(folder, "session_kinds.yaml", "    covers:", "    after:\n      - custody\n    covers:")

    found = mistakes(folder)

    assert [message.partition(": ")[2] for message in found[:1]] == [
        "session kind opening_briefing: comes after itself"
    ]
    assert {message.rpartition(": ")[2] for message in found} == {"comes after itself"}


def test_a_question_in_words_cannot_have_a_no(folder):
    spoil(
        folder,
        "questions.yaml",
        "    answer: text\n    required: true",
        "    answer: text\n    required: true\n    escalates: true",
    )

    assert [message.partition(": ")[2] for message in mistakes(folder)] == [
        "question Q-ALL-8a: a text answer cannot be 'no': it takes no follow_up and does not escalate"
    ]


def test_every_mistake_is_listed_at_once_in_the_order_of_files_and_lines(folder):
    first = spoil(folder, "criteria.yaml", "basis: text", "basis: guess")
    second = spoil(folder, "grades.yaml", "order: 3", "order: 30")
    third = spoil(folder, "questions.yaml", "area: C20-INI", "area: C20-XYZ")

    assert [message.split(":")[0] for message in mistakes(folder)] == [
        f"criteria.yaml line {first}",
        f"grades.yaml line {second}",
        f"questions.yaml line {third - 7}",
    ]


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        ("grades: &all []\n", "grades.yaml line 1: anchors and aliases are not allowed: write the value out"),
        (
            "grades:\n  - id: a\n    note: *x\n",
            "grades.yaml line 3: anchors and aliases are not allowed: write the value out",
        ),
        (
            "grades:\n  - !!python/object:os.system {}\n",
            "grades.yaml line 2: tags are not allowed: tag:yaml.org,2002:python/object:os.system",
        ),
        ("grades:\n  - {a: 1, a: 2}\n", "grades.yaml line 2: the key 'a' stands twice"),
        ("grades: []\ngrades: []\n", "grades.yaml line 2: the key 'grades' stands twice"),
        ("grades:\n  - {1: 2}\n", "grades.yaml line 2: a key is not plain text (put quotes round it)"),
        ("grades:\n  - 1.5\n", "grades.yaml line 2: '1.5' is neither text, a whole number, a date nor true or false"),
        (
            "grades:\n  - 2021-02-30\n",
            "grades.yaml line 2: '2021-02-30' is neither text, a whole number, a date nor true or false",
        ),
        ("[" * 20 + "]" * 20, "grades.yaml line 1: nested too deeply"),
        ("", "grades.yaml: the file is empty"),
    ],
)
def test_tricks_of_yaml_are_refused(folder, spoiled, message):
    (folder / "grades.yaml").write_text(spoiled)

    assert mistakes(folder) == [message]


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ("grades: [\n", "grades.yaml line 2"),
        ("grades:\n\t- a\n", "grades.yaml line 2"),
        ("a: 1\n---\nb: 2\n", "grades.yaml line 2"),
        ("a: \x01", "grades.yaml"),
    ],
)
def test_what_is_no_yaml_is_refused_with_the_line_where_it_stops_being_so(folder, broken, where):
    (folder / "grades.yaml").write_text(broken)

    assert [message.partition(": not valid YAML: ")[0] for message in mistakes(folder)] == [where]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "grades.yaml: the file is not UTF-8"),
        (b"#" * (LARGEST_FILE + 1), f"grades.yaml: the file is larger than {LARGEST_FILE} bytes"),
    ],
)
def test_a_file_that_is_no_text_or_too_large_is_refused(folder, content, message):
    (folder / "grades.yaml").write_bytes(content)

    assert mistakes(folder) == [message]


def test_a_missing_and_an_unknown_file_are_both_named(folder):
    (folder / "grades.yaml").rename(folder / "grade.yaml")

    assert mistakes(folder) == [
        f"grade.yaml: unknown file (known: {', '.join(FILES)})",
        "grades.yaml: the file is missing or cannot be read",
    ]


def test_a_file_that_is_a_list_is_refused(folder):
    (folder / "grades.yaml").write_text("- a\n")

    assert mistakes(folder) == [
        "grades.yaml line 1: file: 'grades' is missing",
        "grades.yaml line 1: file: expected a mapping of names to values",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://hmicfrs.justiceinspectorates.gov.uk/?a=b", True),
        ("http://www.justiceinspectorates.gov.uk/hmic/", True),
        ("https://natcen.ac.uk/our-research/(ncpi)/", True),
        ("javascript:alert(1)", False),
        ("//example.org/", False),
        ("https://localhost/", False),
        ("https://user:secret@example.org/", False),
        ("https://example.org/a b", False),
        ('https://example.org/"onclick', False),
        ("https://[broken/", False),
        ("", False),
    ],
)
def test_only_a_whole_web_address_may_be_linked(text, expected):
    assert is_web_address(text) is expected
