"""One session wanted, as a co-ordinator types it."""

from crispy_forms_gds.layout import Field, Layout
from django import forms

from ncpi.fieldwork.cells import Cells
from ncpi.fieldwork.forms import TimeInput
from ncpi.fieldwork.meeting_links import wrong_with
from ncpi.fieldwork.models import Band, Part, Session
from ncpi.fieldwork.operations.sessions import Wanted, preferences
from ncpi.inspections.models import Criterion
from ncpi.lib import dates
from ncpi.lib.forms import Fieldset, HouseModelForm, VersionedFormMixin


class SessionForm(HouseModelForm):
    """One session wanted. `people` and `others` are by reference."""

    fixed = forms.CharField(
        label="Who must come",
        required=False,
        max_length=1000,
        help_text="References of people, between semicolons.",
    )
    pool_units = forms.MultipleChoiceField(
        label="Choose from units", required=False, widget=forms.CheckboxSelectMultiple
    )
    pool_band = forms.ChoiceField(label="Only this rank band", required=False, choices=[("", "Any"), *Band.choices])
    pool_people = forms.CharField(
        label="Or choose from these people",
        required=False,
        max_length=4000,
        help_text="References, between semicolons.",
    )
    after = forms.CharField(
        label="After these sessions", required=False, max_length=500, help_text="References of sessions."
    )
    windows = forms.CharField(
        label="Only within",
        required=False,
        max_length=2000,
        help_text="Such as 2021-07-05 09:00-12:00, between semicolons. Empty means any open hour.",
    )
    prefer_dates = forms.CharField(
        label="Rather on", required=False, max_length=300, help_text="Days such as 2021-07-06, between semicolons."
    )
    prefer_from = forms.TimeField(label="Rather from", required=False, widget=TimeInput())
    prefer_to = forms.TimeField(label="Rather until", required=False, widget=TimeInput())
    link = forms.URLField(
        label="Meeting link",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Where an online session meets. It goes out with the invitations.",
    )

    class Meta:
        model = Session
        fields = [
            *("reference", "title", "kind", "minutes", "inspectors_needed", "specialism", "size", "units"),
            *("areas", "criteria", "priority"),
        ]
        labels = {
            "inspectors_needed": "Inspectors",
            "size": "How many of those to choose from",
            "units": "From at least so many units",
            "areas": "Speaks to",
            "criteria": "Of these areas, only to these criteria",
        }
        help_texts = {
            "size": "0 when everybody who comes is named above.",
            "units": "1 when they may all come from one.",
            "areas": "Empty means what its kind speaks to.",
            "criteria": "Empty means every criterion of the areas above.",
            "priority": "1 to 9; when not all can be placed, more weighs more.",
            "specialism": "What one of the inspectors must know; empty when any will do.",
        }
        widgets = {"areas": forms.CheckboxSelectMultiple, "criteria": forms.CheckboxSelectMultiple}

    def __init__(self, *args, inspection, people, others, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.people, self.others = people, others
        self.fields["kind"].queryset = inspection.programme.session_kinds.order_by("order", "pk")
        areas = inspection.programme.areas.order_by("order", "pk")
        self.fields["areas"].queryset = areas
        self.fields["areas"].choices = list(areas.values_list("pk", "title"))
        criteria = Criterion.objects.filter(area__programme_id=inspection.programme_id).select_related("area")
        self.fields["criteria"].queryset = criteria
        self.fields["criteria"].choices = [
            (one.pk, f"{one.area.title}: {one.title}") for one in criteria.order_by("area__order", "order", "pk")
        ]
        for name in ("areas", "criteria", "units"):
            self.fields[name].required = False
        self.fields["pool_units"].choices = [(unit, unit) for unit in units]
        self.fields["priority"].min_value = 1
        if self.instance.pk:
            self._fill()

    def layout(self):
        return Layout(
            Fieldset("reference", "title", "kind", Field("minutes"), "link", legend="What", legend_size="m"),
            Fieldset("inspectors_needed", "specialism", legend="Inspectors", legend_size="m"),
            Fieldset(
                *("fixed", "size", "units", Field.checkboxes("pool_units", small=True), "pool_band", "pool_people"),
                legend="Who",
                legend_size="m",
            ),
            Fieldset(
                *("after", "windows", "prefer_dates", "prefer_from", "prefer_to", "priority"),
                legend="When",
                legend_size="m",
            ),
            Fieldset(
                *(Field.checkboxes(name, small=True) for name in ("areas", "criteria")),
                legend="Coverage",
                legend_size="m",
            ),
            *(["version"] if "version" in self.fields else []),
        )

    def _fill(self):
        """Show what is stored in the words that this form takes."""
        session = self.instance
        parts = list(session.candidates.values_list("part", "person__reference").order_by("person__reference"))
        local = [(dates.to_local(one.during.lower), dates.to_local(one.during.upper)) for one in session.windows.all()]
        self.initial |= {
            "fixed": "; ".join(key for part, key in parts if part == Part.FIXED),
            "pool_people": "; ".join(key for part, key in parts if part == Part.POOL),
            "after": "; ".join(session.after.order_by("reference").values_list("reference", flat=True)),
            "windows": "; ".join(f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}" for start, end in sorted(local)),
            "prefer_dates": "; ".join(session.preferences.get("dates", [])),
            "prefer_from": session.preferences.get("from"),
            "prefer_to": session.preferences.get("to"),
        }

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link and (wrong := wrong_with(link)):
            raise forms.ValidationError(f"The meeting link {wrong}")
        return link

    def clean_minutes(self):
        minutes = self.cleaned_data["minutes"]
        if not 15 <= minutes <= 480:
            raise forms.ValidationError("A session lasts from 15 to 480 minutes.")
        return minutes

    def clean_inspectors_needed(self):
        return self._within("inspectors_needed", 1, 10)

    def clean_priority(self):
        return self._within("priority", 1, 9)

    def clean_units(self):
        return 1 if self.cleaned_data["units"] is None else self._within("units", 1, 30)

    def clean_prefer_dates(self):
        cells = Cells(0, self.cleaned_data)
        found = cells.days("prefer_dates")
        if cells.problems:
            raise forms.ValidationError([f"This field {problem.message}" for problem in cells.problems])
        return found

    def clean_fixed(self):
        return self._known("fixed", self.people)

    def clean_pool_people(self):
        return self._known("pool_people", self.people)

    def clean_after(self):
        return self._known("after", self.others)

    def clean_windows(self):
        cells = Cells(0, self.cleaned_data)
        found = cells.windows("windows")
        if cells.problems:
            raise forms.ValidationError([f"This field {problem.message}" for problem in cells.problems])
        return found

    def clean(self):
        data = super().clean()
        start, end = data.get("prefer_from"), data.get("prefer_to")
        if start and end and end <= start:
            self.add_error("prefer_to", "Must be after the time before it.")
        if not data.get("fixed") and not data.get("size") and "fixed" not in self.errors:
            self.add_error("fixed", "Nobody would come: name somebody, or choose from a pool.")
        if data.get("size") is not None and data.get("units", 1) > max(data["size"], 1):
            self.add_error("units", "Cannot be more than the people who are chosen.")
        return data

    @property
    def values(self):
        """Return the fields of the session itself."""
        data = self.cleaned_data
        kept = ("reference", "title", "minutes", "inspectors_needed", "specialism", "size", "units", "priority", "link")
        return {name: data[name] for name in kept} | {
            "preferences": preferences(data["prefer_from"], data["prefer_to"], data["prefer_dates"])
        }

    @property
    def wanted(self):
        data = self.cleaned_data
        units, band = data["pool_units"], data["pool_band"]
        of_units = [one for one in self.people.values() if units and one.unit in units and band in ("", one.band)]
        pool = {one.pk: one for one in (*of_units, *data["pool_people"])}
        for one in data["fixed"]:
            pool.pop(one.pk, None)
        return Wanted(
            fixed=data["fixed"],
            pool=list(pool.values()) if data["size"] else [],
            windows=data["windows"],
            areas=list(data["areas"]),
            criteria=list(data["criteria"]),
            after=data["after"],
        )

    def validate_constraints(self):
        """Left to the operation, which says it in words."""

    def _within(self, name, lowest, highest):
        value = self.cleaned_data[name]
        if not lowest <= value <= highest:
            raise forms.ValidationError(f"Must be from {lowest} to {highest}.")
        return value

    def _known(self, name, rows):
        found = Cells(0, self.cleaned_data).words(name)
        unknown = [key for key in found if key not in rows]
        if unknown:
            raise forms.ValidationError(f"Nothing here has the reference {', '.join(unknown)}.")
        return [rows[key] for key in found]


class ChangeSessionForm(VersionedFormMixin, SessionForm):
    pass
