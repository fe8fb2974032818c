import sqlite3
import threading

conn = sqlite3.connect("db.sqlite", check_same_thread=False)
conn.row_factory = sqlite3.Row
conn.execute("CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, sku TEXT, amount INTEGER)")

_lock = threading.Lock()


def place(sku, amount):
    with _lock:
        cursor = conn.execute("INSERT INTO orders (sku, amount) VALUES (?, ?)", (sku, amount))
        conn.commit()
    return cursor.lastrowid


def all_orders(conn=None):
    # the report script passes its own connection
    db = conn or _connection()
    return [dict(row) for row in db.execute("SELECT id, sku, amount FROM orders ORDER BY id")]


def _connection():
    return conn
