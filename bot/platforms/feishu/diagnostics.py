"""What the examination of an installation says of Feishu: credentials, bot, scopes, ways in, groups."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from bot.platforms.diagnostics import examined
from bot.platforms.feishu import api_scopes as scopes
from bot.platforms.feishu.api import ENDPOINT, Api, Call
from bot.platforms.feishu.api_errors import SCOPE, FeishuError
from bot.platforms.feishu.api_messages import Messages
from bot.platforms.feishu.people import info
from bot.platforms.feishu.sender_followups import may_ring
from bot.platforms.feishu.webhook import PATH
from bot.ports.chat import Examination, Unfit
from bot.ports.host import Directory, RateLimits, Texts

CALL_SECONDS, ALL_SECONDS = 5.0, 30.0
GROUPS_AT_MOST, PEOPLE_AT_MOST = 20, 20
BOT_ON = 2


@dataclass(frozen=True)
class Diagnostics:
    """Looks at everything that can be seen through the API, in `language`."""

    directory: Directory
    texts: Texts
    api: Api
    granted: scopes.Scopes
    messages: Messages
    language: str
    rates: RateLimits

    def all(self) -> Iterator[Examination]:
        """One after the other; after the time is over the rest is left out."""
        end = monotonic() + ALL_SECONDS
        parts: list[tuple[str, Callable[[], str]]] = [
            ("feishu credentials", self._credentials),
            ("feishu bot", self._bot),
            ("feishu scopes", self._scopes),
            ("feishu people", self._people),
            ("feishu calls", self._calls),
            ("feishu group files", self._group_files),
            ("feishu events", self._events),
            *(
                (f"feishu group {group}", lambda group=group: self._group(group))
                for group in self.directory.channels()[:GROUPS_AT_MOST]
            ),
        ]
        for name, part in parts:
            if monotonic() > end:
                yield Examination(name, False, self._say("feishu.examine_slow"))
                return
            examination = examined(name, part, str)
            yield examination
            if not examination.ok and part == self._credentials:
                return

    def _say(self, key: str, **params: object) -> str:
        return self.texts.say(key, self.language, **params)

    def _credentials(self) -> str:
        try:
            self.api.token(CALL_SECONDS)
        except OSError as error:
            raise Unfit(self._say("feishu.examine_credentials", host=self.api.base, cause=error)) from error
        return f"{self.api.settings.app_id}, {self.api.base}"

    def _bot(self) -> str:
        bot = info(self.api, CALL_SECONDS)
        if bot.get("activate_status") not in (None, BOT_ON):
            raise Unfit(self._say("feishu.examine_bot"))
        return f"{bot.get('app_name', '')} {bot.get('open_id', '')}".strip()

    def _scopes(self) -> str:
        missing = [scope for scope in scopes.NEEDED if not self.granted.has(scope, CALL_SECONDS)]
        if missing:
            raise Unfit(self._say("feishu.examine_scopes", scopes=", ".join(missing)))
        optional = [scope for scope in (scopes.URGENT, *scopes.NAMES) if not self.granted.has(scope)]
        return self._say("feishu.examine_optional", scopes=", ".join(optional)) if optional else "ok"

    def _people(self) -> str:
        """Accounts are of one app alone: a card that mentions an account of another is refused."""
        given, wrong = list(self.directory.given().items())[:PEOPLE_AT_MOST], []
        path = "/open-apis/contact/v3/users/:user_id"
        for person, account in given:
            try:
                self.api.get(path, ("user_id_type", "open_id"), seconds=CALL_SECONDS, user_id=account)
            except FeishuError as refused:
                if refused.code in SCOPE:
                    return self._say("feishu.examine_people_unknown", scopes=", ".join(scopes.NAMES))
                wrong.append(f"{person} ({account})")
        if wrong:
            raise Unfit(self._say("feishu.examine_people", people=", ".join(wrong)))
        return str(len(given))

    def _calls(self) -> str:
        """Free tenants have so many calls a month; without any left, nothing arrives."""
        used, most = self.rates.calls()
        if not most:
            return self._say("feishu.examine_calls_free")
        if used >= most:
            raise Unfit(self._say("feishu.examine_calls_over", used=used, most=most))
        return self._say("feishu.examine_calls", used=used, most=most)

    def _group_files(self) -> str:
        if not self.granted.has(scopes.GROUP_FILES, CALL_SECONDS):
            raise Unfit(self._say("feishu.examine_group_files", scope=scopes.GROUP_FILES))
        return scopes.GROUP_FILES

    def _events(self) -> str:
        settings = self.api.settings
        if settings.mode == "webhook":
            if not settings.encrypt_key.get_secret_value():
                raise Unfit(self._say("feishu.examine_no_key"))
            return self._say("feishu.examine_webhook", path=PATH)
        secret = {"AppID": settings.app_id, "AppSecret": settings.app_secret.get_secret_value()}
        self.api.open_call(Call("POST", ENDPOINT, {}, body=secret), CALL_SECONDS)
        return self._say("feishu.examine_connection")

    def _group(self, group: str) -> str:
        path = "/open-apis/im/v1/chats/:chat_id/members/is_in_chat"
        if not self.api.get(path, seconds=CALL_SECONDS, chat_id=group).get("is_in_chat"):
            raise Unfit(self._say("feishu.not_in_group"))
        chat = self.messages.chat(group)
        rings = "" if may_ring(chat, self.api.settings.app_id) else self._say("feishu.urgent_forbidden")
        return " · ".join(part for part in (str(chat.get("name") or ""), rings) if part)
