import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.emails import parse_email, read_leniently, split_emails, throwaway_domains
from tests.shared_data import shared


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Olena.Hrytsenko@Example.COM", "Olena.Hrytsenko@example.com"),
        (" <mailto:olena@example.com?subject=hi> ", "olena@example.com"),
        ("Olena Hrytsenko <olena@example.com>", "olena@example.com"),
        ("olena@example.com;", "olena@example.com"),
        ("'olena@example.com'", "olena@example.com"),
        ("o'neil+list@sub.example.co.uk", "o'neil+list@sub.example.co.uk"),
        ("\u200bolena@example.com\u200e", "olena@example.com"),
        ("почта@пример.рф", "почта@пример.рф"),
        ('"olena h"@example.com', '"olena h"@example.com'),
        ("olena.@docomo.ne.jp", "olena.@docomo.ne.jp"),
        ("a@b_c.example.com", "a@b_c.example.com"),
        ("пошта@пошта.укр", "пошта@пошта.укр"),
        ("дмитрий.иванов+crm@пример.рф", "дмитрий.иванов+crm@пример.рф"),
        ("राम@हिन्दी.भारत", "राम@हिन्दी.भारत"),
        ("用户@例子。公司", "用户@例子.公司"),
        ("josé@münchen.de", "josé@münchen.de"),
        ("a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"),
        ("A@ПРИМЕР.РФ", "A@пример.рф"),
    ],
)
def test_an_address_is_read_out_of_what_people_paste(text: str, address: str) -> None:
    email = parse_email(text)
    assert (email.address, email.valid) == (address, True)


@pytest.mark.parametrize(
    "text",
    ["", "olena", "@example.com", "olena@", "olena@localhost", "a b@example.com", ".a@example.com", "a..b@example.com",
     "a@-example.com", "a@example..com", "a@1.2.3.4", "a@example.c", "a" * 65 + "@example.com", "a@" + "b" * 64 + ".com",
     "a@xn--.com", "a@xn--abc-.com", "a@b!c.com", "a@" + "ж" * 60 + ".рф", "a@\u0301b.com", "a@_b.com",
     "a@" + ".".join(["b" * 60] * 5)],
)  # fmt: skip
def test_what_no_server_could_deliver_is_invalid(text: str) -> None:
    assert not parse_email(text).valid


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Olena.Hr+sales@gmail.com", "olenahr@googlemail.com"),
        ("OLENA@example.com", "olena@EXAMPLE.com"),
        ("olena+x@outlook.com", "olena@outlook.com"),
        ("a@пример.рф", "a@xn--e1afmkfd.xn--p1ai"),
        ("a@münchen.de", "A@XN--MNCHEN-3YA.DE"),
        ("a@mu\u0308nchen.de", "a@m\u00fcnchen.de"),
        ("a@straße.de", "a@xn--strae-oqa.de"),
        ("a@пошта.укр", "a@xn--80a1acn3a.xn--j1amh"),
        ("a@ｅｘａｍｐｌｅ.com", "a@example.com"),
        ("o.l.e.n.a@googlemail.com", "OLENA+x+y@gmail.com"),
        ("ПОЧТА@пример.рф", "почта@пример.рф"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ('"olena"@example.com', "olena@example.com"),
        ("olena@example.com.", "olena@example.com"),
    ],
)
def test_addresses_of_one_mailbox_share_a_key(one: str, other: str) -> None:
    assert parse_email(one).key == parse_email(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("o.lena@example.com", "olena@example.com"),
        ("olena+x@example.com", "olena@example.com"),
        ("a@straße.de", "a@strasse.de"),
        ("+@gmail.com", "a@gmail.com"),
    ],
)
def test_dots_and_tags_part_mailboxes_where_the_provider_does_not_say_otherwise(one: str, other: str) -> None:
    assert parse_email(one).key != parse_email(other).key


def test_throwaway_domains_and_those_below_them_are_known() -> None:
    assert parse_email("x@mailinator.com").throwaway
    assert parse_email("x@eu.mailinator.com").throwaway
    assert not parse_email("x@notmailinator.com").throwaway
    assert len(throwaway_domains()) >= 150


def test_domains_of_the_fake_name_generator_are_left_out() -> None:
    generator = "cuvox.de armyspy.com dayrep.com gustr.com jourrapide.com superrito.com teleworm.us rhyta.com einrot.com fleckens.hu"
    assert throwaway_domains().isdisjoint(generator.split())


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("a@x.com, b@y.com; c@z.com", ("a@x.com", "b@y.com", "c@z.com")),
        ("Anna <a@x.com>\nBoris <b@y.com>", ("a@x.com", "b@y.com")),
        ("a@x.com/b@y.com", ("a@x.com", "b@y.com")),
        ("a@x.com A@x.com a@x.com", ("a@x.com", "A@x.com")),
        ('"a b"@x.com', ('"a b"@x.com',)),
        ("none", ("none",)),
        (" ", ()),
    ],
)
def test_a_cell_gives_each_of_its_addresses(cell: str, addresses: tuple[str, ...]) -> None:
    assert split_emails(cell) == addresses


@given(st.one_of(st.text(max_size=80), st.text(alphabet="ab.@+\" <>,;/'-", max_size=40)))
def test_nothing_typed_makes_it_stumble(text: str) -> None:
    email = parse_email(text)
    assert email.raw == text
    assert not email.valid or email.key
    assert isinstance(split_emails(text), tuple)


def test_naughty_strings_do_not_make_it_stumble() -> None:
    strings = json.loads(shared("csv_torture/naughty_strings/blns.json").read_text(encoding="utf-8"))
    assert all(parse_email(text).raw == text for text in strings)


_PARTS = st.text(alphabet="abXYZ019.-_+%' ée\u0301Жß\u200b²", max_size=12)
_LONG = st.sampled_from(["", "b" * 62, "b" * 63, "b" * 64, "b" * 250, "b." * 125])


@given(
    st.tuples(_PARTS, _LONG, st.sampled_from(["@", "@", "@@", ""]), _PARTS, _LONG),
    st.sampled_from(["", ".com", ".de", ".c", ".1", ".xn--p1ai", "gmail.com", "@googlemail.com", "@eu.mailinator.com"]),
)
def test_a_plain_address_is_read_as_any_other(parts: tuple[str, ...], end: str) -> None:
    text = "".join(parts) + end
    assert parse_email(text) == read_leniently(text)
