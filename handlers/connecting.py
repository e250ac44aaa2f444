"""Connecting shops to the platform's API: the link goes out, and what comes back comes through a private form."""

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.router import Router
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Card
from bot.ports.records import Person
from bot.services.connections import Connections
from bot.wording import feeds
from bot.wording.localizer import Localizer

router = Router()


@router.on("connect_shop", role=Role.ADMIN, takes="")
def connect_shop(
    values: Mapping[str, str],
    person: Person,
    own_shops: list[Shop],
    connections: Connections,
    connectable: bool,
    say: Localizer,
) -> Card:
    """Give the link on which a seller authorises the app, with a form for the address to which they are sent back;
    both are seen by whoever asked alone. With the form, take the authorisation: of shops of the teams in which they
    are an admin, whichever channel they ask in."""
    if not connectable:
        raise Refusal("tiktok_not_configured")
    if not values.get("address", "").strip():
        return replace(feeds.connect_card(say, connections.link()), private_to=person.id)
    grant, found = connections.connect(values["address"], [shop.id for shop in own_shops])
    return replace(feeds.connected_card(say, grant, found), private_to=person.id)
