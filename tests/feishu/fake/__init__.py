"""A Feishu of our own for tests: it says no wherever the real one does, and remembers what people saw."""
