"""Audit log: who did what. In SQLite, because the auditors want to query it."""
import json
import os
import sqlite3
import threading
from typing import Any, Dict, List, Optional

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    details TEXT NOT NULL
)
"""


def _default_path() -> str:
    # the platform only lets us write below the temporary folder, AUDIT_DIR is set there
    return os.path.join(os.environ.get("AUDIT_DIR", "."), "audit.db")


class AuditLogger:
    def __init__(self, path: Optional[str] = None):
        self.path = path or _default_path()
        self._lock = threading.Lock()
        self._db = sqlite3.connect(self.path, check_same_thread=False)
        self._db.execute(SCHEMA)
        self._db.commit()

    def log(self, kind: str, actor: str, **details: Any) -> int:
        with self._lock:
            cursor = self._db.execute(
                "INSERT INTO events (kind, actor, details) VALUES (?, ?, ?)",
                (kind, actor, json.dumps(details, sort_keys=True)),
            )
            self._db.commit()
            return cursor.lastrowid or 0

    def events(self, kind: Optional[str] = None, limit: int = 50) -> List[Dict[str, Any]]:
        query = "SELECT id, kind, actor, details FROM events"
        args: list = []
        if kind is not None:
            query += " WHERE kind = ?"
            args.append(kind)
        query += " ORDER BY id LIMIT ?"
        args.append(limit)
        with self._lock:
            rows = self._db.execute(query, args).fetchall()
        return [
            {"id": row[0], "kind": row[1], "actor": row[2], "details": json.loads(row[3])} for row in rows
        ]

    def close(self) -> None:
        self._db.close()


# Global audit logger instance
audit_logger = AuditLogger()


def log_event(kind: str, actor: str, **details: Any) -> int:
    """Shortcut, so that not everybody has to know the object."""
    return audit_logger.log(kind, actor, **details)
