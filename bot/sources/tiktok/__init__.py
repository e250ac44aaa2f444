"""TikTok Shop's API as a source of orders and defects."""
