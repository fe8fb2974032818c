"""The oldest FastAPI that runs a lifespan, installed once beside pytest's cache."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

OLD = ("fastapi==0.93.0", "httpx<0.28", "uvicorn")


@pytest.fixture(scope="session")
def old_packages(request: pytest.FixtureRequest) -> Path:
    """The folder to put on PYTHONPATH; a skip that says so where the packages cannot be had."""
    cache = request.config.cache
    assert cache is not None
    folder = cache.mkdir("frameworks")
    made = folder / f"{OLD[0]}-{sys.version_info.major}.{sys.version_info.minor}"
    if not made.exists():
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", f"{scratch}/new", *OLD]
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                pytest.skip(f"{OLD[0]} cannot be installed here: {done.stderr.strip()[-300:]}")
            if not made.exists():  # another worker may have been faster
                Path(scratch, "new").replace(made)
    return made
