"""Makes cards from domain objects and the Jinja2 texts of templates/."""
