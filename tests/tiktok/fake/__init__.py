"""A server that behaves as TikTok Shop's API does, made from its contract and strict about it."""
