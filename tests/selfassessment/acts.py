"""What the tests of the self-assessment do again and again."""

import re
from html import unescape

from django.urls import reverse

from ncpi.lib.prepared import Parameter, Prepared
from ncpi.selfassessment import operations, queries
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.return_operations import submit_return
from ncpi.selfassessment.signing import STATEMENT
from tests.factories import NOW, judge

OF_THE_WHOLE = {"as-it-was", "bring-all-forward", "gaps", "overview", "said"}

_JUDGEMENT = Prepared(
    lambda: Judgement.objects.filter(pk=Parameter("pk")).select_related(
        "inspection__force", "inspection__programme", "criterion__area", "grade", "lead", "carried_from__inspection"
    )
)


def fresh(row):
    """Return the row as it is in the database now, with what operations need of a judgement."""
    return _JUDGEMENT.rows(pk=row.pk)[0] if isinstance(row, Judgement) else type(row)._default_manager.get(pk=row.pk)


def address(name, of, **kwargs):
    """Return where a page of an inspection, or of a judgement's criterion, is found."""
    if isinstance(of, Judgement):
        if name not in OF_THE_WHOLE and "pk" not in kwargs:
            kwargs["criterion"] = of.criterion.key
        of = of.inspection
    return reverse(f"selfassessment:{name}", kwargs={"ref": of.ref, **kwargs})


def words(response):
    """Return what can be read on a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def sign(inspection, chief, area=None, digest=None):
    digest = digest or queries.scope_to_sign(inspection, area).digest
    return operations.sign(
        by=chief, inspection=inspection, area=area, shown_digest=digest, name="DCC", statement=STATEMENT, at=NOW
    )


def submit(inspection, by, digest=None):
    shown = digest or queries.next_return(inspection).scope.digest
    return submit_return(by=by, inspection=inspection, shown_digest=shown, at=NOW)


def change(row, people, **texts):
    """Change an agreed judgement and have it agreed again."""
    saved = judge(fresh(row), by=people["lead"], **texts)
    sent = operations.send_for_review(by=people["lead"], judgement=fresh(row), version=saved.version, at=NOW)
    return operations.agree(by=people["reviewer"], judgement=fresh(row), version=sent.version, at=NOW)
