"""How this house writes dates, states and forms. Formatting only; nothing here decides or queries."""

from django import template
from django.utils.html import format_html

from ncpi.accounts.context import chrome_of, here_among, sections_of
from ncpi.lib.dates import minutes_in_words
from ncpi.lib.moulds import filled, kept_mould, once_key
from ncpi.lib.written_dates import age, clock, day, days_until, moment, weekday

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


@register.simple_tag(takes_context=True)
def once(context, name=""):
    """Return the hidden key that makes a rendered form count once; in a mould its mark, by the form's name."""
    if "mark" not in context:
        return format_html('<input type="hidden" name="once" value="{}">', once_key())
    if not name:
        raise template.TemplateSyntaxError("A key that is kept with its form would count once for everybody.")
    return format_html('<input type="hidden" name="once" value="{}">', context["mark"][f"once_{name}"])


@register.simple_tag
def state_tag(key, label=None):
    """Return a state as a GOV.UK tag."""
    colour = TAG_COLOURS.get(str(key), "grey")
    text = label or str(key).replace("_", " ").capitalize()
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text)


for write in (day, weekday, clock, moment, days_until, age):
    register.filter(write)


@register.filter
def minus(text):
    """Write a negative number with a minus sign: a hyphen is left out when it is read aloud."""
    return str(text).replace("-", "\N{MINUS SIGN}")


@register.filter
def span(value):
    """Write a number of minutes as `1 h 15 min`."""
    return minutes_in_words(value)


@register.filter
def at_key(mapping, key):
    """Return `mapping[key]`, or nothing."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def kept(template_name):
    """Show a part that is the same for everybody on every page."""
    return filled(kept_mould(template_name))


@register.simple_tag(takes_context=True)
def page_header(context):
    """Show whose page this is, and the ways that lead everywhere."""
    return filled(kept_mould("_parts/header.html", **chrome_of(context)), csrf_token=context.get("csrf_token", ""))


@register.simple_tag(takes_context=True)
def inspection_navigation(context, inspection):
    """Show the inspection's sections that this person may open."""
    request = context["request"]
    sections, of_cases = sections_of(inspection, request.user)
    mould = kept_mould(
        "_parts/inspection_navigation.html",
        name=inspection.name,
        sections=here_among(sections, request.path, leads_home=True),
        of_cases=here_among(of_cases, request.path),
    )
    return filled(mould)


@register.filter
def words(value):
    """Write a key as words: `compile_summary` is `Compile summary`, `switches.tried` is `Switches, tried`."""
    return str(value).replace("_", " ").replace("-", " ").replace(".", ", ").capitalize()
