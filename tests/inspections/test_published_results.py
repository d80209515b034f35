"""Published grades of other forces: read with their sources, and used only where they can stand as a reference."""

import re

import pytest

from ncpi.inspections.located_yaml import ProgrammeFileError
from ncpi.inspections.published_results import FILE, ResultSet, load_published_results, why_not_used

THREE = ("good", "requires_improvement", "inadequate")
SOUND = {
    "id": "x", "force": "X", "programme": "cases", "kind": "inspection", "fieldwork": "", "published": "",
    "set": "All cases examined", "graded_by": "inspectorate", "total": 9,
    "grades": (("good", 4), ("inadequate", 5)), "stated": "exact", "note": "", "sources": (),
}  # fmt: skip


def test_every_set_has_a_source_and_what_does_not_add_up_is_known():
    found = load_published_results()

    assert len(found) == 41
    assert [result.id for result in found if not result.sources] == []
    assert [(result.id, result.sum_of_grades, result.total) for result in found if not result.adds_up] == [
        ("wyp-2014-2", 34, 33),
        ("dur-pir-1", 29, 20),
    ]


def test_what_is_used_adds_up_and_was_graded_by_the_inspectorate_on_the_scale():
    used = [result for result in load_published_results() if not why_not_used(result, graded="case", scale=THREE)]

    assert len(used) == 14
    assert [result.id for result in used if result.sum_of_grades != result.total] == []
    assert {result.graded_by for result in used} == {"inspectorate"}
    assert {grade for result in used for grade, _ in result.grades} == set(THREE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"programme": "topics"}, "Graded under another programme."),
        ({"total": 8}, "Does not add up: the grades sum to 9, the total is 8."),
        ({"stated": "partial"}, "Not every grade was reported."),
        ({"stated": "percentage", "total": None, "grades": ()}, "Not every grade was reported."),
        ({"graded_by": "force"}, "Graded by the force itself."),
        ({"set": "Theme: missing children"}, "Not a general sample."),
        ({"grades": (("good", 4), ("adequate", 5))}, "Graded on another scale."),
    ],
)
def test_a_set_is_a_reference_only_when_nothing_speaks_against_it(changes, reason):
    assert why_not_used(ResultSet(**{**SOUND, **changes}), graded="case", scale=THREE) == reason


@pytest.mark.parametrize(
    ("pattern", "replaced", "says"),
    [
        ('id: "wyp-2014-2"', 'id: "wyp-2014-1"', "the id is already used"),
        ("stated: exact", "stated: roughly", "unknown stated 'roughly'"),
        ("    total: 33\n", "", "has its total and its grades"),
        ("tier: press", "tier: rumour", "unknown tier 'rumour'"),
        ("number: 17", "number: -1", "whole number"),
        ("    graded_by: force\n", "    graded_by: force\n    guessed: true\n", "unknown key 'guessed'"),
    ],
)
def test_a_mistake_in_the_file_is_named_by_its_line(tmp_path, pattern, replaced, says):
    path = tmp_path / "results.yaml"
    text = FILE.read_text(encoding="utf-8")
    assert pattern in text
    path.write_text(re.sub(re.escape(pattern), replaced, text, count=1), encoding="utf-8")

    with pytest.raises(ProgrammeFileError, match=re.escape(says)):
        load_published_results(path)
