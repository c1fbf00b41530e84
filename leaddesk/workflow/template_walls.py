"""The walls round a letter template: what may stand in one, and how much of it.

A template is written by a team lead, comes with a database or a file, and is filled by the program: so it is
data, never code. Three walls, each enough by itself: the words inside its tags are allow-listed before anything
is parsed (so nothing deep or long reaches the parser), then the parsed tree is (so nothing but fields,
comparisons and six filters is compiled), and what is compiled runs in Jinja's sandbox. There is no loop, call,
attribute, item, number or arithmetic to be had, so time and size are bounded by the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

LONGEST_TEMPLATE = 20_000
"""Characters of a template."""
MOST_TAGS = 100
MOST_WORDS_IN_TAG = 60
DEEPEST = 5
"""How deep an `if` may stand within others, and brackets within brackets."""
MOST_PROBLEMS = 20
"""More than these are not told at once: the first ones mended mend the rest."""

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Stand round merged values while a letter is made: noncharacters, which no honest text contains (Unicode 23.7)."""

FILTERS = ("upper", "lower", "capitalize", "title", "trim", "default")

_BLOCKS = ("if", "elif", "else", "endif")
_CONNECTIVES = ("and", "or", "not", "in")
_OPERATORS = ("==", "!=", "|", "(", ")", ",")
_UNFIT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{OPEN}{CLOSE}]")
"""Control characters but for tabs and line ends, halves of characters, and our own marks."""
_JINJA_WORDS = (*_BLOCKS, "is", "for", "recursive")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template: on which line (from 1), and what to do about it."""

    line: int
    words: str


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with everything taken away that a letter does not need. Merged values come out between marks."""
    from jinja2 import StrictUndefined
    from jinja2.filters import do_title
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False, finalize=_marked
    )
    filters = (str.upper, str.lower, str.capitalize, do_title, str.strip, _default)
    made.globals.clear()
    made.tests.clear()
    made.filters.clear()
    made.filters.update(dict[str, Callable[..., str]](zip(FILTERS, filters, strict=True)))
    return made


def _marked(value: object) -> str:
    return f"{OPEN}{value}{CLOSE}"


def _default(value: str, instead: str = "") -> str:
    """Jinja's own stands in only for what is undefined; people mean what is empty."""
    return value or instead


def problems_of(text: str, fields: Iterable[str]) -> list[Problem]:
    """Everything that keeps a template from being used, the first `MOST_PROBLEMS` of it; empty for a good one."""
    return parsed(text, fields)[1]


def parsed(text: str, fields: Iterable[str]) -> tuple[nodes.Template | None, list[Problem]]:
    """The checked tree of a template, or None and what is wrong with it."""
    from jinja2 import TemplateSyntaxError

    if len(text) > LONGEST_TEMPLATE:
        return None, [Problem(1, f"The letter is longer than {LONGEST_TEMPLATE:,} characters. Shorten it.")]
    found: list[Problem] = []
    try:
        for problem in _Words(frozenset(fields)).look(text):
            found.append(problem)
            if len(found) == MOST_PROBLEMS:
                break
        if found:
            return None, found
        tree = environment().parse(text)
    except TemplateSyntaxError as error:
        words = f"This cannot be read ({_short(error.message or 'unknown')}). {_HOW}"
        return None, [*found, Problem(error.lineno, words)]
    strange = next(_strange(tree.body), None)
    return (None, [strange]) if strange else (tree, [])


_HOW = "A field is written {{ name }}, a condition {% if company %}…{% endif %}."


def _short(words: str) -> str:
    return words if len(words) <= 40 else words[:39] + "…"


