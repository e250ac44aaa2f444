"""The composition root that builds all parts, and what runs them: server, scheduled jobs, durable engine."""
