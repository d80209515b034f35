"""What the three imports of the fieldwork have in common: all of a file or none, every mistake by row and column."""

from django.contrib import messages
from django.shortcuts import redirect, render

from ncpi.fieldwork.cells import RowsRefused
from ncpi.fieldwork.forms import TableForm
from ncpi.lib.exports import as_file, wanted


def import_page(request, inspection, *, title, rule, read, save, refusals, said, done):
    """Show the form; on a file, read it with `read(table)` and keep it with `save(rows)`.

    `refusals` are the operation's named exceptions; `rule` is the module whose docstring explains its `COLUMNS`.
    An empty table to fill in is at the same address, with `?format=csv` or `?format=xlsx`.
    """
    if wanted(request):
        return as_file(request, name=f"{title.removeprefix('Import ')} to fill in", header=_header(rule), rows=[])
    form = TableForm(request.POST or None, request.FILES or None)
    problems = []
    if form.is_valid():
        try:
            count = save(read(form.cleaned_data["file"]))
        except RowsRefused as error:
            problems = [str(problem) for problem in error.problems]
        except refusals as error:
            problems = str(error).splitlines()
        else:
            messages.success(request, said(count))
            return redirect(done, ref=inspection.ref)
    context = {
        "inspection": inspection,
        "form": form,
        "problems": problems,
        "title": title,
        "columns": columns_of(rule),
    }
    return render(request, "fieldwork/import.html", context)


def _header(rule):
    return [*rule.COLUMNS.required, *rule.COLUMNS.optional]


def columns_of(rule):
    """Return the columns of an import as (name, what it holds), from the rule's own docstring."""
    pairs = [line.strip().split("  ", 1) for line in rule.__doc__.splitlines()[1:]]
    optional = rule.COLUMNS.optional
    return [
        (name, f"{text[0].strip()} (may be left out)" if name in optional else text[0].strip())
        for name, *text in pairs
        if text
    ]
