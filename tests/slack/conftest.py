from collections.abc import Iterator

import pytest

from tests.slack.fake.server import SlackServer, serving


@pytest.fixture(scope="session")
def slack_server() -> Iterator[SlackServer]:
    """A Slack for all tests."""
    with serving() as server:
        yield server


@pytest.fixture
def slack(slack_server: SlackServer) -> SlackServer:
    """A workspace of one's own."""
    slack_server.renew()
    return slack_server
