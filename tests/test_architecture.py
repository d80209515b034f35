"""The rules of the house that no single page or operation can show. Each names what it found, never only that."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.template import engines

from ncpi.accounts.classification import SENSITIVITY
from ncpi.lib.forms import HouseForm

ROOT = Path(__file__).resolve().parent.parent
OPEN, PROTECTED = "ncpi", ("cases", "audits")
SOURCES = sorted(
    path
    for app in (OPEN, *PROTECTED)
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts and "__pycache__" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Writing outside operations, each with its reason.
WRITERS = {
    "audits/management/bench/acts.py": "takes away what was said for a next page that nobody opens",
    "audits/management/bench/pages.py": "notes once that its people were here, in a database of its own",
    "ncpi/accounts/journal.py": "the journal is written by every operation",
    "ncpi/accounts/middleware.py": "form keys and the time somebody was last here belong to the request",
    "ncpi/accounts/tasks.py": "forgets form keys",
    "ncpi/accounts/sessions.py": "a session is saved by the request, as Django's own are",
    "ncpi/inspections/adoption.py": "the part of the operation that turns YAML into rows",
    "ncpi/inspections/marks.py": "the mark that something changed is written by every operation",
    "ncpi/jobs/tasks.py": "marks a mail as sent in the step that sent it",
    "ncpi/lib/versions.py": "compare-and-swap itself",
}
# Markup made by hand, with its reason.
HOLES = {"ncpi/lib/moulds.py": "joins the pieces of a template with values, each of which it has escaped"}
IMPORT_REASONS = ("slow import", "app ready", "optional dependency")


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_of(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.fixture(scope="module")
def trees():
    return {path: tree_of(path) for path in SOURCES}


@pytest.fixture(scope="module")
def functions(trees):
    return {path: functions_of(tree) for path, tree in trees.items()}


def protected_models():
    models = [model for app in PROTECTED for model in apps.get_app_config(app).get_models()]
    return [model for model in models if not hasattr(model, "pgh_id") and not _is_event(model)]


def _is_event(model):
    return any(field.name == "pgh_id" for field in model._meta.get_fields())


def own_models():
    models = [model for app in (OPEN, *PROTECTED) for model in apps.get_app_config(app).get_models()]
    return [model for model in models if not _is_event(model) and not model._meta.auto_created]


# --- the boundary of the data ---


def test_the_import_order_holds():
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--cache-dir", "var/cache/imports"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def test_no_open_model_points_at_a_protected_one():
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_app_config(OPEN).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model._meta.app_label in PROTECTED
    ]

    assert found == []


def test_no_open_model_leads_back_to_a_protected_one():
    found = [
        f"{model._meta.label}.{relation.get_accessor_name()}"
        for model in apps.get_app_config(OPEN).get_models()
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.is_relation
        and relation.auto_created
        and not relation.concrete
        and relation.related_model._meta.app_label in PROTECTED
        and not relation.hidden
    ]

    assert found == []


@pytest.mark.parametrize("model", protected_models(), ids=lambda model: model.__name__)
def test_every_field_of_a_protected_model_is_classified(model):
    fields = {field.name for field in model._meta.get_fields() if not field.auto_created}

    assert set(model.Privacy.fields) == fields
    assert set(model.Privacy.fields.values()) <= SENSITIVITY.keys()


# --- models ---


def test_no_model_orders_itself():
    assert [model.__name__ for model in own_models() if model._meta.ordering] == []


def test_every_model_says_which_row_it_is():
    silent = [model.__name__ for model in own_models() if "django" in model.__str__.__module__]

    assert silent == []


def test_no_model_saves_in_its_own_way():
    found = [model.__name__ for model in own_models() if "save" in vars(model) or "delete" in vars(model)]

    assert found == []


def test_nothing_listens_to_signals():
    listening = re.compile(r"\breceiver\(|\b(pre|post)_(save|delete|init)\b|\bm2m_changed\b")

    assert [name_of(path) for path in SOURCES if listening.search(path.read_text(encoding="utf-8"))] == []


# --- writing ---


def is_operations(path):
    return path.stem == "operations" or path.stem.endswith("_operations") or path.parent.name == "operations"


def may_write(path):
    is_demonstration = path.stem == "demo" or path.parent.name == "demo"
    return is_operations(path) or is_demonstration or name_of(path) in WRITERS


def is_atomic(function):
    return any("atomic" in attributes_of(decorator) for decorator in function.decorator_list)


def attributes_of(node):
    """Give the names along a chain of attributes and calls: `A.objects.filter(x).update` gives all four."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def writes_in(tree):
    """Give the line of each call that writes rows."""
    always = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    of_manager = {"create", "update", "delete"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        chain = list(attributes_of(node.func))
        is_saved_row = chain[0] == "save" and not node.args and (not node.keywords or node.keywords[0].arg != "format")
        if chain[0] in always or (chain[0] in of_manager and "objects" in chain) or is_saved_row:
            yield node.lineno


def test_only_operations_write(trees):
    found = [f"{name_of(path)}:{line}" for path in SOURCES if not may_write(path) for line in writes_in(trees[path])]

    assert found == []


def test_control_a_write_is_seen():
    source = (
        "Case.objects.filter(pk=1).update(x=1)\nrow.save()\nnames.update(x)\nC.objects.create(a=1)\nbook.save(file)"
    )

    assert list(writes_in(ast.parse(source))) == [1, 2, 4]


def test_operations_take_their_arguments_by_name(functions):
    found = [
        f"{name_of(path)}:{node.name}"
        for path in filter(is_operations, SOURCES)
        for node in functions[path]
        if is_atomic(node) and not node.name.startswith("_") and (node.args.args or node.args.posonlyargs)
    ]

    assert found == []


def test_operations_read_no_clock():
    clock = re.compile(r"timezone\.(now|localdate)\(|date\.today\(|datetime\.now\(|time\.time\(")
    found = [name_of(path) for path in filter(is_operations, SOURCES) if clock.search(path.read_text(encoding="utf-8"))]

    assert found == []


# --- proportions ---


def test_no_file_is_longer_than_400_lines():
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}

    assert {name: count for name, count in long.items() if count > 400} == {}


