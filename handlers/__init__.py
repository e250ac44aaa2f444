"""Conversations: short functions that call a service and return a card."""
