"""A return's workbook as somebody fills it in: taken away, typed into with openpyxl, given back as bytes."""

import io
from contextlib import contextmanager
from dataclasses import replace

from openpyxl import load_workbook

from ncpi.lib.workbooks import read_workbook
from ncpi.selfassessment import exchange_operations, proposals, workbook
from ncpi.selfassessment.queries import exchange
from tests.factories import NOW

LETTERS = dict(zip(workbook.COLUMNS, workbook.LETTERS, strict=False))


_written = {}


def taken_away(inspection):
    """Return the inspection's workbook. One that would hold the same as another is written once."""
    contents = exchange.workbook_contents(inspection, taken_on="14 June 2021")
    contents = replace(contents, supports=tuple(contents.supports))
    return _written.get(repr(contents)) or _written.setdefault(repr(contents), workbook.write(contents))


def cell_of(judgement, name):
    """Return the name of the cell of one of a judgement's values."""
    keys = exchange.criterion_keys(judgement.inspection)
    return f"{LETTERS[name]}{keys.index(judgement.criterion.key) + 2}"


def typed_into(data, cells, *, sheet="Judgements"):
    """Return the workbook with these cells typed over."""
    with edited(data) as (book, out):
        for name, value in cells.items():
            book[sheet][name] = value
    return out.getvalue()


@contextmanager
def edited(data):
    """Give the workbook to be changed and the buffer that holds it afterwards."""
    book, out = load_workbook(io.BytesIO(data)), io.BytesIO()
    yield book, out
    book.save(out)


def rows_of(inspection, data):
    grades = [grade.label for grade in exchange.grades_of(inspection)]
    keys = exchange.criterion_keys(inspection)
    book = read_workbook(data, workbook.JUDGEMENTS, workbook.DATA)
    return proposals.rows_of(book, ref=inspection.ref, keys=keys, grades=grades)


def brought_back(inspection, data, *, by, at=NOW):
    """Return the proposal that this workbook makes."""
    rows = rows_of(inspection, data)
    return exchange_operations.bring_back(
        by=by, inspection=inspection, rows=rows, file_name="Return.xlsx", sha256="a" * 64, at=at
    )
