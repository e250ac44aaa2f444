"""Slack: sends cards; receives messages, files, pressed buttons and forms."""
