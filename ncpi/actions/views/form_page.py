"""One form page about one recommendation or action, and what happens when it cannot be saved."""

from django.contrib import messages
from django.shortcuts import redirect, render

from ncpi.actions import operations
from ncpi.inspections.deadlines import DateNeeded
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.uploads import UnacceptableDocument
from ncpi.lib.versions import StaleVersion

REFUSALS = (
    InspectionClosed,
    DateNeeded,
    UnacceptableDocument,
    operations.ActionNotOpen,
    operations.BeforeTheLastStep,
    operations.DueBeforeRaised,
    operations.NoProof,
    operations.NotAskedFor,
    operations.NumberTaken,
    operations.OwnAction,
    operations.RepeatsItself,
    operations.SameStatus,
    operations.UnknownDeadline,
)


def form_page(request, form, act, *, done, message, **context):
    """Show the form; when it is posted and sound, `act(values)`; a refusal or a stale row keeps what was typed.

    `done` is where to go afterwards, or makes it from what `act` returned.
    """
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        except StaleVersion as stale:
            status = 409
            context["conflict"] = differing(form, stale.row)
            form.take_version(stale.row.version)
        else:
            messages.success(request, message)
            return redirect(done(made) if callable(done) else done)
    return render(request, "form_page.html", {"form": form, **context}, status=status)


def differing(form, row):
    """List (label, stored, typed) for what was typed and what somebody else has stored since."""
    names = [name for name in form.fields if name != "version" and hasattr(row, name)]
    pairs = [(form.fields[name].label, getattr(row, name), form.cleaned_data.get(name)) for name in names]
    return [(label, _words(stored), _words(typed)) for label, stored, typed in pairs if stored != typed]


def _words(value):
    if value is None or isinstance(value, str):
        return value or ""
    return str(getattr(value, "name", None) or getattr(value, "title", None) or value)
