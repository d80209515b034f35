"""What in a text looks like a name, a date of birth, an address or another mark of a person.

The rules are data: `RULES` is the list a force starts with, and every function takes another list in its
place. They look for likenesses. They miss some and they flag some that are innocent; a person decides in free
text, and the import of a case extract refuses, because a column of that file has no reason to hold any of
them. Data minimisation: UK GDPR Article 5(1)(c), Data Protection Act 2018 section 37.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

# Given names that are no everyday words or places. Chosen from names that are common in England and Wales
# at any age.
FIRST_NAMES = """
Aaron Abdul Abigail Adam Adrian Aidan Aisha Alan Alexander Alfie Alice Alison Amanda Amelia Amina Amy Andrea
Andrew Angela Anna Anthony Archie Arthur Ashley Barbara Barry Benjamin Bethany Brenda Brian Callum Cameron
Carol Caroline Catherine Charlie Charlotte Chloe Christine Christopher Claire Colin Connor Craig Daniel
Danielle Darren David Deborah Dennis Diane Donna Dorothy Dylan Edward Eleanor Elizabeth Ella Ellie Emily Emma
Ethan Evie Fatima Finley Fiona Gareth Gary Gemma Geoffrey George Graham Hannah Harriet Harrison Harvey Hayley
Heather Helen Henry Ibrahim Imran Isaac Isabella Isabelle Isla Jacob Jacqueline Jade James Jamie Janet Jason
Jayden Jennifer Jeremy Jessica Joanne Jodie Joel John Jonathan Joseph Joshua Julia Julian Julie Karen
Katherine Kathleen Katie Kayleigh Keith Kelly Kenneth Kevin Kieran Kimberley Kirsty Kyle Laura Lauren Leah
Leanne Leo Lewis Liam Linda Lisa Logan Louise Lucas Lucy Luke Madison Margaret Maria Martin Mary Mason Matthew
Megan Melanie Melissa Michael Michelle Mohammad Mohammed Molly Muhammad Naomi Natalie Natasha Nathan Neil
Nicholas Nicola Nigel Noah Oliver Olivia Oscar Owen Pamela Patricia Patrick Paul Paula Pauline Peter Philip
Phillip Rachel Raymond Rebecca Riley Robert Roger Ronald Rosie Russell Ruth Ryan Sally Samantha Samuel Sandra
Sara Sarah Scott Sean Sebastian Shannon Sharon Sheila Shirley Sian Simon Sophia Sophie Stacey Stephanie
Stephen Steven Stuart Susan Tariq Teresa Theo Theodore Thomas Timothy Toby Tracey Tyler Valerie Vanessa
Vincent Wayne Wendy William Yasmin Yusuf Yvonne Zachary Zainab Zara Zoe
""".split()

# Family names that are no everyday words.
FAMILY_NAMES = """
Ahmed Akhtar Ali Anderson Begum Campbell Clarke Davies Davis Edwards Evans Griffiths Harris Hughes Hussain
Jackson Johnson Jones Kaur Khan Kowalski Lewis MacDonald McDonald Mitchell Mohamed Morris Murphy Nowak O'Brien
O'Connor Patel Phillips Popescu Rahman Roberts Robinson Sharma Singh Smith Taylor Thomas Thompson Uddin Walker
Watson Williams Wilson Wright
""".split()

# Words that follow a rank, a kinship word or a given name without making a person of it.
NOT_A_FAMILY_NAME = """
Abuse Academy Allocated And Area Assessed Assessment At Attended Board Branch Call Care Centre Child Children
City Command Completed Concern Contact County Court Criminal Custody Desk Directorate Disclosed District
Division Domestic Duty Enquiry Exploitation Family Force Had Has Health Hospital House Hub In Investigation Is
Neighbourhood North Notified Number Of Office On Online Outcome Park Partnership Plan Police Policing
Protection Reception Record Recorded Referral Referred Region Response Road Rota Safeguarding School Section
Sector Service Services Sexual Shift Social South East Squad Station Status Street Support Task Team The
Trained Unit Victim Victims View Voice Was West Wide Witness Work Worker Yes No Not Now
""".split()

_AREAS = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|G|"
    "GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|"
    "OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|"
    "WD|WF|WN|WR|WS|WV|YO|ZE"
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_STREETS = (
    "street|st|road|rd|avenue|ave|lane|ln|close|drive|court|ct|crescent|cres|way|gardens|gdns|place|terrace|grove|hill|"
    "mews|square|walk|rise|row|parade|green"
)
_FIRST = "|".join(FIRST_NAMES)
_FAMILY = "|".join(FAMILY_NAMES)
_NOT_FAMILY = "|".join(NOT_A_FAMILY_NAME)
_CAPITALISED = rf"(?!(?:{_NOT_FAMILY})\b)[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?"
_KIN = (
    "mother|father|mum|dad|stepfather|stepmother|brother|sister|sibling|son|daughter|uncle|aunt|nan|gran|grandmother|"
    "grandfather|cousin|boyfriend|girlfriend|partner|child|victim|suspect|called|named"
)


def is_nhs_number(text: str) -> bool:
    """Check the tenth digit of an NHS number (modulus 11, NHS Data Dictionary)."""
    digits = [int(character) for character in text if character.isdigit()]
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9] and check != 10


def _is_shaped_like_a_day(text: str) -> bool:
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if len(parts) != 3:
        return True
    day, month = (parts[2], parts[1]) if parts[0] > 31 else (parts[0], parts[1])
    return 1 <= day <= 31 and 1 <= month <= 12


@dataclass(frozen=True, slots=True)
class Rule:
    """One likeness: its kind, how a page calls it, its pattern, and a further check of what matched."""

    kind: str
    says: str
    pattern: str
    ignore_case: bool = True
    check: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    kind: str
    says: str
    start: int
    end: int


RULES: tuple[Rule, ...] = (
    Rule("email", "an e-mail address", r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
    Rule("birth", "a date of birth", r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on| in)?)\b[:\s]*[\d/.\-]*"),
    Rule(
        "birth",
        "a date of birth",
        r"(?<![\d/.-])\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)?\d{2}(?![\d/-])",
        check=_is_shaped_like_a_day,
    ),
    Rule(
        "birth",
        "a date of birth",
        r"(?<!\d)(?:19|20)\d{2}[/.-]\d{1,2}[/.-]\d{1,2}(?!\d)",
        check=_is_shaped_like_a_day,
    ),
    Rule("birth", "a date of birth", rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})\s+(?:19|20)\d{{2}}\b"),
    Rule(
        "address",
        "a postcode",
        rf"\b(?:{_AREAS})\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{{2}}\b",
    ),
    Rule("address", "an address", rf"\b\d{{1,4}}[a-z]?,?\s+(?:[a-z'’]+\s+){{1,3}}(?:{_STREETS})\b"),
    Rule("address", "an address", r"\b(?:flat|apartment|apt)\.?\s+\d{1,4}[a-z]?\b"),
    Rule(
        "address",
        "an address",
        r"\b[A-Z][a-z'’]+\s(?:Street|Road|Rd|Avenue|Ave|Crescent|Lane|Terrace)\b"
        r"(?!\s(?:Policing|Police|Safety|Crime|Station|Team|Office|Traffic))",
        ignore_case=False,
    ),
    Rule(
        "phone",
        "a telephone number",
        r"(?<![\d+-])(?:\+44[\s-]?(?:\(0\))?|\(?0)[1-3578](?:[\s()-]{0,2}\d){8,9}(?![\d-])",
    ),
    Rule("number", "an NHS number", r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])", check=is_nhs_number),
    Rule("number", "a National Insurance number", r"\b[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b"),
    Rule(
        "crime",
        "a crime or custody number",
        r"(?<!/)\b\d{2}[A-Z]{0,3}/\d{3,7}(?:/\d{2,4})?\b|\bCR[/ -]?\d{4,}(?:/\d{2})?\b",
    ),
    Rule("name", "a name", rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Master)\.?\s+{_CAPITALISED}", ignore_case=False),
    Rule(
        "name",
        "a name",
        rf"\b(?:PCSO|PC|DC|DS|DI|DCI|PS|Sgt|Insp|Constable|Sergeant|Inspector)\.?\s+{_CAPITALISED}",
        ignore_case=False,
    ),
    Rule(
        "name",
        "a name",
        rf"\b(?:{_FIRST}|{_FIRST.upper()})(?:\s+(?:{_CAPITALISED}|[A-Z]{{3,}}))?\b",
        ignore_case=False,
    ),
    Rule("name", "a name", rf"\b(?:{_FIRST})\s+(?:{_FAMILY})\b"),
    Rule("name", "a name", rf"\b[A-Z][a-z'’]+\s+(?:{_FAMILY}|{_FAMILY.upper()})\b", ignore_case=False),
    Rule("name", "a name", rf"\b(?:{_KIN}),?\s+{_CAPITALISED}", ignore_case=False),
    Rule("name", "a name", r"\b[A-Z][A-Z'’-]{2,},\s?[A-Z][a-z]+\b", ignore_case=False),
)

_LONG_WORD = re.compile(r"[A-Za-z']{4,}")
_NAME_WORDS = frozenset(name.casefold() for name in (*FIRST_NAMES, *FAMILY_NAMES))


@lru_cache(maxsize=8)
def _compiled(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    return tuple((rule, re.compile(rule.pattern, re.IGNORECASE if rule.ignore_case else 0)) for rule in rules)


def find(text: str, *, rules: tuple[Rule, ...] = RULES) -> tuple[Likeness, ...]:
    """Give what looks personal, in order and without overlap; the earlier and longer likeness wins."""
    found = [
        Likeness(rule.kind, rule.says, match.start(), match.end())
        for rule, pattern in _compiled(rules)
        for match in pattern.finditer(text)
        if rule.check is None or rule.check(match.group())
    ]
    found.sort(key=lambda likeness: (likeness.start, -likeness.end))
    return tuple(_without_overlap(found))


def first(text: str, *, rules: tuple[Rule, ...] = RULES) -> Likeness | None:
    return next(iter(find(text, rules=rules)), None)


def name_in_reference(reference: str) -> bool:
    """Say whether a reference carries a name, such as `SMITH-0412`."""
    return any(word.casefold() in _NAME_WORDS for word in _LONG_WORD.findall(reference))


def _without_overlap(found: Iterable[Likeness]) -> Iterable[Likeness]:
    end = 0
    for likeness in found:
        if likeness.start >= end:
            yield likeness
            end = likeness.end
