"""Papers as PDF/UA-1, set by Typst from a fixed template and data that is shown as text, never read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import typst

from ncpi.lib import typeface

STANDARD = "ua-1"


def pdf(template: bytes, data: Mapping[str, Any], *, at: datetime, pictures: Mapping[str, str] | None = None) -> bytes:
    """Return a tagged PDF; the template reads `paper.json`, and a picture by its name. Equal input, equal bytes."""
    sources = {
        "main": template,
        "paper.json": _drawable(json.dumps(data, ensure_ascii=False)),
        **{name: _drawable(svg) for name, svg in (pictures or {}).items()},
    }
    return bytes(
        typst.compile(  # type: ignore[call-overload]  # its types do not know that sources may be given as bytes
            sources,
            format="pdf",
            font_paths=[typeface.folder()],
            ignore_system_fonts=True,
            pdf_standards=STANDARD,
            # A PDF counts whole seconds.
            timestamp=at.replace(microsecond=0),
        )
    )


def _drawable(text: str) -> bytes:
    return typeface.drawable(text).encode("utf-8")
