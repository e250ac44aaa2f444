"""Slack's way out keeps what ports.chat.Sender promises."""

import pytest

from tests.contracts.senders import Shown, keeps_its_promises
from tests.slack.talk import SlackTalk


@pytest.mark.parametrize("mode", ["http"])
def test_the_promises_of_a_way_out(talk: SlackTalk) -> None:
    sender, world = talk.app.platforms["slack"].sender, talk.world
    keeps_its_promises(Shown(sender, talk.place, lambda: [each.text for each in world.shown(talk.place)]))
