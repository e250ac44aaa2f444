"""The rules of the domain as pure functions: no input or output, no clock of their own."""
