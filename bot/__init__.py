"""odr-bot: the chat assistant for TikTok Shop ODR appeals."""
