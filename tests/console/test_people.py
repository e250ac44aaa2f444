"""Names of people and ways back, as the console takes them."""

import pytest

from bot.platforms.console.people import local_path, person_id


def test_the_same_name_is_the_same_person():
    assert person_id(" Lin  Xiao ") == person_id("lin xiao") == person_id("ＬＩＮ xiao") == "lin-xiao"


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb", "javascript:1"]
)
def test_a_way_back_never_leaves_the_site(path):
    assert local_path(path) == "/"


def test_a_way_back_on_this_site():
    assert local_path("/?channel=ops&thread=C7") == "/?channel=ops&thread=C7"
