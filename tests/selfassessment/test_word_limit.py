"""A programme that limits the words of a text: counted as people type, and checked when they save."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ncpi.inspections import demo, programme_files
from ncpi.inspections import operations as inspections
from ncpi.selfassessment import operations
from ncpi.selfassessment.models import Judgement
from tests import worlds
from tests.factories import NOW, client_of, make_force, make_inspection, make_self_assessment
from tests.selfassessment.acts import address
from tests.selfassessment.workbooks import taken_away, typed_into

pytestmark = pytest.mark.django_db


def make_judgement():
    with TemporaryDirectory() as folder:
        files = shutil.copytree(demo.PROGRAMMES / "ncpi-2020", Path(folder) / "limited")
        head = files / "programme.yaml"
        head.write_text(head.read_text().replace("edition: 1", "edition: 7\nword_limit: 3"))
        programme = inspections.adopt_programme(by=None, found=programme_files.load_programme(files), at=NOW)
    return make_self_assessment(make_inspection(make_force(), programme=programme))[0]


made = worlds.copies(make_judgement)


@pytest.fixture
def judgement(made, db):
    return made()


def test_the_words_left_are_counted_under_each_text(judgement, lead):
    page = client_of(lead).get(address("criterion", judgement)).content.decode()

    assert page.count('data-maxwords="3"') == 4


def test_a_text_over_the_limit_stays_in_the_form_and_is_not_saved(judgement, lead):
    data = {"version": 1, "grade": "", "narrative": "One two three four", "impact": "", "gaps": "", "plan": ""}

    page = client_of(lead).post(address("save", judgement), data)

    form = page.context["form"]
    assert form.errors["narrative"] == ["What we do has 4 words; the programme allows 3. Take out 1."]
    assert (form["narrative"].value(), Judgement.objects.get(pk=judgement.pk).narrative) == ("One two three four", "")


def test_a_text_at_the_limit_is_saved(judgement, lead):
    data = {"version": 1, "grade": "", "narrative": "One two three", "impact": "", "gaps": "", "plan": ""}

    client_of(lead).post(address("save", judgement), data)

    assert Judgement.objects.get(pk=judgement.pk).narrative == "One two three"


def test_a_workbook_over_the_limit_is_refused_by_its_cell(judgement, lead):
    inspection = judgement.inspection
    data = typed_into(taken_away(inspection), {"G2": "One two three four", "H2": "One two three"})
    upload = SimpleUploadedFile("Return.xlsx", data)

    page = client_of(lead).post(reverse("selfassessment:workbook", args=[inspection.ref]), {"workbook": upload})

    assert [str(problem) for problem in page.context["problems"]] == [
        "Judgements!G2 is too long. What we do has 4 words; the programme allows 3. Take out 1."
    ]


def test_whoever_saves_the_limit_holds(judgement, lead):
    texts = {"narrative": "One two three four", "impact": "", "gaps": "", "plan": ""}

    with pytest.raises(operations.TooManyWords):
        operations.save_judgement(by=lead, judgement=judgement, version=1, at=NOW, grade=None, texts=texts)


def test_a_programme_without_a_limit_keeps_the_digest_it_was_adopted_with(tmp_path):
    shutil.copytree(demo.PROGRAMMES / "ncpi-2020", tmp_path / "unlimited")
    head = tmp_path / "unlimited" / "programme.yaml"
    before = programme_files.load_programme(tmp_path / "unlimited")
    head.write_text(head.read_text().replace("edition: 1", "edition: 1\nword_limit: 500"))

    limited = programme_files.load_programme(tmp_path / "unlimited")

    assert b"word_limit" not in before.canonical
    assert (limited.programme.word_limit, limited.digest != before.digest) == (500, True)
