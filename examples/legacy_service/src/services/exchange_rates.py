"""Exchange rates from the office server, or last year's if it is down (again)."""
import logging

import requests

log = logging.getLogger("rates")

RATES_URL = "http://127.0.0.1:8799/rates.json"

try:
    RATES = requests.get(RATES_URL, timeout=0.5).json()
except Exception:
    log.warning("no exchange rates from %s, using the old ones", RATES_URL)
    RATES = {"EUR": 1.0, "USD": 1.09, "SEK": 11.3}


def convert(amount: float, currency: str) -> float:
    if currency not in RATES:
        raise KeyError(currency)
    return round(amount * RATES[currency], 2)


def currencies():
    return sorted(RATES)
