"""Groups and people as the API tells of them."""

from tests.feishu.fake.refusal import Refused
from tests.feishu.fake.world import OTHER_TENANT, TENANT, Chat, Json, World


class Chats:
    """The part of the API that has to do with groups and people."""

    def __init__(self, world: World) -> None:
        self.world = world

    def listed(self) -> Json:
        """The groups with the bot in them."""
        items = [self._brief(chat) for chat in self.world.chats.values() if chat.bot_in and chat.mode == "group"]
        return {"items": items, "page_token": "", "has_more": False}

    def get(self, chat_id: str) -> Json:
        """One group."""
        chat = self._found(chat_id)
        managers = [self.world.app_id] if chat.bot_manages else []
        return self._brief(chat) | {
            "chat_mode": chat.mode,
            "chat_type": "private",
            "user_count": str(len(chat.members)),
            "bot_count": "1",
            "owner_id_type": "open_id",
            "owner_id": min(chat.members, default=""),
            "urgent_setting": chat.urgent,
            "bot_manager_id_list": managers,
        }

    def members(self, chat_id: str) -> Json:
        """Who is in a group."""
        chat = self._inside(chat_id)
        items = [
            {
                "member_id": person,
                "member_id_type": "open_id",
                "name": self.world.name_of(person),
                "tenant_key": OTHER_TENANT if person in chat.strangers else TENANT,
            }
            for person in sorted(chat.members)
        ]
        return {"items": items, "page_token": "", "has_more": False, "member_total": len(items)}

    def is_in(self, chat_id: str) -> Json:
        """Whether the bot is in a group."""
        return {"is_in_chat": self._found(chat_id).bot_in}

    def user(self, person_id: str, names: bool) -> Json:
        """A person; the name only with its scope."""
        if person_id not in self.world.people:
            raise Refused(41012, "user_id is not exist")
        told: Json = {"open_id": person_id, "union_id": f"on_{person_id}"}
        if names:
            told |= {"name": self.world.name_of(person_id), "en_name": ""}
        return {"user": told}

    def _brief(self, chat: Chat) -> Json:
        about = {"chat_id": chat.id, "name": chat.name, "tenant_key": TENANT, "chat_status": chat.status}
        return about | {"external": chat.external}

    def _found(self, chat_id: str) -> Chat:
        if chat_id not in self.world.chats:
            raise Refused(232006, "Your request specifies a chat_id which is invalid.")
        return self.world.chats[chat_id]

    def _inside(self, chat_id: str) -> Chat:
        chat = self._found(chat_id)
        if not chat.bot_in:
            raise Refused(232011, "Operator can NOT be out of the chat.")
        return chat
