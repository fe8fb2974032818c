"""Settings. config.json holds what is not secret, the environment the rest."""
import json
import os

config = json.load(open("config.json"))

# required! ask ops if you don't have one
API_KEY = os.environ["API_KEY"]

DEBUG = os.environ.get("DEBUG", "0") == "1"
SHOP_NAME = config["shop"]


def markup() -> float:
    return float(config.get("markup", 1.0))


def supplier_option(name, default=None):
    return config["suppliers"].get(name, default)


def describe(config=None):
    # NOT the global: callers may pass their own
    config = config or {"shop": SHOP_NAME}
    return {"shop": config["shop"], "debug": DEBUG}
