"""File names of strangers."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.filename import MAX_LENGTH, safe_name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("C:\\fakepath\\a.png", "a.png"),
        ("/abs/olute.csv", "olute.csv"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\r\n.png", "ab.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("物流 截图.png", "物流 截图.png"),
        ('a"<b>|?*.txt', "a_b_.txt"),
        (".htaccess", "htaccess"),
        ("name. . ", "name"),
    ],
)
def test_tricks_in_names(given, expected):
    assert safe_name(given) == expected


def test_a_long_name_keeps_its_extension():
    assert safe_name("长" * 300 + ".xlsx") == "长" * (MAX_LENGTH - 5) + ".xlsx"
    assert len(safe_name("x." + "y" * 300)) <= MAX_LENGTH


@given(st.text())
def test_any_name_becomes_safe_and_stays_so(name):
    safe = safe_name(name)
    assert 1 <= len(safe) <= MAX_LENGTH
    assert not set(safe) & set('/\\<>:"|?*') and not safe.startswith(".")
    assert not [c for c in safe if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert safe_name(safe) == safe
