"""Slack: cards out, messages, files, buttons and forms in."""
