"""The dialog that sets the interview date, the role and the plan."""

from datetime import date
from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Select, Static

from voicecoach.content.model import Bank, Role
from voicecoach.errors import SettingsError
from voicecoach.practice.plan import PlanChoice, chosen, look_ahead
from voicecoach.tui.dialog import Dialog
from voicecoach.tui.layout import choices_of
from voicecoach.tui.widgets.keys_footer import KeysFooter


class PlanDialog(Dialog[PlanChoice]):
    """Takes a date, a role and a plan.

    Args:
        bank: Has the roles and plans.
        choice: What is set now.
        today: On the person's calendar.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save"),
        Binding("tab", "app.focus_next", "Next field"),
        Binding("escape", "dismiss_none", "Cancel"),
    ]

    def __init__(self, bank: Bank, choice: PlanChoice, today: date) -> None:
        super().__init__()
        self._bank = bank
        self._choice = choice
        self._today = today

    def compose(self) -> ComposeResult:
        """One line each, then the plan that they make."""
        day = self._choice.interview.isoformat() if self._choice.interview else ""
        known = {plan.id for plan in self._bank.plans}
        with Vertical(classes="dialog"):
            yield Static("When is the interview?", classes="dialog-title", markup=False)
            with Horizontal(classes="setting"):
                yield Static("Date", classes="label")
                yield Input(
                    day, id="interview", placeholder="2026-12-01; empty for none", max_length=10, compact=True
                )
            with Horizontal(classes="setting"):
                yield Static("Role", classes="label")
                yield Select(
                    choices_of(
                        [("any", "any"), *((role.label, str(role.role)) for role in self._bank.roles)]
                    ),
                    value=self._known_role(),
                    allow_blank=False,
                    id="role",
                    compact=True,
                )
            with Horizontal(classes="setting"):
                yield Static("Plan", classes="label")
                yield Select(
                    choices_of(
                        [("the one that fits the days", "auto"), *((p.label, p.id) for p in self._bank.plans)]
                    ),
                    value=self._choice.plan if self._choice.plan in known else "auto",
                    allow_blank=False,
                    id="plan",
                    compact=True,
                )
            yield Static(id="plan-remark", classes="muted", markup=False)
            yield Static(id="dialog-trouble", markup=False)
        yield KeysFooter()

    def _known_role(self) -> str:
        return next((str(r.role) for r in self._bank.roles if r.role == self._choice.role), "any")

    def on_mount(self) -> None:
        """Say what is there."""
        self._remark()

    def on_input_changed(self) -> None:
        """Say which plan the date makes."""
        self._remark()

    def on_select_changed(self) -> None:
        """Say which plan that makes."""
        self._remark()

    def on_input_submitted(self) -> None:
        """Enter in the date saves."""
        self.action_save()

    def _remark(self) -> None:
        remark = "ctrl+s saves. It locks nothing: every question stays open on every day."
        try:
            choice = self._read()
        except SettingsError:
            choice = PlanChoice()
        view = look_ahead(self._bank, choice, self._today, self._choice)
        if view is not None and view.plan is not None:
            days = view.days_to_go
            told = "Today" if days == 0 else "Tomorrow" if days == 1 else f"In {days} days"
            remark = f"{told}: {view.plan.label}. {view.plan.about}"
        elif view is not None and view.is_over and view.interview == self._choice.interview:
            remark = (
                "That interview is over. ctrl+s saves another role all the same; a new date makes a plan "
                "again, an empty one clears it."
            )
        self.query_one("#plan-remark", Static).update(remark)
        self.query_one("#dialog-trouble", Static).update("")

    def _read(self) -> PlanChoice:
        text = self.query_one("#interview", Input).value.strip()
        role = str(self.query_one("#role", Select).value)
        try:
            interview = date.fromisoformat(text) if text else None
        except ValueError:
            raise SettingsError(f"{text!r} is not a day such as 2026-12-01.") from None
        return PlanChoice(
            interview,
            str(self.query_one("#plan", Select).value),
            next((known for known in get_args(Role) if known == role), None),
        )

    def action_save(self) -> None:
        """Hand the choice over, or say what is wrong with it."""
        try:
            choice = self._read()
            chosen(choice, self._bank, self._today, self._choice)
        except SettingsError as error:
            self.query_one("#dialog-trouble", Static).update(error.message)
            return
        self.dismiss(choice)

    def action_dismiss_none(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
