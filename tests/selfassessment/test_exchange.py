"""The return as a workbook: what it looks like, what is read of it, what it changes."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from ncpi.accounts.models import Draft, JournalEntry
from ncpi.inspections import operations as inspections
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import exchange_operations, operations, tasks
from ncpi.selfassessment.models import Proposal, ReviewStep
from ncpi.selfassessment.proposals import Outcome, UnreadableReturn
from ncpi.selfassessment.queries import exchange
from tests.factories import NOW, agree_all, judge, make_evidence, make_inspection, make_self_assessment, make_user
from tests.selfassessment.acts import fresh
from tests.selfassessment.workbooks import brought_back, cell_of, edited, rows_of, taken_away, typed_into

pytestmark = pytest.mark.django_db


def applied(proposal, *, by, takes=()):
    comparison, _ = exchange.compared(proposal)
    return exchange_operations.apply_proposal(by=by, proposal=proposal, shown=comparison.digest, takes=takes, at=NOW)


def problems_of(inspection, data):
    with pytest.raises(UnreadableReturn) as refusal:
        rows_of(inspection, data)
    return [str(problem) for problem in refusal.value.problems]


# Taking it away


def test_the_workbook_holds_every_criterion_in_the_programmes_order(inspection, judgements):
    book = load_workbook(io.BytesIO(taken_away(inspection)))

    keys = [cell.value for cell in book["Judgements"]["A"]]
    assert book.sheetnames == ["Read me", "Judgements", "Evidence", "Data"]
    assert keys == ["Key", *(row.criterion.key for row in judgements)]


def test_only_grade_and_texts_of_what_is_not_in_review_can_be_typed_into(inspection, judgements, lead):
    sent = judge(judgements[1], by=lead)
    sent.inspection = inspection
    operations.send_for_review(by=lead, judgement=sent, version=2, at=NOW)

    page = load_workbook(io.BytesIO(taken_away(inspection)))["Judgements"]

    unlocked = [{cell.column_letter for cell in page[row] if not cell.protection.locked} for row in (1, 2, 3)]
    assert unlocked == [set(), set("FGHIJ"), set()]
    assert page.protection.sheet is True


def test_grades_are_chosen_from_a_list(inspection, judgements):
    book = load_workbook(io.BytesIO(taken_away(inspection)))

    rule = next(rule for rule in book["Judgements"].data_validations.dataValidation if rule.type == "list")
    labels = [cell.value for cell in book["Data"]["D"] if cell.value]
    assert (str(rule.sqref), rule.formula1) == ("F2:F38", f"'Data'!$D$1:$D${len(labels)}")
    assert labels == [grade.label for grade in exchange.grades_of(inspection)]


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-5 fewer", "@home", "=cmd|' /C calc'!A0", "'quoted"])
def test_text_that_looks_like_a_formula_stays_text_and_comes_back_the_same(inspection, judgement, lead, text):
    judge(judgement, by=lead, narrative=text)

    data = taken_away(inspection)

    cell = load_workbook(io.BytesIO(data))["Judgements"][cell_of(judgement, "narrative")]
    assert (cell.value, cell.data_type, cell.number_format, cell.quotePrefix) == (text, "s", "@", True)
    assert rows_of(inspection, data)[0].values["narrative"] == text


@pytest.mark.parametrize(
    "text", ["a_x0041_b", "a_x005F_x0041_b", "a\x0bb", "Ymweliad â’r tîm 👮", "one\ntwo", "<b>&amp;</b>"]
)
def test_a_workbook_that_nobody_touched_changes_nothing(inspection, judgement, lead, text):
    judge(judgement, by=lead, narrative=text)

    comparison, _ = exchange.compared(brought_back(inspection, taken_away(inspection), by=lead))

    assert (comparison.lines, comparison.untouched) == ((), 37)


def test_the_evidence_is_there_to_read_and_marks_the_whole(inspection, judgement, lead):
    make_evidence(inspection, by=lead, title="=Dip sample", judgement=judgement, marking="official_sensitive")

    page = load_workbook(io.BytesIO(taken_away(inspection)))["Evidence"]

    assert [cell.value for cell in page[2]][:4] == [
        judgement.criterion.key, judgement.criterion.title, "=Dip sample", "Shows that it works.",
    ]  # fmt: skip
    assert (page["C2"].data_type, page.oddHeader.center.text) == ("s", "OFFICIAL-SENSITIVE")


# What is wrong is named by its cell


def test_a_grade_that_is_none_is_named_by_its_cell(inspection, judgement):
    data = typed_into(taken_away(inspection), {"F2": "Splendid", "F3": "gOOd "})

    assert problems_of(inspection, data) == [
        "Judgements!F2 must be one of: Good, Requires improvement, Inadequate."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"G14": "=1+1"}, "Judgements!G14 holds a formula. Type it as text."),
        ({"G14": True}, "Judgements!G14 holds true or false. Type it as text."),
        ({"H3": "a" * 20_001}, "Judgements!H3 is longer than 20,000 characters (20,001)."),
        ({"H3": "half _xD800_ a letter"}, "Judgements!H3 has a character that cannot be stored. Type the text again."),
        ({"H3": "nul _x0000_ inside"}, "Judgements!H3 has a character that cannot be stored. Type the text again."),
        ({"A2": "C20-XXX-9"}, "Judgements!A2 is no criterion of this programme: “C20-XXX-9”."),
        ({"A2": None}, "Judgements!A2 is empty. Each row needs its key."),
        (
            {"G1": "What they do"},
            "Judgements!1 has no column “What we do”. Its title was changed or the column deleted.",
        ),
        ({"D1": "What we do"}, "Judgements!G1 says “What we do”, as D1 does."),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(inspection, judgements, cells, says):
    data = typed_into(taken_away(inspection), cells)

    assert problems_of(inspection, data) == [says]


def test_a_criterion_that_stands_twice_is_named(inspection, judgements):
    data = typed_into(taken_away(inspection), {"A3": judgements[0].criterion.key})

    assert problems_of(inspection, data) == [f"Judgements!A3 says {judgements[0].criterion.key}, as A2 does."]


def test_merged_cells_are_refused_because_they_would_empty_others(inspection, judgements):
    with edited(taken_away(inspection)) as (book, out):
        book["Judgements"].merge_cells("G2:H2")

    assert problems_of(inspection, out.getvalue()) == ["Judgements!G2 is merged with others (G2:H2). Unmerge them."]


def test_a_workbook_without_the_sheet_is_refused(inspection, judgements):
    with edited(taken_away(inspection)) as (book, out):
        book["Judgements"].title = "Sheet1"

    assert problems_of(inspection, out.getvalue()) == [
        "There is no sheet “Judgements” in the workbook, only “Read me”, “Sheet1”, “Evidence”, “Data”."
    ]


def test_a_workbook_of_another_inspection_is_refused(inspection, judgements):
    other = make_inspection(inspection.force, name="Another inspection")
    make_self_assessment(other)

    assert problems_of(inspection, taken_away(other)) == ["This workbook was taken away from another inspection."]


def test_a_hidden_row_is_read_and_said_to_be_hidden(inspection, judgements):
    with edited(taken_away(inspection)) as (book, out):
        book["Judgements"]["G3"] = "Typed in a row that a filter hid."
        book["Judgements"].row_dimensions[3].hidden = True

    rows = rows_of(inspection, out.getvalue())

    assert [(row.number, row.is_hidden) for row in rows[:3]] == [(2, False), (3, True), (4, False)]
    assert rows[1].values["narrative"] == "Typed in a row that a filter hid."


def test_columns_are_known_by_their_titles_wherever_they_stand(inspection, judgement):
    with edited(taken_away(inspection)) as (book, out):
        page = book["Judgements"]
        page["G1"], page["H1"] = page["H1"].value, page["G1"].value
        page["G2"], page["H2"] = "The impact", "What we do here"

    row = rows_of(inspection, out.getvalue())[0]

    assert (row.values["narrative"], row.values["impact"]) == ("What we do here", "The impact")
    assert row.columns["impact"] == "G"


# Bringing it back


def test_what_was_typed_offline_is_saved_by_the_rooms_own_rule(inspection, judgement, lead):
    data = typed_into(taken_away(inspection), {"F2": "Good", "G2": "We answer at once.\r\nAlways. "})

    changed = applied(brought_back(inspection, data, by=lead), by=lead)

    row = fresh(judgement)
    assert changed == (2, 1)
    assert (row.grade.key, row.narrative, row.state, row.saved_by, row.version) == (
        "good", "We answer at once.\nAlways.", "drafting", lead, 2,
    )  # fmt: skip
    assert Proposal.objects.count() == 0


def test_cells_left_alone_leave_what_was_saved_meanwhile(inspection, judgement, lead):
    data = typed_into(taken_away(inspection), {"G2": "Typed offline."})
    judge(judgement, by=lead, narrative="", impact="Saved online meanwhile.")

    comparison, _ = exchange.compared(brought_back(inspection, data, by=lead))
    applied(Proposal.objects.get(), by=lead)

    row = fresh(judgement)
    assert [(cell.name, cell.outcome) for line in comparison.lines for cell in line.cells] == [
        ("narrative", Outcome.CHANGE)
    ]
    assert (row.narrative, row.impact, row.grade.key) == ("Typed offline.", "Saved online meanwhile.", "good")


def test_a_cell_changed_on_both_sides_stays_as_saved_unless_it_is_taken(inspection, judgement, lead):
    data = typed_into(taken_away(inspection), {"G2": "Typed offline.", "J2": "A plan."})
    judge(judgement, by=lead, narrative="Saved online.")

    proposal = brought_back(inspection, data, by=lead)
    comparison, _ = exchange.compared(proposal)
    applied(proposal, by=lead)

    conflict = comparison.of(Outcome.CONFLICT)[0][1]
    assert (conflict.cell, conflict.saved, conflict.offered) == ("G2", "Saved online.", "Typed offline.")
    assert (fresh(judgement).narrative, fresh(judgement).plan) == ("Saved online.", "A plan.")


def test_a_cell_changed_on_both_sides_is_replaced_when_the_person_takes_it(inspection, judgement, lead):
    data = typed_into(taken_away(inspection), {"G2": "Typed offline."})
    judge(judgement, by=lead, narrative="Saved online.")

    applied(brought_back(inspection, data, by=lead), by=lead, takes=["G2"])

    assert fresh(judgement).narrative == "Typed offline."


def test_the_same_text_on_both_sides_is_no_change(inspection, judgement, lead):
    data = typed_into(taken_away(inspection), {"G2": "We do this.", "F2": "Good"})
    judge(judgement, by=lead)

    comparison, _ = exchange.compared(brought_back(inspection, data, by=lead))

    assert comparison.lines == ()


@pytest.mark.parametrize("cells", [{"L2": "0" * 32}, {"K2": "7"}, {"K2": "99999999999999999999"}, {"K2": None}])
def test_a_row_whose_origin_is_not_known_overwrites_nothing_unasked(inspection, judgement, lead, cells):
    judge(judgement, by=lead)
    data = typed_into(taken_away(inspection), {"G2": "Typed offline.", **cells})

    comparison, _ = exchange.compared(brought_back(inspection, data, by=lead))

    assert [(cell.name, cell.outcome) for line in comparison.lines for cell in line.cells] == [
        ("narrative", Outcome.CONFLICT)
    ]


def test_a_judgement_in_review_is_shown_and_left(inspection, judgement, lead):
    data = typed_into(taken_away(inspection), {"G2": "Typed offline.", "G3": "Another."})
    sent = judge(judgement, by=lead)
    sent.inspection = inspection
    operations.send_for_review(by=lead, judgement=sent, version=2, at=NOW)

    proposal = brought_back(inspection, data, by=lead)
    comparison, _ = exchange.compared(proposal)
    changed = applied(proposal, by=lead, takes=["G2"])

    assert [(cell.cell, cell.outcome) for line in comparison.lines for cell in line.cells] == [
        ("G2", Outcome.CLOSED), ("G3", Outcome.CHANGE),
    ]  # fmt: skip
    assert (changed, fresh(judgement).narrative, fresh(judgement).state) == ((1, 1), "We do this.", "in_review")


def test_an_agreed_judgement_is_opened_again_as_by_any_save(inspection, judgement, lead):
    agree_all([judgement], lead=lead, reviewer=make_user("reviewer", force=inspection.force))
    data = typed_into(taken_away(inspection), {"G2": "Typed offline."})

    applied(brought_back(inspection, data, by=lead), by=lead)

    assert fresh(judgement).state == "drafting"
    assert ReviewStep.objects.filter(judgement=judgement).order_by("-pk").first().step == "reopened"


def test_an_emptied_cell_is_a_change_to_empty(inspection, judgement, lead):
    judge(judgement, by=lead)
    data = typed_into(taken_away(inspection), {"F2": None, "G2": None})

    applied(brought_back(inspection, data, by=lead), by=lead)

    assert (fresh(judgement).grade, fresh(judgement).narrative) == (None, "")


def test_a_save_between_preview_and_apply_stops_everything(inspection, judgements, lead):
    data = typed_into(taken_away(inspection), {"G2": "Offline.", "G3": "Offline."})
    proposal = brought_back(inspection, data, by=lead)
    shown = exchange.compared(proposal)[0].digest
    judge(judgements[1], by=lead, narrative="Saved meanwhile.")

    with pytest.raises(exchange_operations.ChangedSincePreview):
        exchange_operations.apply_proposal(by=lead, proposal=proposal, shown=shown, takes=[], at=NOW)

    assert (fresh(judgements[0]).narrative, fresh(judgements[1]).narrative) == ("", "Saved meanwhile.")
    assert Proposal.objects.count() == 1


def test_what_is_typed_online_and_unsaved_is_not_forgotten(inspection, judgement, lead):
    operations.keep_draft(by=lead, judgement_id=judgement.pk, data={"narrative": "Half a sentence"}, at=NOW)
    data = typed_into(taken_away(inspection), {"G2": "Typed offline."})

    applied(brought_back(inspection, data, by=lead), by=lead)

    assert Draft.objects.get(user=lead).data == {"narrative": "Half a sentence"}


def test_a_proposal_applied_twice_is_refused(inspection, judgement, lead):
    proposal = brought_back(inspection, typed_into(taken_away(inspection), {"G2": "Offline."}), by=lead)
    applied(proposal, by=lead)

    with pytest.raises(operations.NotPossibleNow):
        exchange_operations.apply_proposal(by=lead, proposal=proposal, shown="", takes=[], at=NOW)


def test_applying_nothing_is_refused(inspection, judgement, lead):
    proposal = brought_back(inspection, taken_away(inspection), by=lead)

    with pytest.raises(operations.NotPossibleNow):
        applied(proposal, by=lead)


def test_a_closed_inspection_takes_no_workbook(inspection, judgement, lead):
    data = taken_away(inspection)
    proposal = brought_back(inspection, typed_into(data, {"G2": "Offline."}), by=lead)
    inspections.close_inspection(by=lead, inspection=inspection, version=1, at=NOW)
    inspection.refresh_from_db()

    with pytest.raises(inspections.InspectionClosed):
        brought_back(inspection, data, by=lead)
    proposal.inspection = inspection
    with pytest.raises(inspections.InspectionClosed):
        applied(proposal, by=lead)


def test_a_second_workbook_takes_the_place_of_the_first(inspection, judgement, lead):
    data = taken_away(inspection)
    brought_back(inspection, typed_into(data, {"G2": "First."}), by=lead)

    brought_back(inspection, typed_into(data, {"G2": "Second."}), by=lead)

    assert [row.rows[0]["values"]["narrative"] for row in Proposal.objects.all()] == ["Second."]


def test_a_proposal_belongs_to_one_person_and_expires(inspection, judgement, lead):
    brought_back(inspection, taken_away(inspection), by=lead)
    other = make_user("lead", force=inspection.force)

    waiting = [
        exchange.proposal_of(user, inspection, at=NOW + after) is not None
        for user, after in ((lead, timedelta(hours=47)), (lead, timedelta(hours=48)), (other, timedelta(0)))
    ]
    forgotten = exchange_operations.forget_expired_proposals(at=NOW + timedelta(hours=48))

    assert (waiting, forgotten, Proposal.objects.count()) == ([True, False, False], 1, 0)


def test_the_nightly_task_forgets_what_has_expired(inspection, judgement, lead):
    brought_back(inspection, taken_away(inspection), by=lead)

    tasks.forget_expired_proposals()

    assert Proposal.objects.count() == 0


def test_putting_aside_changes_nothing_and_is_journalled(inspection, judgement, lead):
    proposal = brought_back(inspection, typed_into(taken_away(inspection), {"G2": "Offline."}), by=lead)

    exchange_operations.put_aside(by=lead, proposal=proposal)

    assert (Proposal.objects.count(), fresh(judgement).version) == (0, 1)
    assert JournalEntry.objects.order_by("-pk").first().verb == "put workbook aside"


def test_applying_leaves_a_line_for_the_workbook_and_for_each_judgement(inspection, judgements, lead):
    proposal = brought_back(inspection, typed_into(taken_away(inspection), {"G2": "One.", "G3": "Two."}), by=lead)

    applied(proposal, by=lead)

    lines = JournalEntry.objects.order_by("-pk").values_list("verb", "detail")[:3]
    assert list(lines) == [
        ("applied workbook", f"2 cells of 2 criteria from {'a' * 64}"),
        ("saved judgement", ""),
        ("saved judgement", ""),
    ]


def test_a_judgement_saved_by_somebody_at_the_last_moment_stops_everything(inspection, judgements, lead, monkeypatch):
    """The swap itself refuses, where the comparison still matched."""
    proposal = brought_back(inspection, typed_into(taken_away(inspection), {"G2": "One.", "G3": "Two."}), by=lead)
    save = operations.save_judgement

    def late(**given):
        if given["judgement"].pk == judgements[1].pk:
            raise StaleVersion(judgements[1])
        return save(**given)

    monkeypatch.setattr(operations, "save_judgement", late)
    with pytest.raises(exchange_operations.ChangedSincePreview):
        applied(proposal, by=lead)

    assert [fresh(row).narrative for row in judgements[:2]] == ["", ""]