def test_no_function_is_longer_than_40_lines(functions):
    found = {
        f"{name_of(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES
        for node in functions[path]
        if node.end_lineno - node.lineno + 1 > 40
    }

    assert found == {}


def test_an_import_inside_a_function_gives_its_reason(functions):
    found = []
    for path in SOURCES:
        lines = path.read_text(encoding="utf-8").splitlines()
        for function in functions[path]:
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    line = lines[node.end_lineno - 1]
                    if not any(reason in line for reason in IMPORT_REASONS):
                        found.append(f"{name_of(path)}:{node.lineno}")

    assert found == []


def test_the_pages_load_without_what_solves_draws_and_reckons():
    heavy = {"ortools", "altair", "vl_convert", "scipy", "statsmodels", "pandas", "openpyxl"}
    look = "import django, sys; django.setup(); import ncpi.urls, ncpi.tasks; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)

    assert heavy.intersection(loaded.stdout.split()) == set()


# --- pages that stay text ---


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("unescaped text", r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq\b"),
        ("an inline script", r"<script(?![^>]*\bsrc=)"),
        ("an inline style", r"<style|\sstyle\s*="),
        ("an inline handler", r"\son[a-z]+\s*=|\bhx-on\b|javascript:"),
        ("a call to another server", r"(src|href|action)\s*=\s*[\"'](https?:)?//"),
        ("a block whose end does not say which", r"{%\s*endblock\s*%}"),
    ],
)
def test_no_template_has(what, pattern):
    found = [
        f"{name_of(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line if "endblock" in pattern or "safe" in pattern else markup(line), re.IGNORECASE)
    ]

    assert found == [], what


def markup(line):
    """Give the line without its template tags, whose arguments look like attributes."""
    return re.sub(r"{%.*?%}", "", line)


def test_no_code_opens_a_hole():
    hole = re.compile(r"\bmark_safe\b|\bcsrf_exempt\b|\.extra\(|\.raw\(|\bSafeString\(")

    assert [name_of(path) for path in SOURCES if hole.search(path.read_text(encoding="utf-8"))] == sorted(HOLES)


def test_text_from_the_database_stays_text_in_a_form():
    class Hostile(HouseForm):
        field = forms.ChoiceField(
            label="<img src=x onerror=a()>", help_text="<b>help</b>", choices=[("a", "<i>choice</i>")],
            widget=forms.RadioSelect,
        )  # fmt: skip

    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}")
    page = template.render({"form": Hostile()})

    assert [mark for mark in ("<img", "<b>help", "<i>choice") if mark in page] == []
    assert [mark for mark in ("&lt;img", "&lt;b&gt;help", "&lt;i&gt;choice") if mark not in page] == []


# --- what others bring ---


def test_no_lock_file_names_an_address():
    lock = json.loads((ROOT / "package-lock.json").read_text())

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_every_requirement_is_pinned_and_gives_its_reason():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    form = re.compile(r"[A-Za-z0-9._-]+==[\w.]+\s*(;[^#]+)?\s#\s\S.+")

    assert [line for line in lines if not form.fullmatch(line)] == []


def test_every_requirement_is_among_the_constraints():
    required = re.findall(r"^([\w.-]+==[\w.]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    constrained = {line.partition(" ;")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}

    assert [line for line in required if line.lower() not in constrained] == []


def test_no_front_end_package_floats():
    package = json.loads((ROOT / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}

    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
