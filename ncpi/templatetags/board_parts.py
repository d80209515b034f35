"""Shows a summary's sentences: every number is a way to its figure."""

from datetime import date
from urllib.parse import quote

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join

from ncpi.board.wording import shown_day, shown_figure, shown_part

register = template.Library()


@register.simple_tag(takes_context=True)
def words(context, sentence):
    """Write a sentence; the count of each figure links to it for those who may follow."""
    base, figures, linked, pieces = context.get("figure_base"), context["board"].figures, set(), []
    counted_here = {part["figure"] for part in sentence if part.get("show") == "numerator"}
    for part in sentence:
        shown = shown_part(part, figures)
        name = part.get("figure")
        is_way = name not in linked and (part.get("show") == "numerator" or name not in counted_here)
        if base and name and is_way:
            linked.add(name)
            pieces.append(format_html('<a class="ncpi-number" href="{}{}">{}</a>', base, quote(name, safe=""), shown))
        else:
            pieces.append(conditional_escape(shown))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.simple_tag(takes_context=True)
def counted(context, name):
    """Write a figure as a table shows it: a part of its whole, an amount, or a count."""
    figure = context["board"].figures[name]
    if figure["numerator"] is None:
        return words(context, [{"figure": name, "show": "amount"}])
    parts = [{"figure": name, "show": "numerator"}]
    if figure["denominator"] is not None:
        parts += [{"text": " of "}, {"figure": name, "show": "denominator"}]
    return words(context, parts)


@register.simple_tag(takes_context=True)
def number(context, name):
    """Write a figure's count."""
    return words(context, [{"figure": name, "show": "numerator"}])


@register.filter
def iso_day(text):
    """Write an ISO date as people write it."""
    return shown_day(date.fromisoformat(text))


@register.filter
def show(figure, how):
    """Write one figure in one way, without a link."""
    return shown_figure(figure, how)
