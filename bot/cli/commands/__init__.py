"""The subcommands, one file per group."""
