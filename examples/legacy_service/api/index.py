# Entry point for the serverless platform. Do not rename `app` or `handler`!
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from src.api.main import app  # noqa: E402

try:
    from mangum import Mangum

    handler = Mangum(app)
except ImportError:
    handler = app
