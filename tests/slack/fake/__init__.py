"""A Slack on loopback that answers, refuses, retries and forgets as the real one does."""
