"""`make bench`: measures pages and heavy acts in a database of its own, writes JSON, and fails where a gate does."""

import json
import logging
import random
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test.utils import override_settings
from django.utils.module_loading import import_string

from audits.management.bench import acts, pages, questions, sample
from audits.management.bench.addresses import Addresses
from audits.management.bench.data import Bulk
from audits.management.bench.measure import beside, count
from audits.management.bench.returns import LINKS, Returns
from audits.management.bench.timetables import INSTANCES, Timetables
from audits.management.commands.demo import BUILDERS
from ncpi.inspections import demo as base

SUITES = ["pages", "compile", "questions", "autosave", "judgement", "return", "list", "import", "controls", "timetable"]
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
SLOW = 2.0


class Command(BaseCommand):
    help = "Measure queries, buffers and times against the floors. Counters are gates; times are reported."

    def add_arguments(self, parser):
        parser.add_argument("--suite", default=",".join(SUITES), help=f"some of {','.join(SUITES)}")
        parser.add_argument("--scale", default="1k,10k", help=f"some of {','.join(SIZES)}: audits of other forces")
        parser.add_argument("--rows", type=int, default=100_000, help="rows of the imported extract")
        parser.add_argument("--instances", type=int, default=INSTANCES, help="generated timetables to check")
        parser.add_argument("--json", type=Path)

    def handle(self, *args, suite, scale, rows, instances, json, **options):
        suites, sizes = self._chosen(suite, SUITES), self._chosen(scale, list(SIZES))
        report, failed = {}, []
        if set(suites) - {"timetable"}:
            report, failed = self._with_database(suites, sizes, rows)
        if "timetable" in suites:
            made = Timetables(self._say, instances)
            made.measure()
            report["timetable"] = made.report
            failed += made.failed
        self._write(json, report | {"failed": failed})
        if failed:
            raise CommandError("Failed gates:\n" + "\n".join(failed))

    def _with_database(self, suites, sizes, rows):
        name = connection.settings_dict["NAME"]
        # Without Django's test environment, which copies every template's context and so makes pages look slow.
        # Pages that take no GET are asked once to find that out.
        logging.disable(logging.WARNING)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with override_settings(
                ROOT_URLCONF="audits.management.bench.urls",
                STORAGES=_PLAIN_FILES,
                AUTHENTICATION_BACKENDS=[*settings.AUTHENTICATION_BACKENDS, pages.STOCK_BACKEND],
            ):
                return self._run(suites, sizes, rows)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
            logging.disable(logging.NOTSET)

    def _chosen(self, text, known):
        chosen = [part.strip() for part in text.split(",") if part.strip()]
        if not chosen or set(chosen) - set(known):
            raise CommandError(f"Choose from {', '.join(known)}.")
        return [part for part in known if part in chosen]

    def _run(self, suites, sizes, rows):
        demo = self._demonstration()
        bulk = Bulk(demo)
        opened = pages.Pages(demo, Addresses(demo))
        measured = {
            "compile": acts.Compile(demo, bulk),
            "summary": acts.Summary(demo),
            "questions": questions.SixtyQuestions(demo, opened.bare),
            "autosave": acts.Autosave(demo, opened.bare),
            "judgement": acts.SaveJudgement(demo.inspection, opened.bare),
            "list": sample.DeepList(bulk),
        }
        chosen = [part for key, part in measured.items() if key in suites or (key == "summary" and "compile" in suites)]
        for size in sizes:
            bulk.grow(SIZES[size])
            self._say(f"{SIZES[size]:,} audits of other forces")
            for part in [*chosen, *([opened] if "pages" in suites else [])]:
                began = time.monotonic()
                part.measure(size)
                self._say(f"  {type(part).__name__}: {time.monotonic() - began:.0f} s")
        report = {"sizes": sizes} | {key: part.sizes for key, part in measured.items() if part in chosen}
        failed = [line for part in chosen for line in part.gates()]
        if "pages" in suites:
            failed += self._pages(opened, report)
        if "return" in suites:
            failed += self._returns(opened, report)
        if "import" in suites:
            report["import"] = sample.importing(demo, rows)
            failed += sample.import_gates(report["import"])
        if "controls" in suites:
            failed += self._controls(demo, opened, report)
        return report, failed

    def _demonstration(self):
        self._say("Making the demonstration")
        with transaction.atomic():
            demo = base.build(stage="fieldwork", rng=random.Random(7))
            for path in BUILDERS:
                import_string(path)(demo, stage="fieldwork")
        return demo

    def _pages(self, opened, report):
        opened.time()
        report["pages"] = opened.rows
        report["nothing to show"] = opened.empty
        for name, row in sorted(opened.rows.items()):
            counts = list(row["counts"].values())[-1]
            self._say(
                f"{name:35} {counts['queries']:3} queries {counts['buffers']:6} buffers"
                f" {row['time']['cpu_ratio']:6.1f}× bare"
            )
        return pages.gates(opened.rows) + [
            f"{name}: an address that the benchmark does not list." for name in opened.unlisted
        ]

    def _returns(self, opened, report):
        returns = Returns(opened.bare)
        returns.measure()
        report["return"] = returns.rows
        for name, row in returns.rows.items():
            counts = row[list(LINKS)[-1]]
            self._say(
                f"{name:35} {counts['queries']:3} queries {counts['buffers']:6} buffers"
                f" {row['beside bare']['cpu_ratio']:6.1f}× bare, {counts.get('fresh rows', 0):7} rows when fresh"
            )
        return returns.gates()

    def _controls(self, demo, opened, report):
        """Pages made the wrong way: a gate that lets them pass is broken."""
        person = demo.people["coordinator"]
        one_by_one = count(opened.opener(f"/bench/one-by-one/{demo.inspection.ref}", person))
        crispy = beside(opened.opener("/bench/crispy", person), opened.bare)
        report["controls"] = {"one by one": {"queries": one_by_one.queries}, "crispy": crispy.as_json()}
        failed = []
        if one_by_one.queries <= pages.MOST_QUERIES:
            failed.append("The list made one by one passes the gate on queries.")
        if crispy.cpu_ratio <= SLOW:
            failed.append("The crispy page of sixty questions is not seen to be slow.")
        return failed

    def _write(self, path, report):
        report["made_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        text = json.dumps(report, indent=1, sort_keys=True)
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
            self._say(f"Written to {path}.")
        else:
            self.stdout.write(text)

    def _say(self, text):
        self.stderr.write(text)


_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
