"""One stage in two steps: first when, with the inspectors as one crowd, then with whom.

The linear relaxation says what the stage costs at least. The crowd is asked for that, then for more, which proves: what
it cannot do at a cost, no timetable can. Beside it a plan is sought: at the few starts that cost hardly more than the
floor, and by taking a few days of the best plan apart (large neighbourhood search; Shaw, "Using constraint programming
and local search methods to solve vehicle routing problems", 1998). Two questions are asked at a time, each with a limit
in the solver's own measure, and both are waited for: the answers do not depend on which core was quicker.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from ortools.sat.python import cp_model

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, to_minutes
from ncpi.fieldwork.problem import Plan, Problem, Session
from ncpi.fieldwork.timetable_bound import Bound, Relaxation
from ncpi.fieldwork.timetable_bound_people import SharedPeople
from ncpi.fieldwork.timetable_crowd import CrowdModel
from ncpi.fieldwork.timetable_model import TimetableModel

# How hard questions may be, in the solver's own measure, which is the same on every machine; those of later turns more.
EFFORT = 0.2
NEAR_EFFORT = 0.1
SEATING = 0.12
AT_A_TIME = 2
# How much more than the floor a start may cost to be tried for a plan: the fewer starts, the sooner one is found.
SLACK = 2
# Of so many sessions the days are taken apart, so many times a turn.
NEIGHBOURS, NEIGHBOURHOODS = 48, 3
# Seated inspectors among so many sessions move, so many times, where their crowd could have done better.
SEATED, REPAIRS = 36, 2
# So many answers of the relaxation are followed in a turn, each drawn so often until there are people for its groups.
ANSWERS, DRAWS, SPREAD = 4, 4, 1_000
# The last stage may spend all that is left; those before it leave it something.
TURNS = 3
# So often the crowd may say that the floor can be had, and nobody can be seated so, before it is believed no more.
UNSEATED = 6

Status = cp_model.CpSolverStatus
Model = TypeVar("Model", bound=TimetableModel)
Answer = tuple[Status, cp_model.CpSolver]
Starts = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Question:
    """Any solution of a model, or its best, looked for so long at most, perhaps by following its hint first."""

    model: cp_model.CpModel
    seed: int = 1
    effort: float = EFFORT
    by_hint: bool = False
    is_packing: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A cost to ask for, and the starts tried: those that cost within so much; with `days`, only those move.

    With `answer`, only those that cost what they do in an answer of the relaxation, which is drawn by that number.
    """

    target: int
    within: int
    seed: int
    by_hint: bool = False
    from_plan: bool = False
    days: frozenset[int] = frozenset()
    answer: int | None = None

    @property
    def is_proof(self) -> bool:
        return self.within >= self.target and not self.days and self.answer is None


class Ask(Protocol):
    def __call__(self, questions: Iterable[Question]) -> list[Answer]: ...


