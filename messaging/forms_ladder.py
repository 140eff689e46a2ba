"""The form with which a school sets what happens to a kind of notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging import policies
from messaging.models import Caller, Channel, NoticeKind
from messaging.policies import DAYS, MINUTES, Ladder, Rung
from schools.seenform import SeenForm

STEPS = range(1, len(Channel.values) + 1)


class LadderForm(SeenForm):
    """Four steps, each a way and how long it waits; an empty step is left out, an empty wait means until it fails."""

    caller = forms.ChoiceField(label=gettext_lazy("Who calls?"), choices=Caller.choices)

    def __init__(self, data: Any = None, *, ladder: Ladder) -> None:
        initial: dict[str, Any] = {"caller": ladder.caller}
        for step, rung in zip(STEPS, ladder.rungs, strict=False):
            initial |= {f"channel_{step}": rung.channel, f"wait_{step}": rung.wait, f"unit_{step}": rung.unit}
        super().__init__(data, initial=initial, prefix=ladder.kind)
        self.kind = ladder.kind
        units = [(DAYS, _("school days")), *([(MINUTES, _("minutes"))] if self.kind == NoticeKind.DRINGEND else [])]
        for step in STEPS:
            self.fields[f"channel_{step}"] = forms.ChoiceField(
                label=_("Step %(number)d") % {"number": step}, choices=[("", "—"), *Channel.choices], required=False
            )
            self.fields[f"wait_{step}"] = forms.IntegerField(
                label=_("Wait after step %(number)d") % {"number": step},
                min_value=1,
                max_value=policies.LONGEST_WAIT[MINUTES],
                required=False,
            )
            self.fields[f"unit_{step}"] = forms.ChoiceField(
                label=_("Unit of the wait after step %(number)d") % {"number": step},
                choices=units,
                initial=DAYS,
                required=False,
            )
        self.watch(True)

    @property
    def steps(self) -> Iterator[tuple[BoundField, BoundField, BoundField, bool]]:
        """Way, wait, unit of each step, and whether a wait can follow."""
        for step in STEPS:
            yield self[f"channel_{step}"], self[f"wait_{step}"], self[f"unit_{step}"], step != STEPS[-1]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                policies.check(self.kind, self.rungs())
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def rungs(self) -> list[Rung]:
        """The steps that were filled in; the last one has nothing to wait for."""
        facts = self.cleaned_data
        rungs = [
            Rung(facts[f"channel_{step}"], facts.get(f"wait_{step}"), facts.get(f"unit_{step}") or DAYS)
            for step in STEPS
            if facts.get(f"channel_{step}")
        ]
        return [*rungs[:-1], *(Rung(rung.channel) for rung in rungs[-1:])]
