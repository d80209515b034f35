"""Makes a drawn chart fit for strict pages: named, described, self-contained, without style or script."""

from __future__ import annotations

import re

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
DROPPED = {"class", "aria-roledescription", "aria-label", "aria-hidden", "role"}
FORBIDDEN = {"script", "foreignObject", "image", "use", "style", "a", "iframe"}


class UnsafeDrawing(Exception):
    """A chart came out with something that a page must not carry."""


def _plain(element: etree._Element) -> None:
    style = element.attrib.pop("style", None)
    for declaration in (style or "").split(";"):
        name, _, value = declaration.partition(":")
        if value.strip() and name.strip() != "pointer-events":
            element.set(name.strip(), value.strip())
    for name in DROPPED & set(element.attrib):
        del element.attrib[name]


def accessible(svg: str, *, name: str, title: str, description: str) -> bytes:
    """Return the SVG as an image with a title and a description, and nothing that acts or fetches."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(svg.encode("utf-8"), parser)
    for element in root.iter(f"{{{SVG}}}*"):
        if etree.QName(element).localname in FORBIDDEN:
            raise UnsafeDrawing("A chart may only draw.")
        _plain(element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    for place, (tag, words) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{{{SVG}}}{tag}")
        element.set("id", f"{name}-{'title' if tag == 'title' else 'description'}")
        element.text = words
        root.insert(place, element)
    etree.cleanup_namespaces(root)
    data = etree.tostring(root, encoding="utf-8", xml_declaration=False)
    if re.search(rb"""(?:href|src)\s*=|url\(\s*['"]?(?!#)""", data):
        raise UnsafeDrawing("A chart may not point outside itself.")
    return data + b"\n"
