"""Chat platforms; each is loaded only when configured."""
