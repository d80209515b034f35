"""Query sets compiled once: the same rows as evaluated anew, for whoever asks."""

from datetime import timedelta

import pytest
from django.db.models import Count
from django.http import Http404

from ncpi.accounts.access import ASKER, asked_by
from ncpi.accounts.models import Membership, User
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Force, Inspection
from ncpi.lib.prepared import NotPreparable, OfEach, Parameter, Prepared
from tests.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


def test_each_use_gives_its_own_values(django_assert_num_queries):
    forces = Prepared(lambda: Force.objects.filter(slug=Parameter("slug")))
    first, second = make_force("First Police"), make_force("Second Police")

    with django_assert_num_queries(3):
        found = [forces.rows(slug=slug) for slug in (first.slug, second.slug, "none")]

    assert found == [[first], [second], []]


def test_rows_come_whole_with_what_belongs_to_them(django_assert_num_queries):
    inspection = make_inspection()
    rows = Prepared(
        lambda: (
            Inspection.objects.filter(ref=Parameter("ref"))
            .select_related("force", "programme")
            .defer("programme__switches_basis")
            .annotate(milestone_count=Count("milestones"))
        )
    )

    with django_assert_num_queries(1):
        (found,) = rows.rows(ref=inspection.ref)
        shown = (found.name, found.force.clock_offset, found.programme.key, found.milestone_count)

    assert shown == (inspection.name, timedelta(0), inspection.programme.key, inspection.milestones.count())
    assert found.programme.get_deferred_fields() == {"switches_basis"}


def test_rows_of_one_of_several_and_of_none_are_those_that_belong_to_them(django_assert_num_queries):
    opened = OfEach("force", lambda: Inspection.objects.order_by("pk"))
    first, second = make_force("First Police"), make_force("Second Police")
    one, other = make_inspection(first), make_inspection(second)

    with django_assert_num_queries(2):
        found = [opened.rows(forces) for forces in ([first], [first, second], [])]

    assert found == [[one], [one, other], []]


def test_fields_are_read_as_the_model_reads_them():
    inspection = make_inspection()
    rows = Prepared(lambda: Inspection.objects.filter(pk=Parameter("pk")).select_related("programme"))

    (found,) = rows.rows(pk=inspection.pk)

    assert found.programme.content == type(found.programme).objects.get(pk=found.programme_id).content


def test_a_row_that_is_not_the_askers_does_not_exist():
    inspection = make_inspection()
    rows = Prepared(lambda: Inspection.objects.visible_to(ASKER, Permission.INSPECTION_VIEW).filter(pk=Parameter("pk")))
    insider, stranger = make_user("auditor", force=inspection.force), make_user("auditor", force=make_force("Other"))

    assert rows.one_or_404(**asked_by(insider), pk=inspection.pk) == inspection
    with pytest.raises(Http404):
        rows.one_or_404(**asked_by(stranger), pk=inspection.pk)


@pytest.mark.parametrize("rows", ["values", "prefetched", "related", "never"])
def test_what_is_not_one_statement_for_whole_rows_is_refused(rows):
    queries = {
        "values": User.objects.values_list("pk"),
        "prefetched": User.objects.prefetch_related("memberships"),
        "related": User(pk=1).memberships.all(),
        "never": Membership.objects.none(),
    }

    with pytest.raises(NotPreparable):
        Prepared(lambda: queries[rows]).rows()
