"""Encrypts the tokens of sellers, so that neither the database nor a backup of it gives them away."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from Crypto.Cipher import AES

from bot.settings.files import ConfigError

KEY_FILE = "tiktok.key"
SHORTEST_KEY = 32
NONCE_BYTES, TAG_BYTES = 12, 16


class Unsealable(Exception):
    """What was sealed with another key, or was changed since."""


class Seal:
    """Seals texts with AES-256-GCM. The key is `given`, else a file of the data folder that only its owner can read
    and that is made with the first text. Raises ConfigError for a key that is too short or that others can read."""

    def __init__(self, given: str, folder: Path) -> None:
        if given and len(given) < SHORTEST_KEY:
            raise ConfigError(f"tiktok.token_key: expected at least {SHORTEST_KEY} characters")
        self._given, self.file = given, folder / KEY_FILE

    def seal(self, text: str, about: str) -> str:
        """The text encrypted; `about` says of what it is, and is needed again to read it."""
        cipher = AES.new(self._key(), AES.MODE_GCM, nonce=secrets.token_bytes(NONCE_BYTES))
        cipher.update(about.encode())
        sealed, tag = cipher.encrypt_and_digest(text.encode())
        return base64.b64encode(cipher.nonce + tag + sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """The text that was sealed. Raises Unsealable."""
        try:
            given = base64.b64decode(sealed, validate=True)
            tag_end = NONCE_BYTES + TAG_BYTES
            cipher = AES.new(self._key(), AES.MODE_GCM, nonce=given[:NONCE_BYTES])
            cipher.update(about.encode())
            return cipher.decrypt_and_verify(given[tag_end:], given[NONCE_BYTES:tag_end]).decode()
        except (ValueError, KeyError) as error:
            raise Unsealable from error

    def _key(self) -> bytes:
        return hashlib.sha256((self._given or self._kept()).encode()).digest()

    def _kept(self) -> str:
        try:
            # Of several programs that start at once, one makes the file; it is never seen half written.
            new = self.file.with_name(f"{KEY_FILE}.{secrets.token_hex(4)}")
            if not self.file.exists():
                descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w") as file:
                    file.write(secrets.token_hex(32))
                try:
                    os.link(new, self.file)
                except FileExistsError:
                    pass
                finally:
                    new.unlink()
        except OSError as error:
            raise ConfigError(f"{self.file}: the key of the tokens cannot be kept: {error.strerror}") from error
        if self.file.stat().st_mode & 0o077:
            raise ConfigError(f"{self.file}: others may read the key of the tokens; expected mode 600")
        return self.file.read_text("utf-8").strip()
