"""Messages: the neutral card, the inbox for events, the outbox for messages, batching."""
