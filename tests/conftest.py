"""How many tests run side by side."""

import os

import pytest


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two more than there are cores: much of the time a test waits for a process, a socket or a disk."""
    return (os.cpu_count() or 1) + 2
