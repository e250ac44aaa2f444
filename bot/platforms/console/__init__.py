"""The local web console: a chat in the browser on this machine."""
