"""Showing both texts when two people saved one thing."""

from typing import Any

Difference = tuple[str, str, str]


def differences(form: Any, stored: dict[str, Any]) -> list[Difference]:
    """List (label, stored, typed) for the form's fields that differ from what is stored; call after `is_valid()`."""
    rows = []
    for name, value in stored.items():
        typed = form.cleaned_data.get(name)
        if typed != value:
            rows.append((str(form.fields[name].label or name), _text(value), _text(typed)))
    return rows


def _text(value: Any) -> str:
    return "" if value is None else str(value)
