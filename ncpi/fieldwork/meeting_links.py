"""What may stand as the link of an online meeting: it goes out in invitations, so it is https and no more than that."""

from urllib.parse import urlsplit

LONGEST = 500


def wrong_with(link: str) -> str:
    """Return what is wrong with a link, in words that follow its name; nothing where it may be sent."""
    if len(link) > LONGEST:
        return f"is longer than {LONGEST} characters."
    try:
        parts = urlsplit(link)
        is_whole = parts.scheme == "https" and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_whole or not link.isprintable() or any(one.isspace() for one in link):
        return "must be one whole address that begins with https://."
    if "@" in parts.netloc:
        return "must not hold a name or password before the address of the meeting."
    return ""
