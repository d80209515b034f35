"""How this house writes dates, states and forms. Formatting only; nothing here decides or queries."""

import uuid
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html

from ncpi.accounts.context import sections_of
from ncpi.lib.dates import minutes_in_words

register = template.Library()

# Colour never carries meaning alone: the tag's text is always the state's own label.
TAG_COLOURS = {
    "not_started": "grey", "drafting": "light-blue", "in_review": "purple", "returned": "orange", "agreed": "green",
    "open": "grey", "in_progress": "light-blue", "proving": "purple", "closed": "green", "not_adopted": "grey",
    "awaiting_review": "grey", "will_be_progressed": "light-blue", "being_progressed": "light-blue",
    "complete": "green", "superseded": "grey", "overdue": "red",
    "allocated": "grey", "started": "light-blue", "submitted": "green",
    "raised": "red", "acknowledged": "orange", "resolved": "purple",
    "draft": "light-blue", "approved": "purple", "released": "green", "published": "green",
    "queued": "grey", "sent": "grey", "running": "light-blue", "done": "green", "failed": "red",
    "valid": "green", "stale": "orange", "withdrawn": "grey", "unsigned": "grey",
    "other_times": "orange", "stand_in": "orange",
    "none": "grey", "accepted": "green", "declined": "red", "wanted": "grey", "placed": "green", "unplaced": "orange",
}  # fmt: skip


@register.simple_tag
def once():
    """Return the hidden key that makes a rendered form count once."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())


@register.simple_tag
def state_tag(key, label=None):
    """Return a state as a GOV.UK tag."""
    colour = TAG_COLOURS.get(str(key), "grey")
    text = label or str(key).replace("_", " ").capitalize()
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text)


@register.filter
def day(value):
    """Write a date as `5 July 2021`."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if not isinstance(value, date):
        return ""
    return f"{value.day} {value:%B %Y}"


@register.filter
def weekday(value):
    """Write a date as `Monday 5 July 2021`."""
    return f"{value:%A} {day(value)}" if isinstance(value, date) else ""


@register.filter
def clock(value):
    """Write the local time of a moment as `18:00`."""
    return f"{timezone.localtime(value):%H:%M}" if isinstance(value, datetime) else ""


@register.filter
def moment(value):
    """Write a moment as `12 July 2021 at 18:00`."""
    return f"{day(value)} at {clock(value)}" if isinstance(value, datetime) else ""


@register.filter
def span(value):
    """Write a number of minutes as `1 h 15 min`."""
    return minutes_in_words(value)


@register.filter
def days_until(value, on=None):
    """Write how far off a date is, as people say it."""
    if not isinstance(value, date):
        return ""
    distance = (value - (on or timezone.localdate())).days
    if distance == 0:
        return "today"
    if abs(distance) == 1:
        return "tomorrow" if distance > 0 else "yesterday"
    return f"in {distance} days" if distance > 0 else f"{-distance} days ago"


@register.filter
def at_key(mapping, key):
    """Return `mapping[key]`, or nothing."""
    return mapping.get(key) if mapping else None


@register.inclusion_tag("_parts/inspection_navigation.html", takes_context=True)
def inspection_navigation(context, inspection):
    """Show the inspection's sections that this person may open."""
    request = context["request"]
    sections, of_cases = sections_of(inspection, request.user)
    return {"sections": sections, "of_cases": of_cases, "path": request.path, "inspection": inspection}


@register.filter
def words(value):
    """Write a key as words: `compile_summary` is `Compile summary`, `switches.tried` is `Switches, tried`."""
    return str(value).replace("_", " ").replace("-", " ").replace(".", ", ").capitalize()


@register.filter
def age(value):
    """Write a length of time in its largest unit: `3 minutes`."""
    seconds = int(value.total_seconds())
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
