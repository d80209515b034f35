"""Several counts of different tables in one query: what a tile says should cost one."""

from django.db.models import IntegerField, Subquery


class CountOf(Subquery):
    """How many rows a query finds, as a value of another query."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
