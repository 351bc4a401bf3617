"""Which links a guest may be shown: a web page that a phone opens at a host that we name, and nothing else."""

from collections.abc import Collection

# The largest code that a phone still reads from the counter (8 pixels a module at 1080p) holds a few more.
MOST_CHARACTERS = 300
_WEB = "https://"


def is_web_page(url: object) -> bool:
    """Whether `url` is one that may become a code: encrypted, in visible ASCII, short enough to be read."""
    return (
        isinstance(url, str)
        and url.startswith(_WEB)
        and url.isascii()
        and url.isprintable()
        and " " not in url
        and len(url) <= MOST_CHARACTERS
    )


def is_page_of(url: object, hosts: Collection[str]) -> bool:
    """Whether `url` is a web page of exactly one of `hosts`: no name before it, no port or further domain behind it."""
    return is_web_page(url) and any(str(url).startswith(f"{_WEB}{host}/") for host in hosts)
