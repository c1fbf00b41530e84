"""Filling letter templates: exact where it is meant, refused at once where it is an attack."""

import time
import unicodedata
from collections.abc import Iterator
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow import template_walls
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.template_walls import CLOSE, LONGEST_TEMPLATE, OPEN
from leaddesk.workflow.templating import EXAMPLES, FIELDS, LONGEST_LETTER, LONGEST_VALUE, NO_VALUES, check, render

HEAD = "Subject: Hello\n\n"
LIMIT_S = 1.0
"""Seconds of the process's own work, which a busy machine does not lengthen."""

ATTACKS = {
    "class of a value": "{{ name.__class__ }}",
    "walk to every class": "{{ name.__class__.__mro__[1].__subclasses__() }}",
    "class by item": "{{ name['__class__'] }}",
    "class by filter": "{{ name|attr('__class__') }}",
    "class of a text": "{{ ''.__class__.__base__ }}",
    "class of a tuple": "{{ ().__class__.__bases__[0].__subclasses__()[59] }}",
    "class in a condition": "{% if name.__class__ %}x{% endif %}",
    "class in a filter's argument": "{{ name|default(name.__class__) }}",
    "class of another alphabet": "{{ name.__ｃlass__ }}",
    "name of another alphabet": "{{ ｎame }}",
    "class by escapes": r"{{ name['\x5f\x5fclass\x5f\x5f'] }}",
    "a harmless method": "{{ name.upper() }}",
    "self": "{{ self }}",
    "globals of self": "{{ self.__init__.__globals__.__builtins__.open('/etc/passwd').read() }}",
    "globals of cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "globals of lipsum": "{{ lipsum.__globals__['os'].system('id') }}",
    "globals of joiner": "{{ joiner.__init__.__globals__ }}",
    "namespace": "{{ namespace(x=1).x }}",
    "dict": "{{ dict(a=1) }}",
    "configuration": "{{ config.items() }}",
    "request": "{{ request.application.__globals__ }}",
    "underscore": "{{ _ }}",
    "undefined's own": "{{ nothing.__init__.__globals__ }}",
    "format by method": "{{ '{0.__class__.__init__.__globals__}'.format(name) }}",
    "format by map": "{{ '{x.__class__}'.format_map({'x': name}) }}",
    "format by filter": "{{ '%9999999d'|format(1) }}",
    "format by per cent": "{{ '%999999999s' % name }}",
    "padding": "{{ name|center(999999999) }}",
    "indent": "{{ name|indent(999999999) }}",
    "map": "{{ name|map('upper')|list }}",
    "huge loop": "{% for i in range(10000000000) %}x{% endfor %}",
    "nested loops": "{% for a in name %}{% for b in name %}{% for c in name %}x{% endfor %}{% endfor %}{% endfor %}",
    "loop over letters": "{% for letter in name %}{{ letter }}{% endfor %}",
    "huge list": "{{ range(999999999)|list }}",
    "huge text": "{{ 'x' * 9999999999 }}",
    "huge tuple": "{{ (name,) * 999999999 }}",
    "huge number": "{{ 9**9**9**9 }}",
    "endless number": "{{ 1e999 }}",
    "digits": "{{ " + "9" * 19_000 + " }}",
    "digits and dots": "{{ " + "9_9" * 3_000 + ". }}",
    "joining": "{{ name ~ name ~ name }}",
    "doubling": "{% set x = name ~ name %}{% set x = x ~ x %}{{ x }}",
    "slice": "{{ name[::-1] }}",
    "choice": "{{ name if name else company }}",
    "test": "{{ name is callable }}",
    "list": "{{ [name, company] }}",
    "mapping": "{{ {'a': name} }}",
    "tuple": "{{ name, company }}",
    "order": "{% if name < company %}x{% endif %}",
    "recursive macro": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "call": "{% call name() %}x{% endcall %}",
    "caller": "{{ caller() }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}{{ os }}",
    "from import": "{% from 'os' import system %}",
    "extends": "{% extends 'farewell' %}",
    "block": "{% block a %}{% endblock %}",
    "filter block": "{% filter upper %}x{% endfilter %}",
    "with": "{% with x = name %}{{ x }}{% endwith %}",
    "raw": "{% raw %}{{ name.__class__ }}{% endraw %}",
    "autoescape": "{% autoescape false %}{{ name }}{% endautoescape %}",
    "do": "{% do name.append(1) %}",
    "debug": "{% debug %}",
    "translate": "{% trans %}x{% endtrans %}",
    "unknown filter": "{{ name|pprint }}",
    "filter with a field": "{{ name|upper(company) }}",
    "filter with a name": "{{ name|default(instead='x') }}",
    "filter with a star": "{{ name|default(*name) }}",
    "deep brackets": "{{ " + "(" * 9_000 + "name" + ")" * 9_000 + " }}",
    "deep lists": "{{ " + "[" * 9_000 + "]" * 9_000 + " }}",
    "deep brackets after a tag in quotes": "{{ '}}' }}{{ '}}' | default(" + "(" * 9_000 + " }}",
    "deep negation": "{% if " + "not " * 4_500 + "name %}x{% endif %}",
    "deep minus": "{{ " + "-" * 15_000 + "name }}",
    "deep filters": "{{ name" + "|upper" * 3_000 + " }}",
    "deep conditions": "{% if name %}" * 700 + "{% endif %}" * 700,
    "many branches": "{% if name %}" + "{% elif name %}" * 1_200 + "{% endif %}",
    "many tags": "{{ name }}" * 1_900,
    "many begun tags": "{{" * 9_000,
    "many begun comments": "{#" * 9_000,
    "many begun blocks": "{%" * 9_000,
    "many raw": "{% raw %}" * 2_000,
    "blanks": "{{ name " + " " * 19_000,
    "half a text": "{{ '" + "a" * 19_000 + " }}",
    "many backslashes": "{{ '" + "\\" * 19_000 + "' }}",
    "alternating quotes": "{{ " + "'\"" * 9_000 + " }}",
    "too long": "x" * LONGEST_TEMPLATE,
    "our own marks": OPEN + "x" + CLOSE,
    "half a character": "\ud800",
    "not closed": "{{ name",
    "closed twice": "{{ name }} }} {{ } }}",
    "empty tag": "{{ }}",
    "nothing but else": "{% else %}",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_attacks_are_refused_at_once(attack: str) -> None:
    text = HEAD + attack
    begin = time.process_time()
    problems = check(text)
    with pytest.raises(Refused, match=r"^The letter template, line \d+: "):
        render(text, EXAMPLES)
    spent = time.process_time() - begin
    assert problems
    assert all(1 <= p.line <= text.count("\n") + 1 and len(p.words) < 250 for p in problems)
    assert len(problems) <= template_walls.MOST_PROBLEMS + 1
    assert spent < LIMIT_S


class Sly(str):
    """A text that is more than a text."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return "sly"

    def __str__(self) -> str:
        return "sly"


@pytest.mark.parametrize(
    "value", [Sly("x"), 7, ["x"], {"a": "b"}, object(), b"x", True], ids=lambda v: type(v).__name__
)
def test_values_are_plain_texts_and_nothing_else(value: object) -> None:
    with pytest.raises(Refused, match="“name” is no plain text"):
        render(HEAD + "{{ name }}", {**EXAMPLES, "name": cast("str", value)})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (HEAD + "{{ interest }}" * 90, "x" * LONGEST_VALUE),
        (HEAD + "{{ interest|upper }}" * 90, "ΐ" * LONGEST_VALUE),
        (HEAD + "x" * 19_000 + "{{ interest }}", "x" * LONGEST_VALUE),
    ],
    ids=["many", "growing", "on top"],
)
def test_huge_output_is_refused_at_once(text: str, value: str) -> None:
    begin = time.process_time()
    with pytest.raises(Refused, match="longer than 20,000 characters"):
        render(text, {**NO_VALUES, "interest": value})
    assert time.process_time() - begin < LIMIT_S


def test_the_longest_honest_template_is_filled_at_once() -> None:
    """What the bounds let pass is quick too, so that nothing between them is slow."""
    condition = "{% if " + "not name == 'x' and " * 8 + "name %}x{% elif not company %}y{% endif %}"
    text = (HEAD + condition * 33).ljust(LONGEST_TEMPLATE, "z")
    begin = time.process_time()
    assert check(text) == []
    filled = render(text, EXAMPLES)
    assert time.process_time() - begin < LIMIT_S
    assert filled.body.startswith("x" * 33 + "z")


TREES = [
    name
    for name, text in ATTACKS.items()
    if len(text) < 200 and name not in ("raw", "our own marks", "half a character")
]


@pytest.mark.parametrize("name", TREES)
def test_the_second_wall_stands_without_the_first(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_found(_words: object, _text: str) -> Iterator[template_walls.Problem]:
        return iter(())

    monkeypatch.setattr(template_walls._Words, "look", nothing_found)
    with pytest.raises(Refused):
        render(HEAD + ATTACKS[name], EXAMPLES)


def test_the_third_wall_is_the_sandbox() -> None:
    from jinja2.exceptions import SecurityError, UndefinedError

    template = template_walls.environment().from_string("{{ ''.__class__.__mro__ }}")
    with pytest.raises(SecurityError):
        template.render()
    with pytest.raises(UndefinedError):
        template_walls.environment().from_string("{{ range(9) }}").render()


def test_a_value_is_never_a_template() -> None:
    filled = render("Subject: {{ name }}\n\n{{ name }}", {"name": "{{ 7 * 7 }} {% raise %}"})
    assert filled.subject == "{{ 7 * 7 }} {% raise %}"
    assert filled.body == "{{ 7 * 7 }} {% raise %}\n"


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\nBcc: all@x.example\n", "\u2028", "\u2029"], ids=ascii)
def test_no_value_breaks_out_of_the_subject(sign: str) -> None:
    with pytest.raises(Refused, match="subject contains a line break") as refusal:
        render("Subject: For {{ name }}\n\nHello", {"name": f"Olena{sign}Hrynko"})
    assert refusal.value.field == "subject"


@pytest.mark.parametrize("sign", ["\0", "\x0b", "\x0c", "\x1b", "\x1c", "\x7f", "\x85", "\ud800"], ids=ascii)
@pytest.mark.parametrize(
    "text", ["Subject: {{ name }}\n\nHello", "Subject: Hello\n\n{{ name }}"], ids=["subject", "body"]
)
def test_no_value_has_what_cannot_be_sent(text: str, sign: str) -> None:
    with pytest.raises(Refused, match="“name” contains a character that cannot be sent"):
        render(text, {"name": f"Olena{sign}Hrynko"})


def test_values_are_bounded_and_named() -> None:
    assert len(render(HEAD + "{{ company }}", {"company": "x" * LONGEST_VALUE}).body) == LONGEST_VALUE + 1
    with pytest.raises(Refused, match="“company” is longer than 2,000") as refusal:
        render(HEAD + "{{ company }}", {"company": "x" * (LONGEST_VALUE + 1)})
    assert refusal.value.field == "company"


def test_a_field_without_a_value_is_refused_even_in_a_branch_not_taken() -> None:
    with pytest.raises(Refused, match="no “holiday”"):
        render(HEAD + "{% if name %}{{ name }}{% else %}{{ holiday }}{% endif %}", {"name": "Olena"})
    assert render(HEAD + "{{ name }}", {"name": "Olena", "unused": "x"}).body == "Olena\n"


@pytest.mark.parametrize("text", ["", "Hello", "Subject:\n\nHello", "Subject: {{ name }}\n\nHello", "\nSubject: late"])
def test_a_letter_has_a_subject(text: str) -> None:
    with pytest.raises(Refused, match="subject"):
        render(text, {"name": ""})


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("{{ name|upper }}", "OLENA HRYNKO"),
        ("{{ name|lower|capitalize }}", "Olena hrynko"),
        ("{{ name|lower|title }}", "Olena Hrynko"),
        ("{{ company|default('your company') }}", "your company"),
        ("{{ interest|trim }}", "print"),
        ("{% if reason == 'price' %}a{% elif reason == 'plans' %}b{% else %}c{% endif %}", "a"),
        ("{% if reason in ('plans', 'price') and not company %}a{% endif %}", "a"),
        ("{% if reason not in ('plans', 'budget') or company %}a{% endif %}", "a"),
        ("{% if ((reason != 'price')) %}a{% else %}b{% endif %}", "b"),
        ("{% if 'Hry' in name %}a{% endif %}", "a"),
        ("{# a note to ourselves #}a", "a"),
        ("a\n\n{%- if name %} b{% endif %}", "a b"),
    ],
)
def test_what_a_letter_may_say(tag: str, words: str) -> None:
    text = HEAD + tag
    values = {**NO_VALUES, "name": "Olena Hrynko", "reason": "price", "interest": "  print "}
    assert check(text) == []
    assert render(text, values).body == words + "\n"


def test_empty_values_leave_no_holes() -> None:
    text = (
        HEAD
        + "Dear {{ name }},\n\n{{ our_offer }}\n\nfor {{ company }} we have {{ interest }}.\n\n\n\n{{ sender }} \nBye\n"
    )
    filled = render(text, {**NO_VALUES, "sender": "Anna"})
    assert filled.body == "Dear,\n\nfor we have.\n\nAnna\nBye\n"
    assert [filled.body[s : s + n] for s, n in filled.marks] == ["Anna"]


def test_what_the_author_wrote_stays() -> None:
    text = HEAD + " 1. One  two\n\t- three\r\n\r\nfour … “five”\u202fsix — \u200cseven\n"
    assert render(text, {}).body == "1. One  two\n\t- three\n\nfour … “five”\u202fsix — \u200cseven\n"


PLAIN = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=OPEN + CLOSE), max_size=60
)


@given(st.fixed_dictionaries({"name": PLAIN, "company": PLAIN, "signature": PLAIN}))
def test_any_text_stands_where_it_is_meant(values: dict[str, str]) -> None:
    text = "Subject: [{{ name }}]\n\n[{{ name }}][{{ company }}]{% if company %}({{ company }}){% endif %}\n[{{ signature }}]"
    filled = render(text, values)
    name, company, signature = values["name"], values["company"], values["signature"]
    twice = f"({company})" if company else ""
    assert filled.subject == f"[{name}]"
    assert filled.body == f"[{name}][{company}]{twice}\n[{signature}]\n"
    merged = [v for v in (name, company, company, signature) if v]
    assert [filled.body[start : start + length] for start, length in filled.marks] == merged


@given(st.text(max_size=60))
def test_any_text_at_all_is_filled_in_or_refused(value: str) -> None:
    unfit = any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in value)
    if unfit:
        with pytest.raises(Refused, match="cannot be sent"):
            render("Subject: Hello\n\n<{{ name }}>", {"name": value})
        return
    plain = value.replace(OPEN, "").replace(CLOSE, "").replace("\r\n", "\n").replace("\r", "\n")
    assert render("Subject: Hello\n\n<{{ name }}>", {"name": value}).body == f"<{plain}>\n"


@given(st.text("{}%# '\"()|.\\-\n_=!ifend namelscopayrx1", max_size=80))
def test_any_template_is_checked_without_a_crash(text: str) -> None:
    """And what passes the check is filled."""
    text = HEAD + text
    if check(text) == []:
        assert len(render(text, EXAMPLES).body) <= LONGEST_LETTER
    else:
        with pytest.raises(Refused):
            render(text, EXAMPLES)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Hello", 1, "The first line must be the subject"),
        ("Subject: \n\nHello", 1, "The subject is empty"),
        (HEAD + "Dear {{ nmae }}", 3, "There is no field “nmae”. Did you mean “name”?"),
        (HEAD + "Dear {{ first name }}", 3, "There is no field “first”. Did you mean “first_name”?"),
        (HEAD + "{{ their_words }}", 3, "There is no field “their_words”."),
        (HEAD + "\n{{ name", 4, "The tag “{{” is not closed."),
        (HEAD + "{{ name }\n\nHello {{ company }}", 3, "This cannot be read"),
        (HEAD + "{{ name company }}", 3, "This cannot be read"),
        (HEAD + "Hello\n{% if name %}Olena", 4, "{% if %} without {% endif %}."),
        (HEAD + "{% endif %}", 3, "{% endif %} without {% if %}."),
        (HEAD + "{% if %}x{% endif %}", 3, "{% if %} cannot be read."),
        (HEAD + "{% for x in name %}", 3, "{% for %} is not for letters"),
        (HEAD + "{{ name.first }}", 3, "A field has no parts"),
        (HEAD + "{{ name|shout }}", 3, "There is no “|shout”: there are upper, lower"),
        (HEAD + "{{ name() }}", 3, "nothing can be called"),
        (HEAD + "{% if name == 5 %}{% endif %}", 3, "The number “5”"),
        (HEAD + "{{ name + company }}", 3, "“+” may not stand within a tag"),
        (HEAD + "1. A?\n2. B?\n3. C?\n4. D?", 6, "at most 3 questions"),
        (HEAD + "۱. A?\n۲. B?\n۳. C?\n{% if name %}۴. D?{% endif %}", 6, "at most 3 questions"),
    ],
)
def test_the_editor_is_told_what_and_where(text: str, line: int, words: str) -> None:
    problems = check(text)
    assert words in problems[0].words
    assert problems[0].line == line


def test_every_mistake_is_told_in_order_but_not_endlessly() -> None:
    text = "Hello\n{{ nam }} {{ compny }}\n{{ senderphone }}"
    assert [(p.line, p.words.rpartition("“")[2]) for p in check(text)][1:] == [
        (2, "name”?"),
        (2, "company”?"),
        (3, "sender_phone”?"),
    ]
    assert len(check(HEAD + "{{ x }}\n" * 90)) == template_walls.MOST_PROBLEMS


def test_the_same_question_in_other_words_counts_once_and_offers_may_ask_more() -> None:
    asked = "1. A?\n2. {% if name %}B{% else %}C{% endif %}?\n{% if name %}3. D?{% else %}3. E?{% endif %}"
    assert check(HEAD + asked) == []
    assert check(HEAD + asked + "\n4. F?", kind="offer") == []
    assert check(HEAD + asked + "\nIn 2027. A year.\n12.50 a piece") == []


def test_the_fields_are_told_with_examples() -> None:
    assert "name" in FIELDS
    assert "their_words" not in FIELDS
    for key, field in FIELDS.items():
        assert field.key == key
        assert key.isidentifier()
        assert field.title
        assert field.example
        assert field.help.endswith(".")
        assert render(HEAD + f"{{{{ {key} }}}}", EXAMPLES).body == field.example + "\n"
