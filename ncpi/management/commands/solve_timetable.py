"""Solves a timetable from a file to standard output; no database is asked. See docs/timetable-interface.md."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ncpi.fieldwork.problem import BadProblem
from ncpi.fieldwork.problem_json import read_problem, solution_as_json
from ncpi.lib.strict_json import NotJson

BAD_PROBLEM = 2


class Command(BaseCommand):
    help = "Solve problem.json and print the solution. Ends with 0 whenever the answer is valid, 2 for a bad problem."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("problem", help="the problem as JSON, or - for standard input")
        parser.add_argument("--seconds", type=float, default=60, help="stop with the best found after so long")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args, problem, seconds, seed, workers, **options):
        if not (0 < seconds <= 86_400 and 0 <= seed < 2**31 and 1 <= workers <= 64):
            raise CommandError("Seconds up to 86400, a seed from 0, workers from 1 to 64.", returncode=BAD_PROBLEM)
        try:
            wanted, unread = read_problem(self._text(problem))
        except (OSError, UnicodeDecodeError, NotJson, BadProblem) as error:
            raise CommandError(f"Bad problem:\n{error}", returncode=BAD_PROBLEM)
        for path in unread:
            self.stderr.write(f"Not read, because nothing is known of it: {path}")
        from ncpi.fieldwork import timetable  # noqa: PLC0415 slow import

        solution = timetable.solve(wanted, seconds=seconds, seed=seed, workers=workers)
        self.stdout.write(json.dumps(solution_as_json(wanted, solution), indent=1, ensure_ascii=False))

    def _text(self, problem):
        if problem == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(problem).read_text(encoding="utf-8-sig")
