"""Rounds, roles and plans: what prompts/training.toml adds to the questions."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from voicecoach.content.model import Plan, PlanStep, RoleGuide, Round, Slot
from voicecoach.content.shapes import TrainingShape


@dataclass(slots=True)
class Training:
    """What was read so far, by id, and where each question was named."""

    rounds: dict[str, Round] = field(default_factory=dict)
    roles: dict[str, RoleGuide] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    _files: dict[tuple[str, str], str] = field(default_factory=dict)

    def take_in(self, shown: str, shape: TrainingShape) -> None:
        """Add one file; what has an id that is there already takes its place.

        Args:
            shown: The file, as problems name it.
            shape: Its values.
        """
        for interview in shape.rounds:
            slots = tuple(Slot(slot.ask, tuple(slot.questions)) for slot in interview.slots)
            self.rounds[interview.id] = Round(
                interview.id, interview.label, interview.about, slots, interview.trims
            )
            self._files["rounds", interview.id] = shown
        for role in shape.roles:
            self.roles[role.id] = RoleGuide(role.id, role.label, role.about, tuple(role.drill))
            self._files["roles", role.id] = shown
        for plan in shape.plans:
            steps = tuple(
                PlanStep(step.label, step.task, step.days[1], tuple(step.questions)) for step in plan.steps
            )
            self.plans[plan.id] = Plan(plan.id, plan.label, plan.about, steps)
            self._files["plans", plan.id] = shown

    def problems(self, known: set[str]) -> tuple[str, ...]:
        """Questions that are named and do not exist, asked for twice, or too few to choose from.

        Args:
            known: Every question id.
        """
        found = [
            f"{self._files[kind, name]}: {kind} {name!r}: {key}: there is no question {question!r}"
            for kind, name, key, questions in self._named()
            for question in questions
            if question not in known
        ]
        for kind, name, key, questions in self._named():
            twice = sorted(question for question, count in Counter(questions).items() if count > 1)
            found += [
                f"{self._files[kind, name]}: {kind} {name!r}: {key}: names {question!r} twice"
                for question in twice
            ]
        for interview in self.rounds.values():
            found += [
                f"{self._files['rounds', interview.id]}: rounds {interview.id!r}: slots[{index}].ask: "
                f"asks {slot.ask} of {len(slot.questions)} questions"
                for index, slot in enumerate(interview.slots)
                if slot.ask > len(slot.questions)
            ]
        return tuple(found)

    def _named(self) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        for interview in self.rounds.values():
            for index, slot in enumerate(interview.slots):
                yield "rounds", interview.id, f"slots[{index}].questions", slot.questions
        for role in self.roles.values():
            yield "roles", role.role, "drill", role.drill
        for plan in self.plans.values():
            for index, step in enumerate(plan.steps):
                yield "plans", plan.id, f"steps[{index}].questions", step.questions
