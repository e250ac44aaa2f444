"""Feishu and Lark: cards out, messages, files and buttons in."""
