"""Shops without an editor: adding, changing and pausing them."""

from collections.abc import Collection, Mapping

from bot.conversation.events import Incoming
from bot.conversation.router import Router
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.messaging.card import Card
from bot.ports.records import Person
from bot.services.shop_register import ShopRegister
from bot.wording.localizer import Localizer
from bot.wording.shop_register import register_card, saved_card, shop_form

router = Router()


@router.on("add_shop", role=Role.ADMIN, takes="")
def add_shop(
    event: Incoming,
    values: Mapping[str, str],
    payload: Mapping[str, str],
    register: ShopRegister,
    say: Localizer,
) -> Card:
    """Ask for a new shop; with the form, add it, with its alerts in this channel unless nobody else reads that."""
    if not values.get("id", "").strip():
        return shop_form(say, list(register.sites), payload, None)
    channel = "" if event.direct else event.channel
    return saved_card(say, register.add(values, channel), "added", channel)


@router.on("change_shop", role=Role.ADMIN, takes="listed")
def change_shop(shop: Shop, values: Mapping[str, str], register: ShopRegister, say: Localizer) -> Card:
    """Ask what is to be changed of a shop that people added; with the form, change it."""
    register.changeable(shop.id)
    if not values.get("name", "").strip():
        return shop_form(say, list(register.sites), {}, shop)
    return saved_card(say, register.change(shop.id, values), "changed")


@router.on("pause_shop", role=Role.ADMIN, takes="listed")
def pause_shop(shop: Shop, register: ShopRegister, say: Localizer) -> Card:
    """Pause a shop: it is neither measured nor missed until it is resumed."""
    return saved_card(say, register.set_active(shop.id, False), "paused")


@router.on("resume_shop", role=Role.ADMIN, takes="listed")
def resume_shop(shop: Shop, register: ShopRegister, say: Localizer) -> Card:
    """Go on with a paused shop."""
    return saved_card(say, register.set_active(shop.id, True), "resumed")


@router.on("shop_list", role=Role.VIEWER)
def shop_list(visible: list[Shop], settings_shops: Collection[str], person: Person, say: Localizer) -> Card:
    """List the shops with where they come from; for an admin with the buttons to add and change them."""
    return register_card(say, visible, settings_shops, person.role.may(Role.ADMIN))
