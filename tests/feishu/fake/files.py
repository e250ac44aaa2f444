"""Files and pictures: taken from the app, given out from people's messages."""

from tests.feishu.fake.refusal import Refused
from tests.feishu.fake.world import File, Json, World

FILE_BYTES, IMAGE_BYTES = 30 * 1024 * 1024, 10 * 1024 * 1024
KINDS = {"opus", "mp4", "pdf", "doc", "xls", "ppt", "stream"}


class Files:
    """The part of the API that has to do with files."""

    def __init__(self, world: World) -> None:
        self.world = world

    def upload(self, kind: str, name: str, data: bytes) -> Json:
        """Take a file that a message of the app can carry."""
        if kind not in KINDS or not name:
            raise Refused(234001, "Invalid request param.")
        return {"file_key": self._keep("file", name, data, FILE_BYTES)}

    def upload_image(self, kind: str, data: bytes) -> Json:
        """Take a picture."""
        if kind not in ("message", "avatar"):
            raise Refused(234001, "Invalid request param.")
        return {"image_key": self._keep("img", "", data, IMAGE_BYTES)}

    def _keep(self, prefix: str, name: str, data: bytes, most: int) -> str:
        if not data:
            raise Refused(234010, "File's size can't be 0.")
        if len(data) > most:
            raise Refused(234006, "The file size exceed the max value.")
        key = self.world.new_id(prefix)
        self.world.files[key] = File(key, name, data, "image" if prefix == "img" else "file")
        return key

    def resource(self, message_id: str, key: str, kind: str) -> File:
        """What a person's message carries."""
        message = self.world.messages.get(message_id)
        if message is None:
            raise Refused(234003, "File not in msg.")
        if message.kind == "merge_forward" or (message.parent and message.kind == "forwarded"):
            raise Refused(234043, "Unsupported message type.")
        if message.recalled:
            raise Refused(234003, "File not in msg.")
        if not self.world.chats[message.chat].bot_in:
            raise Refused(234004, "App not in chat.")
        file = self.world.files.get(key)
        if file is None or file.message != message_id or file.kind != kind:
            raise Refused(234003, "File not in msg.")
        if len(file.data) > self.world.resource_bytes:
            raise Refused(234037, "Downloaded file size exceeds limit.")
        return file
