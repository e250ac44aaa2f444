"""Commands about the installation: running, examining, keeping it."""

from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.command import command
from bot.cli.output import problem, show, show_json, tell
from bot.settings.model import Settings


@command(json_too=False)
@click.option("--port", type=int, help="Port of the console, instead of console.port.")
def serve(settings: Settings, port: int | None) -> None:
    """Run odr-bot: console, daily checks, deadlines, messages."""
    from bot.domain.trail import Actor
    from bot.reading.walls import not_dumpable
    from bot.runtime.server import serve as run
    from bot.services.trail import acting
    from bot.settings.files import PREFIX
    from bot.settings.private import withdraw

    if port is not None:
        settings.console.port = port
    # The settings are read by now; whoever looks from outside, and what is started from here on, finds none.
    withdraw(PREFIX, settings.data_dir)
    not_dumpable()
    # What happens from here on is not the doing of whoever has started the program.
    with acting(Actor()):
        run(settings, tell)


@command()
def doctor(settings: Settings, as_json: bool) -> None:
    """Check the installation and say what to do."""
    from bot.cli.doctor import examine

    results = examine(settings)
    if as_json:
        show_json({"checks": [asdict(item) for item in results]})
    else:
        for item in results:
            show(f"{'ok  ' if item.ok else 'FAIL'} {item.name}: {item.detail}")
    if not all(item.ok for item in results):
        problem()


@command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup(settings: Settings, file: Path, force: bool, as_json: bool) -> None:
    """Write the database and all originals to FILE (zip), also while odr-bot serves. Settings are not in it."""
    from bot.cli.backup import write_backup

    done = write_backup(settings, file, force, tell)
    if as_json:
        show_json(done)
    for fault in ("damaged", "missing"):
        for sha256 in done[fault]:
            tell(f"odr-bot: {fault} original {sha256}")
    if done["damaged"] or done["missing"]:
        problem()
    tell(f"odr-bot: {file}: database and {done['originals']} originals, {done['bytes']:,} bytes")


@command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there.")
def restore(settings: Settings, file: Path, force: bool, as_json: bool) -> None:
    """Put a backup back, after verifying all of it. Stop odr-bot before."""
    from bot.cli.backup import restore_backup

    done = restore_backup(settings, file, force, tell)
    if as_json:
        show_json(done)
    if earlier := done["earlier_database"]:
        tell(f"odr-bot: the earlier database is kept as {earlier}")
    tell(f"odr-bot: restored the database and {done['originals']} originals")
    if roles := ", ".join(f"{each['person']} {each['role']} of {each['team']}" for each in done["roles"]):
        origin = "before" if done["roles_from"] == "before" else "in the backup, who has left since is back"
        tell(f"odr-bot: roles as they were {origin}: {roles}")


@command()
@click.argument("action", type=click.Choice(["upgrade", "version"]))
def db(settings: Settings, action: str, as_json: bool) -> None:
    """Bring the database tables up to date, or show their version."""
    from bot.store.database import HEAD, connect, upgrade, version

    engine = connect(settings.database_url, settings.database.busy_seconds)
    if action == "upgrade":
        upgrade(engine)
    now = version(engine)
    if as_json:
        show_json({"version": now, "newest": HEAD})
    else:
        show(f"{now or 'empty'} (newest {HEAD})")
