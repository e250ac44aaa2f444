"""The store on SQLAlchemy: tables, repositories, unit of work, migrations and the vault."""
