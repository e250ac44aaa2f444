"""The page of a case with its tabs, the pictures of its gallery, and the overview of shops."""

import pytest

from bot.messaging.card import Card, Text
from bot.ports.board import ShopRow
from tests.console import story

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
HTML = {"accept": "text/html"}


def test_the_gallery_shows_evidence_by_order_with_the_places_where_facts_were_read(client, core):
    story.tell(core, "en")
    page = client.get("/cases/C7", headers=HTML).text
    first, second = page.index(story.ORDERS[0]), page.index(story.ORDERS[1])
    assert first < page.index("tracking-&lt;1&gt;.png") < second < page.index("No evidence yet")
    assert f'src="/pictures/{story.SHA}"' in page and "data-places='[[50, 290, 260, 330]]'" in page
    assert "1Z999AA10123456784" in page and "Picked up" in page and "withdrawn" in page
    assert f'href="/files/{story.SHA}/tracking-%3C1%3E.png"' in page and "onclick" not in page


@pytest.mark.parametrize("tab", ["work", "drafts", "timeline"])
def test_the_other_tabs_show_the_cards_of_the_case(client, core, tab):
    story.tell(core, "en")
    core.tabs[tab] = [Card(f"the <{tab}>", (Text("words"),), language="en")]
    page = client.get(f"/cases/C7?tab={tab}", headers=HTML).text
    assert f"the &lt;{tab}&gt;" in page and 'data-channel="ops" data-thread="C7"' in page
    assert page.count('aria-current="page"') == 1 and "/cases/C7?tab=evidence" in page


def test_what_is_not_there_has_no_page(client, core):
    story.tell(core, "en")
    assert client.get("/cases/C99", headers=HTML).status_code == 404
    assert client.get("/cases/C7?tab=x", headers=HTML).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"%PDF-1.7", ""),
        (b"RIFF\x10\0\0\0AVI LIST", ""),
        (b"", ""),
    ],
)
def test_only_what_is_a_picture_is_shown_as_one(client, core, tmp_path, content, kind):
    path = tmp_path / "original"
    path.write_bytes(content)
    core.originals["a" * 64] = path
    answer = client.get(f"/pictures/{'a' * 64}")
    assert answer.status_code == (200 if kind else 404)
    assert answer.headers["x-content-type-options"] == "nosniff"
    if kind:
        assert answer.headers["content-type"] == kind and answer.content == content
        assert "sandbox" in answer.headers["content-security-policy"]
    assert client.get(f"/pictures/{'b' * 64}").status_code == 404 == client.get("/pictures/x").status_code


def test_the_overview_draws_the_rates_of_each_shop(client, core):
    story.tell(core, "en")
    rates = (None, 0.0, 0.5, 1.5)
    core.shown_shops = [
        ShopRow("Bloom <US>", "US", "ops", rates, "1.2 %", 1.0, "measured", "3 days old", True, True, "C7"),
        ShopRow("Quiet", "UK", "sea", (), "–", 1.0, "no data", "none", False),
    ]
    page = client.get("/overview", headers=HTML).text
    assert "Bloom &lt;US&gt;" in page and "thread=C7" in page
    assert page.count("<rect") == 3 and page.count('class="is-high"') == 1
    assert page.count('class="spark-limit"') == 2 and "3 days old" in page
    assert 'href="/overview"' in client.get("/cases", headers=HTML).text
