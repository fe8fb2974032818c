"""A stand-in for the motor client that we used before the licence thing.

Same surface as far as we need it (client[name][collection], insert_one, find, close), documents live in
memory. Like the real one it starts its monitor when it is constructed.
"""
import socket
import threading


class Collection:
    def __init__(self, name):
        self.name = name
        self._documents = []

    async def insert_one(self, document):
        stored = dict(document, _id=len(self._documents) + 1)
        self._documents.append(stored)
        return stored["_id"]

    async def find(self, **wanted):
        return [
            document
            for document in self._documents
            if all(document.get(key) == value for key, value in wanted.items())
        ]


class Database:
    def __init__(self, client, name):
        self.client = client
        self.name = name
        self._collections = {}

    def __getitem__(self, name):
        return self._collections.setdefault(name, Collection(name))

    async def command(self, what):
        return {"ok": 1.0, "command": what, "db": self.name}


class AsyncMongoClient:
    """Opens its socket and starts the monitor thread right away."""

    def __init__(self, url):
        if not url.startswith("mongodb://"):
            raise ValueError("not a mongodb url: %r" % url)
        self.url = url
        self._databases = {}
        self._stop = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._monitor = threading.Thread(target=self._watch, name="mongo-monitor", daemon=True)
        self._monitor.start()

    def __getitem__(self, name):
        return self._databases.setdefault(name, Database(self, name))

    def _watch(self):
        while not self._stop.wait(0.2):
            pass

    def close(self):
        self._stop.set()
        self._monitor.join(2)
        self._socket.close()
