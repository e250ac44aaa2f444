"""Why a file cannot be taken: a wording key with its parameters."""


class SourceError(Exception):
    """The whole file is refused. `key` names the text in templates/<lang>/imports.toml, `params` fill it in."""

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(f"{key} {params}" if params else key)
        self.key, self.params = key, params


class BadRow(Exception):
    """One row is refused, and reading the file continues. Key and parameters as for SourceError."""

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(key)
        self.key, self.params = key, params