@dataclass
class _Words:
    """The first wall: reads a template word by word, without recursion, and stops at what is too much."""

    fields: frozenset[str]
    ifs: list[int] = field(default_factory=list)
    """Lines of those not ended yet."""
    tags: int = 0

    def look(self, text: str) -> Iterator[Problem]:
        """Raises `jinja2.TemplateSyntaxError` for what are no words at all."""
        unfit = _UNFIT.search(text)
        if unfit:
            yield Problem(text.count("\n", 0, unfit.start()) + 1, "There is a character here that cannot be sent.")
        begun, opening = 0, ""
        tag: list[tuple[int, str, str]] = []
        for line, kind, word in environment().lexer.tokeniter(text, None):
            if kind in ("variable_begin", "block_begin"):
                begun, opening, tag = line, word[:2], []
                self.tags += 1
            elif kind in ("variable_end", "block_end"):
                yield from self._tag(begun, opening, tag)
                opening = ""
            elif opening and kind != "whitespace":
                tag.append((line, kind, word))
            too_much = self._too_much(kind, len(tag))
            if too_much:
                yield Problem(line, too_much)
                return
            if opening and word in ("{", "}"):
                break
        if opening:
            yield Problem(begun, f"The tag “{opening}” is not closed. {_HOW}")
        for line in self.ifs:
            yield Problem(line, "{% if %} without {% endif %}.")

    def _too_much(self, kind: str, words: int) -> str:
        """What goes beyond the bounds, so that there is no sense in reading on, or ""."""
        if self.tags > MOST_TAGS:
            return f"There are more than {MOST_TAGS} tags. Make the letter simpler."
        if len(self.ifs) > DEEPEST:
            return f"Conditions stand more than {DEEPEST} deep in each other. Make it simpler."
        if words > MOST_WORDS_IN_TAG:
            return f"A tag has more than {MOST_WORDS_IN_TAG} words. Make it simpler."
        return "{% raw %} is not for letters." if kind == "raw_begin" else ""

    def _tag(self, begun: int, opening: str, tag: list[tuple[int, str, str]]) -> Iterator[Problem]:
        if not tag:
            yield Problem(begun, f"A tag is empty. {_HOW}")
            return
        rest = tag
        if opening == "{%":
            problem = self._block(begun, tag[0][2], alone=len(tag) == 1)
            if problem:
                yield problem
                return
            rest = tag[1:]
        depth, before = 0, ""
        for line, kind, word in rest:
            depth += (word == "(") - (word == ")")
            if depth > DEEPEST:
                yield Problem(line, f"Brackets stand more than {DEEPEST} deep in each other. Make it simpler.")
                return
            words = self._word(kind, word, before)
            if words:
                yield Problem(line, words)
            before = f"|{word}" if before == "|" else word

    def _block(self, line: int, word: str, *, alone: bool) -> Problem | None:
        """Follows conditions as they begin and end."""
        if word not in _BLOCKS:
            return Problem(line, f"{{% {_short(word)} %}} is not for letters: only if, elif, else and endif are.")
        if alone != (word in ("else", "endif")):
            return Problem(line, f"{{% {word} %}} cannot be read. {_HOW}")
        if word == "if":
            self.ifs.append(line)
        elif not self.ifs:
            return Problem(line, f"{{% {word} %}} without {{% if %}}.")
        elif word == "endif":
            self.ifs.pop()
        return None

    def _word(self, kind: str, word: str, before: str) -> str:
        """What is wrong with a word that stands after another, or ""."""
        if kind == "operator":
            if word == ".":
                return "A field has no parts: there may be no “.” within a tag."
            if word == "(" and before.isidentifier() and before not in (*_CONNECTIVES, *_BLOCKS):
                return f"“{_short(before)}(…)”: nothing can be called in a letter."
            return "" if word in _OPERATORS else f"“{word}” may not stand within a tag."
        if kind == "string":
            return "There may be no “\\” within a tag." if "\\" in word else ""
        if kind != "name":
            return f"The number “{_short(word)}” may not stand within a tag; write it in quotes."
        if before == "|":
            return "" if word in FILTERS else f"There is no “|{_short(word)}”: there are {', '.join(FILTERS)}."
        if word in self.fields or word in _CONNECTIVES or before == ".":
            return ""
        if word in _JINJA_WORDS:
            return f"“{word}” may not stand here. {_HOW}"
        near = get_close_matches(word, self.fields, n=1) if len(word) <= 40 else []
        return f"There is no field “{_short(word)}”." + (f" Did you mean “{near[0]}”?" if near else "")


def _strange(body: Iterable[nodes.Node]) -> Iterator[Problem]:
    """The second wall: whatever in a parsed tree is not a field, a text, a comparison or a condition."""
    from jinja2 import nodes

    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData) and not _is_value(part):
                    yield Problem(part.lineno, f"Only a field may stand between {{{{ and }}}}. {_HOW}")
        elif isinstance(node, nodes.If):
            if not _is_condition(node.test):
                yield Problem(node.lineno, f"This condition cannot be read. {_HOW}")
            yield from _strange((*node.body, *node.elif_, *node.else_))
        else:
            yield Problem(node.lineno, "Only fields and conditions may stand in a letter.")


def _is_value(node: nodes.Node) -> bool:
    """A field or a text, filtered or not."""
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return node.ctx == "load"
    if isinstance(node, nodes.Filter):
        plain = not node.kwargs and node.dyn_args is None and node.dyn_kwargs is None
        given = len(node.args) <= (node.name == "default") and all(_is_text(a) for a in node.args)
        return plain and given and node.name in FILTERS and node.node is not None and _is_value(node.node)
    return _is_text(node)


def _is_text(node: nodes.Node) -> bool:
    from jinja2 import nodes

    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _is_condition(node: nodes.Node) -> bool:
    from jinja2 import nodes

    if isinstance(node, nodes.Not):
        return _is_condition(node.node)
    if isinstance(node, nodes.And | nodes.Or):
        return _is_condition(node.left) and _is_condition(node.right)
    if isinstance(node, nodes.Compare):
        return _is_value(node.expr) and all(_is_operand(o) for o in node.ops)
    return _is_value(node)


def _is_operand(node: nodes.Operand) -> bool:
    from jinja2 import nodes

    if node.op in ("in", "notin") and isinstance(node.expr, nodes.Tuple):
        return all(_is_text(item) for item in node.expr.items)
    return node.op in ("eq", "ne", "in", "notin") and _is_value(node.expr)
