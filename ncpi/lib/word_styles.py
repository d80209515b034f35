"""The look of the Word documents that leave the service: styles, numbering, page, header and footer."""

from __future__ import annotations

from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

LANGUAGE = "en-GB"
FONT = "Arial"
NAVY, TEAL, INK, SLATE = "14284B", "0A6270", "1D2733", "4A5870"
TEXT_WIDTH = 16.6
NUMBERING = 77
ABSTRACT = 77

LEVELS = f"""
<w:abstractNum {nsdecls("w")} w:abstractNumId="{ABSTRACT}">
  <w:multiLevelType w:val="multilevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>
    <w:pPr><w:tabs><w:tab w:val="num" w:pos="624"/></w:tabs><w:ind w:left="624" w:hanging="624"/></w:pPr></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/><w:lvlJc w:val="left"/>
    <w:pPr><w:tabs><w:tab w:val="num" w:pos="624"/></w:tabs><w:ind w:left="624" w:hanging="624"/></w:pPr></w:lvl>
</w:abstractNum>"""
LIST = f"""
<w:num {nsdecls("w")} w:numId="{NUMBERING}"><w:abstractNumId w:val="{ABSTRACT}"/></w:num>"""
BORDERS = f"""
<w:tblPr {nsdecls("w")}><w:tblBorders>
  <w:top w:val="single" w:sz="8" w:space="0" w:color="{TEAL}"/>
  <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{TEAL}"/>
  <w:insideH w:val="single" w:sz="4" w:space="0" w:color="D5DBE3"/>
</w:tblBorders><w:tblCellMar>
  <w:top w:w="50" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
  <w:bottom w:w="50" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>
</w:tblCellMar></w:tblPr>"""


def _font(style: ParagraphStyle, size: float, colour: str, *, bold: bool = False) -> None:
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("spacing", "kern"):
        for element in style.element.rPr.findall(qn(f"w:{name}")):
            style.element.rPr.remove(element)
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _space(style: ParagraphStyle, before: float, after: float, *, keep: bool = False) -> None:
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.1
    form.keep_with_next = keep


def _language(document: Doc) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), LANGUAGE)
    language.set(qn("w:eastAsia"), LANGUAGE)


def _numbering(document: Doc) -> None:
    element = document.part.numbering_part.element
    first = element.find(qn("w:num"))
    abstract = parse_xml(LEVELS)
    if first is None:
        element.append(abstract)
    else:
        first.addprevious(abstract)
    element.append(parse_xml(LIST))


def styles(document: Doc) -> None:
    """Set the styles that the paper uses, each by name, so that Word can restyle it whole."""
    known = document.styles
    for name, size, colour, bold, before, after, keep in (
        ("Normal", 11, INK, False, 0, 6, False),
        ("Title", 16, NAVY, True, 10, 4, True),
        ("Subtitle", 12, SLATE, False, 0, 10, True),
        ("Heading 1", 13, NAVY, True, 16, 6, True),
        ("Heading 2", 12, NAVY, True, 14, 4, True),
        ("Heading 3", 11, SLATE, True, 8, 2, True),
        ("Caption", 10, NAVY, True, 8, 4, True),
        ("List Bullet", 11, INK, False, 0, 4, False),
        ("Header", 9, SLATE, True, 0, 0, False),
        ("Footer", 9, SLATE, False, 0, 0, False),
    ):
        _font(known[name], size, colour, bold=bold)
        _space(known[name], before, after, keep=keep)
    for name, points, before, after in (
        ("Numbered", 11, 3, 6),
        ("Meeting", 11, 0, 3),
        ("Cell", 9.5, 0, 0),
        ("After Table", 6, 0, 4),
    ):
        style = known.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = known["Normal"]
        _font(style, points, INK)
        _space(style, before, after)
    known["Meeting"].paragraph_format.tab_stops.add_tab_stop(Cm(2.2))
    known["List Bullet"].paragraph_format.left_indent = Cm(1.75)
    known["List Bullet"].paragraph_format.first_line_indent = Cm(-0.6)
    _title_rule(known["Title"])
    table = known.add_style("Board Table", WD_STYLE_TYPE.TABLE)
    table.element.append(parse_xml(BORDERS))
    _language(document)
    _numbering(document)


def _title_rule(title: ParagraphStyle) -> None:
    properties = title.element.get_or_add_pPr()
    old = properties.find(qn("w:pBdr"))
    if old is not None:
        properties.remove(old)
    rule = parse_xml(f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="10" w:space="8" w:color="{TEAL}"/></w:pBdr>')
    properties.insert_element_before(
        rule,
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:spacing",
        "w:ind",
        "w:contextualSpacing",
        "w:jc",
        "w:outlineLvl",
        "w:rPr",
    )


def _field(paragraph: WordParagraph, code: str) -> None:
    for kind, words in (("begin", ""), ("", code), ("separate", ""), ("value", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind in {"begin", "separate", "end"}:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)
        elif kind == "value":
            run.text = words
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {words} "
            run._r.append(element)


def page(document: Doc, *, marking: str, force: str) -> None:
    """Set A4, the marking at head and foot, and page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.2)
    head = section.header.paragraphs[0]
    head.text = marking
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot = section.footer.paragraphs[0]
    stops = foot.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(TEXT_WIDTH / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Cm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{force}\t")
    foot.add_run(marking).bold = True
    foot.add_run("\tPage ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")
