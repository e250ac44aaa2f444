"""The process that recognises an export, when it ends before it has said anything."""

from pathlib import Path

from bot.settings.files import data_root
from bot.sources.mappings import load_mappings
from bot.sources.walled import START, WalledExports
from tests.conversations.exports import us_orders


def test_a_recogniser_that_ended_without_a_word_is_begun_once_more(tmp_path: Path) -> None:
    """Otherwise an export would pass for evidence."""
    begun, folder, export = tmp_path / "begun", data_root("config"), tmp_path / "orders.csv"
    export.write_text(us_orders(3), "utf-8")
    ends = f"import os, pathlib; p = pathlib.Path({str(begun)!r}); old = p.exists(); p.touch(); old or os._exit(9); "
    policy = folder / "policies" / "tiktok-shop.toml"
    exports = WalledExports(folder, policy, load_mappings(folder), start=ends + START)
    assert list(exports.recognise(export).kinds) == ["orders"] and begun.exists()