@dataclass
class Steps:
    """What is known of one stage: a floor that is proved, and the best plan. It keeps what earlier stages reached."""

    problem: Problem
    free: FreeTime
    stage: str
    plan: Plan
    ask: Ask
    may_go_on: Callable[[], bool]
    tell: Callable[[Plan, int], None] = lambda plan, floor: None
    floor: int = 0
    seed: int = 1
    reached: costs.Cost = field(default_factory=costs.Cost)
    bound: Bound = field(default_factory=lambda: Bound(0.0))
    relaxation: Relaxation | None = None
    people: SharedPeople | None = None
    rng: random.Random = field(default_factory=random.Random)
    proofs: int = 0
    is_worth_following: bool = False
    unseated: int = 0

    def better(self) -> Plan:
        """Return the cheapest plan found, at worst the one at hand; the floor is raised."""
        self.reached = costs.cost_of(self.problem, self.plan)
        self.bound = self._bound()
        self.floor = min(self.ceiling, max(self.floor, self.bound.least))
        self.rng = random.Random(self.seed)
        turn = 1
        while self._is_open and (turn <= TURNS or self.stage == costs.STAGES[-1]):
            self._ask_for_less(turn)
            if self.stage in ("unplaced", "preference"):
                self._take_apart(turn)
            turn += 1
        return self.plan

    @property
    def ceiling(self) -> int:
        return int(getattr(self.reached, self.stage))

    @property
    def _is_open(self) -> bool:
        return self.floor < self.ceiling and self.unseated < UNSEATED and self.may_go_on()

    def _ask_for_less(self, turn: int) -> None:
        """Ask everything of a turn, looking elsewhere and longer than the turn before; anew after each answer."""
        asked: set[Trial] = set()
        while self._is_open:
            trials = [one for one in self._trials(turn) if one not in asked][:AT_A_TIME]
            if not trials:
                break
            asked.update(trials)
            self._try(trials, turn * EFFORT)

    def _trials(self, turn: int) -> list[Trial]:
        few = self.floor + SLACK
        lowest = min(self.floor + 2 ** max(0, self.proofs - 1) - 1, self.ceiling - 1)
        quarter = self.floor + (self.ceiling - self.floor) // 4
        goal = lowest if turn == 1 else max(lowest, quarter)
        follow = [Trial(goal, goal, seed, answer=seed) for seed in self._answers(turn)]
        proof = Trial(lowest, lowest, 10 * turn)
        near = Trial(quarter, min(quarter, few), 10 * turn + 1, by_hint=True, from_plan=True)
        if turn == 1:
            return list(dict.fromkeys([*follow[:AT_A_TIME], proof, *follow[AT_A_TIME:-1], near, *follow[-1:]]))
        far = Trial(quarter, min(quarter, few), 10 * turn + 2, by_hint=True)
        return list(dict.fromkeys([near, *follow[:1], proof, *follow[1:], far]))

    def _answers(self, turn: int) -> range:
        """Return the numbers of the relaxation's answers that are followed in a turn; none where they led nowhere."""
        if self.relaxation is None or (turn > 1 and not self.is_worth_following):
            return range(0)
        return range((turn - 1) * ANSWERS, turn * ANSWERS)

    def _take_apart(self, turn: int) -> None:
        """Let the sessions of a few days move among these, all else standing still."""
        for _ in range(NEIGHBOURHOODS):
            if not self._is_open:
                break
            few = self.floor + SLACK if self.stage == "preference" else self.ceiling
            self._try(
                [
                    Trial(self.ceiling, few, self.rng.randrange(1_000), from_plan=True, days=self._days())
                    for _ in range(AT_A_TIME)
                ],
                turn * NEAR_EFFORT,
            )

    def _days(self) -> frozenset[int]:
        """Return a few days; while something is left out, days on which one such session could be."""
        count = self._count(NEIGHBOURS)
        if self.stage == "unplaced":
            left_out = [one for one in self.problem.sessions if one.id not in self.plan and self.free.session(one)]
            one = self.rng.choice(left_out)
            days = sorted({self.free.day_of[bit] for bit in self.free.options(one)})
            return frozenset(self.rng.sample(days, min(count, len(days))))
        return self._some_days(NEIGHBOURS)

    def _some_days(self, sessions: int) -> frozenset[int]:
        """Return days that hold about so many sessions."""
        everywhere = range(len(self.free.days))
        return frozenset(self.rng.sample(everywhere, min(self._count(sessions), len(everywhere))))

    def _count(self, sessions: int) -> int:
        return max(1, round(sessions * len(self.free.days) / max(1, len(self.problem.sessions))))

    def _try(self, trials: list[Trial], effort: float) -> None:
        """Ask the crowd for each cost, and seat it where it can."""
        crowds: list[CrowdModel] = []

        def questions() -> Iterator[Question]:
            """Yield each as soon as it is written, so that it is looked into while the next is being written."""
            for one in trials:
                crowds.append(self._crowd(one))
                is_packing = one.answer is not None
                yield Question(crowds[-1].cp, one.seed, effort / (1 + is_packing), one.by_hint, is_packing)

        answers, filled = self.ask(questions()), list[Trial]()
        for trial, crowd, (status, solver) in zip(trials, crowds, answers, strict=True):
            self.is_worth_following |= trial.answer is not None and status != cp_model.INFEASIBLE
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                if solver.value(crowd.stages[self.stage]) < self.ceiling:
                    self._seat(crowd, solver, trial)
                    filled.append(trial)
            elif trial.is_proof:
                self._prove(trial.target, is_proved=status == cp_model.INFEASIBLE)
        for trial in [one for one in filled if one.answer is not None][:1] * REPAIRS:
            if self.ceiling > trial.target and self.may_go_on():
                self._repair(trial)

    def _prove(self, target: int, *, is_proved: bool) -> None:
        """Raise the floor above what cannot be; after two successes ask for twice as much at once, and so on."""
        if is_proved:
            self.floor = min(self.ceiling, max(self.floor, target + 1))
        self.proofs = self.proofs + 1 if is_proved else 0

    def _crowd(self, trial: Trial) -> CrowdModel:
        starts = self._starts(trial)
        is_shared = trial.answer is not None and trial.answer % AT_A_TIME > 0
        crowd = self._limited(CrowdModel(self.problem, self.free, starts=starts, is_shared=is_shared), trial.target)
        if trial.from_plan:
            crowd.hint({key: one for key, one in self.plan.items() if self._bit(key) in starts[key]})
        if trial.days:
            crowd.minimise(self.stage, self.floor)
        return crowd

    def _starts(self, trial: Trial) -> Starts:
        if trial.answer is not None:
            return self._answer(trial.target, trial.answer)
        found = {}
        for session in self.problem.sessions:
            could = self.bound.starts_within(session.id, self.free.options(session), trial.within)
            found[session.id] = self._near(session.id, could, trial.days) if trial.days else could
        return found

    def _answer(self, target: int, number: int) -> Starts:
        """Return the starts that cost what they do in an answer of the relaxation that there are people for."""
        assert self.relaxation is not None
        starts: Starts = {}
        for draw in range(DRAWS):
            levels = self.bound.levels
            if number or draw or target > self.bound.least:
                cost = target - self.bound.added
                levels = self.relaxation.levels_within(cost, self.seed + number + draw * SPREAD)
            starts = {one.id: self.relaxation.starts_at(one.id, levels) for one in self.problem.sessions}
            if not self._asks_too_much(starts):
                break
        return starts

    def _asks_too_much(self, starts: Starts) -> bool:
        """Say whether people are lacking for the groups; the relaxation is told."""
        assert self.relaxation is not None
        assert self.people is not None
        too_few = list(self.people.too_few(starts))
        self.relaxation.limit(too_few)
        return bool(too_few)

    def _near(self, key: str, could: Sequence[int], days: frozenset[int]) -> list[int]:
        """Return the start that a session has, and those on these days unless it stands on another."""
        here = [bit for bit in could if self.free.day_of[bit] in days]
        if key not in self.plan:
            return here
        at = self._bit(key)
        return sorted({at, *here}) if self.free.day_of[at] in days else [at]

    def _bit(self, key: str) -> int:
        return self.free.bit_of[to_minutes(self.plan[key].starts_at)]

    def _bound(self) -> Bound:
        if self.stage not in ("unplaced", "preference"):
            return Bound(self.floor)
        relaxation = Relaxation(self.problem, self.free, self.stage)
        hopeless = sum(one.priority for one in self.problem.sessions if not self.free.session(one))
        if self.stage == "unplaced":
            return relaxation.solve().plus(hopeless)
        relaxation.limit_unplaced(self.reached.unplaced)
        seats = sum(one.inspectors for one in relaxation.sessions)
        is_all = self.reached.unplaced == hopeless
        if is_all:
            self.people = SharedPeople(self.problem, self.free)
            relaxation.charge(self.people.cost())
            relaxation.limit(self.people.at_best())
        is_uneven = is_all and seats % max(1, len(self.free.inspectors)) > 0
        bound = relaxation.solve(self.seed).plus(costs.POINTS_IMBALANCE if is_uneven else 0)
        if is_all and self.problem.published is None and bound.levels:
            self.relaxation = relaxation
        return bound

    def _limited(self, model: Model, target: int) -> Model:
        """Keep what earlier stages reached, and ask for the target."""
        for stage in costs.STAGES[: costs.STAGES.index(self.stage)]:
            if stage in model.stages:
                model.keep(stage, getattr(self.reached, stage))
        model.keep(self.stage, target)
        return model

    def _seat(self, crowd: CrowdModel, solver: cp_model.CpSolver, trial: Trial) -> None:
        """Seat inspectors on the crowd's days at times as good as its own, and keep the plan if it is a better one."""
        alike = dict(self._alike(crowd, solver))
        target = min(trial.target, self.ceiling - 1)
        exact = self._limited(self._seated(alike), target)
        best = self._limited(self._seated(alike), self.ceiling - 1)
        best.hint({key: one for key, one in self.plan.items() if self._bit(key) in alike.get(key, ())})
        best.minimise(self.stage, target)
        self._keep_better([(exact, SEATING), (best, NEAR_EFFORT / 2)])
        if self.ceiling > trial.target == self.floor:
            self.unseated += 1

    def _repair(self, trial: Trial) -> None:
        """Who sits where may ask for other times: let the sessions of a few days move as the trial lets them."""
        could = self._starts(trial)
        models = []
        for _ in range(AT_A_TIME):
            days = self._some_days(SEATED)
            near = {key: self._near(key, could[key], days) for key in could}
            models.append((self._limited(self._seated(near), trial.target), NEAR_EFFORT))
            models[-1][0].hint(self.plan)
        self._keep_better(models, is_packing=True)

    def _seated(self, starts: Starts) -> TimetableModel:
        return TimetableModel(self.problem, self.free, starts=starts)

    def _keep_better(self, models: list[tuple[TimetableModel, float]], *, is_packing: bool = False) -> None:
        """Look into models with the effort of each, and keep the plan of one that is better than that at hand."""
        answers = self.ask([Question(one.cp, effort=effort, is_packing=is_packing) for one, effort in models])
        for (model, _), (status, solver) in zip(models, answers, strict=True):
            plan = model.plan(solver.value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else self.plan
            cost = costs.cost_of(self.problem, plan)
            if getattr(cost, self.stage) < self.ceiling:
                self.plan, self.reached = plan, cost
                self.tell(plan, self.floor)

    def _alike(self, crowd: CrowdModel, solver: cp_model.CpSolver) -> Iterator[tuple[str, list[int]]]:
        """Yield, for each session placed, the starts of its day that cost no more than the one chosen."""
        for session in crowd.sessions:
            if not solver.value(crowd.placed[session.id]):
                continue
            chosen = self.free.bit_of[crowd.base + solver.value(crowd.start[session.id])]
            points = self._points(crowd, session, chosen)
            yield (
                session.id,
                [
                    bit
                    for bit in crowd.starts[session.id]
                    if self.free.day_of[bit] == self.free.day_of[chosen] and self._points(crowd, session, bit) <= points
                ],
            )

    def _points(self, crowd: CrowdModel, session: Session, bit: int) -> int:
        if self.stage != "preference":
            return 0
        return costs.start_points(session, self.free.starts[bit], False, crowd.local)
