"""The use cases. Each service owns its transactions."""
