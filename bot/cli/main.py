"""The whole command line: importing the modules of commands registers them."""

from bot.cli.command import main
from bot.cli.commands import cases, installation, people, platforms, shops, signing, trail

__all__ = ["cases", "installation", "main", "people", "platforms", "shops", "signing", "trail"]

if __name__ == "__main__":
    main()
