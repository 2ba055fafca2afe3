"""Fixtures: a Nova of its own for a test module, on an empty folder and a free port, and people who use it."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from nova_server import NovaServer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A running server; what one test leaves behind, the next of the module finds."""
    nova = NovaServer(tmp_path_factory.mktemp("nova"))
    nova.start()
    yield nova
    nova.stop()


@pytest.fixture(scope="module")
def broker(server):
    """A registered person, alone in a tenant of their own."""
    return server.register()


@pytest.fixture(scope="module")
def stranger(server):
    """Someone of another tenant."""
    return server.register()
