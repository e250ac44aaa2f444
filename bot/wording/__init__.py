"""Domain objects and Jinja2 texts to cards."""
