"""Feishu and Lark: sends cards; receives messages, files and pressed buttons."""
