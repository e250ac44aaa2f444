"""What is read of a message: links with words, and rich texts in either of their forms."""

import json
from typing import Any

import pytest

from bot.platforms.feishu.events_contents import read


def words(kind: str, content: Any) -> str:
    return read({"message_type": kind, "content": json.dumps(content)}, lambda key: "@").words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("证据 [面单](https://drive.google.com/a?b=c) 0026", "证据 面单 https://drive.google.com/a?b=c 0026"),
        ("[https://a.example/x](https://a.example/x)", "https://a.example/x"),
        ("[](https://a.example/x_(1))", "https://a.example/x_(1)"),
        ("[a](https://a.example/1) [b](https://a.example/2)", "a https://a.example/1 b https://a.example/2"),
        ("[tag] (note) [x](javascript:alert)", "[tag] (note) [x](javascript:alert)"),
    ],
)
def test_a_link_is_its_words_and_its_address(text: str, expected: str) -> None:
    assert words("text", {"text": text}) == expected
    assert words("post", {"content": [[{"tag": "md", "text": text}]]}) == expected


LINES = [[{"tag": "text", "text": "证据 "}, {"tag": "a", "text": "盘", "href": "https://a.example/x"}]]


@pytest.mark.parametrize(
    "content",
    [
        {"title": "", "content": LINES},
        {"title": "", "content_v2": LINES},
        {"title": "", "content": [], "content_v2": LINES},
        {"zh_cn": {"title": "", "content_v2": LINES}},
    ],
)
def test_a_rich_text_is_read_in_either_form(content: Any) -> None:
    assert words("post", content) == "证据 盘 https://a.example/x"
