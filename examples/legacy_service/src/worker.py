"""Nightly job, started by cron: python -m src.worker

Not part of the web application.
"""
import logging
import os

from src.services.orders import all_orders

os.makedirs("reports", exist_ok=True)

logging.basicConfig(
    level=logging.INFO,
    handlers=[logging.FileHandler("app.log"), logging.StreamHandler()],
)
logger = logging.getLogger("worker")

job_log = open(os.path.join("reports", "worker.log"), "a")


def note(message, out=job_log):
    print(message, file=out, flush=True)


def main():
    orders = all_orders()
    logger.info("%d orders", len(orders))
    for order in orders:
        note("%(id)s %(sku)s x %(amount)s" % order)


if __name__ == "__main__":
    main()
