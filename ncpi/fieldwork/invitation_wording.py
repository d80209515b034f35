"""What stands in a message about one session: to one person, about their own part, with nobody else's name."""

from datetime import datetime

from ncpi.lib import dates

LONGEST_SUBJECT = 200


def when_in_words(starts_at: datetime) -> str:
    start = dates.to_local(starts_at)
    return f"{start:%A} {start.day} {start:%B} at {start:%H:%M}"


def invitation(
    *, title: str, inspection: str, starts_at: datetime, minutes: int, address: str, is_cancelled: bool
) -> tuple[str, str]:
    """Return the subject and the text of an invitation, of its move, or of its withdrawal."""
    when = when_in_words(starts_at)
    if is_cancelled:
        return _subject(f"Withdrawn: {title}"), (
            f"Your session “{title}” for {inspection} is withdrawn. You do not need to come.\n\n"
            "The attached file takes the entry out of your calendar.\n"
        )
    return _subject(f"{title}, {when}"), (
        f"Your session “{title}” for {inspection} is on {when} (UK time), for {minutes} minutes.\n\n"
        f"{_answer(address)}\n"
        "The attached file updates the entry in your calendar.\n"
    )


def reminder(*, title: str, inspection: str, starts_at: datetime, minutes: int, address: str) -> tuple[str, str]:
    """Return the subject and the text of the one reminder."""
    when = when_in_words(starts_at)
    return _subject(f"Reminder: {title}, {when}"), (
        f"Your session “{title}” for {inspection} is on {when} (UK time), for {minutes} minutes.\n\n{_answer(address)}"
    )


def _subject(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SUBJECT]


def _answer(address: str) -> str:
    return (
        "Say whether you can come, offer other times or propose a stand-in, without signing in:\n"
        f"{address}\n"
        "This address is yours alone: whoever has it sees your sessions and can answer for you.\n"
    )
