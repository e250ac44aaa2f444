"""Help: the commands, an appeal from beginning to end, and answers to what was not understood."""

from collections.abc import Sequence

from bot.messaging.card import Actions, Button, Card, Table, Text, Tone
from bot.wording.asking import exactly
from bot.wording.localizer import Localizer

BUTTON_TEXT = 600
"""Characters of an order that every platform's buttons can carry."""


def help_card(say: Localizer, names: Sequence[str]) -> Card:
    """The commands, each with how to write it."""
    rows = tuple((say(f"commands.{name}.usage"), say(f"commands.{name}.help")) for name in names)
    columns = (say("replies.help_usage"), say("replies.help_what"))
    return Card(
        say("replies.help_title"),
        (Text(say("replies.help_intro")), Table(columns, rows)),
        Tone.BLUE,
        "",
        say.language,
    )


def howto_card(say: Localizer) -> Card:
    """The steps of an appeal and where a person submits it."""
    policy = say.policy
    low, high = policy.form.review_days_usual
    steps = (
        say("replies.howto_evidence"),
        say("replies.howto_tag"),
        say("replies.howto_draft", limit=policy.form.explanation_max),
        say("replies.howto_submit", path=say("replies.submit_path")),
        say("replies.howto_result", low=low, high=high),
    )
    buttons = tuple(
        Button(say(f"commands.{name}.usage"), "say", {"text": say(f"commands.{name}.usage")})
        for name in ("cases", "help")
    )
    lines = (Text(f"{number}. {step}") for number, step in enumerate(steps, 1))
    title = say("replies.howto_title", hours=policy.window_hours)
    return Card(title, (*lines, Actions(buttons)), Tone.BLUE, "", say.language)


def unknown_card(say: Localizer, nearest: str, text: str) -> Card:
    """Tells that nothing was understood, with the nearest command and where to find the others."""
    buttons = [Button(say("replies.help_button"), "say", {"text": say("commands.help.usage")})]
    if nearest:
        buttons.insert(0, Button(nearest, "say", exactly(nearest), "primary"))
    key = "replies.unknown_near" if nearest else "replies.unknown"
    return Card(say(key, nearest=nearest, text=text[:60]), (Actions(tuple(buttons)),), Tone.YELLOW, "", say.language)


def meant_card(say: Localizer, text: str, orders: Sequence[str]) -> Card:
    """Asks what words mean that would change something and were not understood completely; each button confirms
    one meaning. A meaning that is too long for a button is not offered."""
    fitting = [order for order in orders if len(order) <= BUTTON_TEXT]
    buttons = tuple(Button(_short(order), "say", exactly(order), "primary") for order in fitting)
    key = "replies.meant" if fitting else "replies.meant_long"
    nearest = say("replies.or").join(_short(order) for order in orders)
    elements = (Actions(buttons),) if buttons else ()
    return Card(say(key, nearest=nearest, text=_short(text)), elements, Tone.YELLOW, "", say.language)


def readings_card(say: Localizer, text: str, buttons: Sequence[Button]) -> Card:
    """Asks which of the nearest readings a line has; each button takes it for one of them."""
    title = say("replies.readings", text=shortened(text), several=len(buttons) > 1)
    return Card(title, (Actions(tuple(buttons)),), Tone.YELLOW, "", say.language)


def shortened(text: str) -> str:
    """A text as it fits a line of a card."""
    return _short(text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
