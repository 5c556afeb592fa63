"""`aicc cache`: where compiled code is kept, how much there is, and its removal."""

from __future__ import annotations

import click


@click.group("cache")
def cache_command() -> None:
    """Look at the disk cache, or empty it.

    The folder is AICC_CACHE, or else the user's cache folder; AICC_CACHE_SIZE bounds it (2G). The
    oldest entries go first. AICC_CACHE=off turns it off.
    """


@cache_command.command("path")
def path_command() -> None:
    """Print the cache's folder."""
    from aicc.cache import open_cache

    click.echo(open_cache().folder or "off")


@cache_command.command("stats")
def stats_command() -> None:
    """Print how many entries there are, and how many bytes they take."""
    from aicc.cache import open_cache

    found = open_cache().stats()
    click.echo(f"folder  {found.folder or 'off'}")
    for kind, count in found.entries.items():
        click.echo(f"{kind:<7} {count:>7} entries {_megabytes(found.bytes[kind]):>10}")
    click.echo(f"total   {_megabytes(sum(found.bytes.values()))} of {_megabytes(found.limit)}")


@cache_command.command("clear")
def clear_command() -> None:
    """Remove all entries."""
    from aicc.cache import open_cache

    count = open_cache().clear()
    click.echo(f"removed {count} entries")


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB"
