"""YAML that remembers where it stood, so that a mistake can be named by file and line.

Only plain mappings, lists and scalars are read. Aliases, anchors, tags, merge keys, repeated keys
and oversized files are refused: a programme is adopted once and for good, and must say what it says.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit

import yaml

# The C parser where PyYAML was built with it: ten times as fast, same result.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST_FILE = 256 * 1024
DEEPEST_NESTING = 12
LONGEST_TEXT = 1_000
LONGEST_ADDRESS = 500


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong, and where: "criteria.yaml line 41: criterion C20-INI-2: ..."."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


class ProgrammeFileError(ValueError):
    """The files cannot be adopted; `problems` lists everything wrong with them at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Value(NamedTuple):
    """A scalar, a tuple of values, or a mapping of names to values; with its line."""

    content: object
    line: int


def read_document(path: Path) -> Value:
    """Read one file, or raise ProgrammeFileError saying why it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise _refusal(path, 0, "the file is missing or cannot be read") from None
    if len(raw) > LARGEST_FILE:
        raise _refusal(path, 0, f"the file is larger than {LARGEST_FILE} bytes")
    try:
        text = raw.decode("utf-8")
        _refuse_indirection(path, text)
        node = yaml.compose(text, Loader=LOADER)
    except UnicodeDecodeError:
        raise _refusal(path, 0, "the file is not UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _refusal(path, line, f"not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise _refusal(path, 0, f"not valid YAML: {str(error).splitlines()[0]}") from None
    if node is None:
        raise _refusal(path, 0, "the file is empty")
    return _value(path, node)


def _refusal(path: Path, line: int, what: str) -> ProgrammeFileError:
    return ProgrammeFileError([Problem(path.name, line, what)])


def _refuse_indirection(path: Path, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = _line(event)
        if getattr(event, "anchor", None):
            raise _refusal(path, line, "anchors and aliases are not allowed: write the value out")
        if tag := getattr(event, "tag", None):
            raise _refusal(path, line, f"tags are not allowed: {tag}")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST_NESTING:
            raise _refusal(path, line, "nested too deeply")


def _line(marked: yaml.Event | yaml.Node) -> int:
    return marked.start_mark.line + 1 if marked.start_mark else 0


def _value(path: Path, node: yaml.Node) -> Value:
    line = _line(node)
    if isinstance(node, yaml.MappingNode):
        return Value(_mapping(path, node), line)
    if isinstance(node, yaml.SequenceNode):
        return Value(tuple(_value(path, child) for child in node.value), line)
    return Value(_scalar(path, node, line), line)


def _mapping(path: Path, node: yaml.MappingNode) -> dict[str, Value]:
    content: dict[str, Value] = {}
    for key_node, value_node in node.value:
        line = _line(key_node)
        if key_node.tag != "tag:yaml.org,2002:str":
            raise _refusal(path, line, "a key is not plain text (put quotes round it)")
        if key_node.value in content:
            raise _refusal(path, line, f"the key {key_node.value!r} stands twice")
        content[key_node.value] = _value(path, value_node)
    return content


def _scalar(path: Path, node: yaml.Node, line: int) -> object:
    kind = node.tag.rpartition(":")[2]
    try:
        match kind:
            case "str":
                return str(node.value).rstrip("\n")
            case "int":
                return int(node.value)
            case "bool":
                return node.value.lower() in {"yes", "true", "on"}
            case "null":
                return None
            case "timestamp":
                return datetime.date.fromisoformat(node.value)
    except ValueError:
        pass
    raise _refusal(path, line, f"{node.value!r} is neither text, a whole number, a date nor true or false")


class Fields:
    """One mapping of a programme file, taken field by field; what is wrong is noted, not raised.

    A getter that finds a problem returns an empty value of the right type, so that reading goes on
    and one run names every mistake.
    """

    def __init__(self, value: Value, *, file: str, who: str, problems: list[Problem]) -> None:
        self.file, self.who, self.problems, self.line = file, who, problems, value.line
        self._left: dict[str, Value] = {}
        if isinstance(value.content, Mapping):
            self._left = dict(value.content)
        else:
            self.note("expected a mapping of names to values")

    def note(self, what: str, line: int | None = None) -> None:
        self.problems.append(Problem(self.file, self.line if line is None else line, f"{self.who}: {what}"))

    def inside(self, value: Value, part: str) -> "Fields":
        """Give the fields of an item inside this one; what is wrong with it is noted under both names."""
        return Fields(value, file=self.file, who=f"{self.who} {part}", problems=self.problems)

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key, value in self._left.items():
            self.note(f"unknown key {key!r}", value.line)

    def _take(self, key: str, required: bool) -> Value | None:
        value = self._left.pop(key, None)
        if value is None and required:
            self.note(f"{key!r} is missing")
        return value

    def text(self, key: str, *, required: bool = True, longest: int = LONGEST_TEXT) -> str:
        value = self._take(key, required)
        return "" if value is None else self._checked_text(key, value, longest)

    def _checked_text(self, key: str, value: Value, longest: int) -> str:
        text = value.content
        if not isinstance(text, str):
            self.note(f"{key!r} should be text (put quotes round it)", value.line)
        elif not text.strip():
            self.note(f"{key!r} is empty", value.line)
        elif len(text) > longest:
            self.note(f"{key!r} is longer than {longest} characters", value.line)
        elif any(ord(character) < 32 or ord(character) == 127 for character in text):
            self.note(f"{key!r} holds a line break or a control character", value.line)
        else:
            return text
        return ""

    def name(self, key: str = "id", *, required: bool = True) -> str:
        """A name that others refer to: letters, digits, hyphen, underscore; no blanks."""
        value = self._take(key, required)
        if value is None:
            return ""
        return self._checked_name(key, value)

    def _checked_name(self, key: str, value: Value) -> str:
        text = self._checked_text(key, value, 60)
        if text and not (text.isascii() and text.replace("-", "").replace("_", "").isalnum()):
            self.note(f"{key!r} may hold only letters, digits, '-' and '_', not {text!r}", value.line)
            return ""
        return text

    def choice(self, key: str, allowed: Iterable[str], *, required: bool = True) -> str:
        value = self._take(key, required)
        if value is None:
            return ""
        known = tuple(allowed)
        if not isinstance(value.content, str) or value.content not in known:
            self.note(f"unknown {key} {value.content!r} (known: {', '.join(known)})", value.line)
            return ""
        return value.content

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        value = self._take(key, default is None)
        if value is None:
            return bool(default)
        if not isinstance(value.content, bool):
            self.note(f"{key!r} should be true or false", value.line)
        return value.content is True

    def number(self, key: str, *, low: int, high: int, required: bool = True) -> int | None:
        value = self._take(key, required)
        if value is None:
            return None
        number = value.content
        if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
            self.note(f"{key!r} should be a whole number from {low} to {high}", value.line)
            return None
        return number

    def day(self, key: str, *, required: bool = True) -> datetime.date | None:
        value = self._take(key, required)
        if value is None:
            return None
        if not isinstance(value.content, datetime.date):
            self.note(f"{key!r} should be a date written 2024-04-16", value.line)
            return None
        return value.content

    def one(self, key: str) -> Value:
        """A mapping inside this one."""
        return self._take(key, True) or Value({}, self.line)

    def items(self, key: str, *, required: bool = True) -> tuple[Value, ...]:
        value = self._take(key, required)
        if value is None:
            return ()
        if not isinstance(value.content, tuple):
            self.note(f"{key!r} should be a list", value.line)
            return ()
        if not value.content:
            self.note(f"{key!r} is an empty list", value.line)
        return value.content

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        return tuple(self._checked_text(key, item, LONGEST_TEXT) for item in self.items(key, required=required))

    def names(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        items = self.items(key, required=required)
        found = tuple(self._checked_name(key, item) for item in items)
        for position, item in enumerate(items):
            if found[position] and found[position] in found[:position]:
                self.note(f"{found[position]!r} stands twice in {key!r}", item.line)
        return found

    def address(self, key: str, *, required: bool = True) -> str:
        value = self._take(key, required)
        return "" if value is None else self._checked_address(key, value)

    def addresses(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        return tuple(self._checked_address(key, item) for item in self.items(key, required=required))

    def _checked_address(self, key: str, value: Value) -> str:
        text = self._checked_text(key, value, LONGEST_ADDRESS)
        if text and not is_web_address(text):
            self.note(f"{key!r} is not a web address: {text!r}", value.line)
            return ""
        return text


class Identified(Protocol):
    """A row of a file that is known by its id."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=Identified)


def read_each(path: Path, items: str, noun: str, read: Callable[[Fields], Row]) -> tuple[Row, ...]:
    """Read a file that is one list of items, each with an id of its own, or raise ProgrammeFileError.

    `read` makes one item of its fields; every mistake of the file is named by file and line.
    """
    problems: list[Problem] = []
    document = Fields(read_document(path), file=path.name, who="file", problems=problems)
    found: dict[str, Row] = {}
    for value in document.items(items):
        named = value.content.get("id") if isinstance(value.content, dict) else None
        who = f"{noun} {named.content if named else ''}".strip()
        fields = Fields(value, file=path.name, who=who, problems=problems)
        row = read(fields)
        fields.finish()
        if row.id in found:
            problems.append(Problem(path.name, value.line, f"{noun} {row.id}: the id is already used"))
        found[row.id or str(value.line)] = row
    document.finish()
    if problems:
        raise ProgrammeFileError(problems)
    return tuple(found.values())


def is_web_address(text: str) -> bool:
    """Whether the text is a complete http or https address that a page may link to."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = not any(character.isspace() or character in "<>\"'`\\" for character in text)
    return plain and parts.scheme in {"http", "https"} and "." in host and not parts.username
