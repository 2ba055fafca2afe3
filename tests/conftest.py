"""What the Python tests of the end-to-end surface and of the scripts have in common."""


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes a minute or more; left out by scripts/test --fast")
