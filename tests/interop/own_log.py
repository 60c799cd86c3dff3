"""A small log in plain Python, served as a server of ours serves one."""

import base64
import hashlib
import http.server
import threading
import time

import note
import tree
from log_source import LogSource, origin_for

# Around the edges of bundles and tiles; the last two have tiles of the levels 0, 1 and 2.
SIZES = [1, 2, 255, 256, 257, 1000, 65535, 65536, 65537, 70000, 71234]
BEARER = "an-auditors-key"


class OwnLog(LogSource):
    def __init__(self, seed):
        key = hashlib.sha256(f"log {seed}".encode()).digest()
        self.signer = note.Signer(origin_for(note.public_key(key)), key)
        # Someone's cosignature on each checkpoint, as a server's with witnesses has them.
        self.witness = note.Signer("witness.example/w1",
                                   hashlib.sha256(f"witness {seed}".encode()).digest())
        self.bearer = BEARER
        self.tree = tree.Tree()
        self.entries = []
        self.sizes = []
        self.text = b""
        self.grow()
        handler = type("LogHandler", (Handler,), {"log": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self.server.server_port}/log"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def grow(self):
        if len(self.sizes) == len(SIZES):
            return False
        size = SIZES[len(self.sizes)]
        while self.tree.size < size:
            entry = f"entry {self.tree.size} ".encode() * (self.tree.size % 5)
            self.entries.append(entry)
            self.tree.append(entry)
        body = note.checkpoint_body(self.signer.name, size, self.tree.root(size))
        self.text = (body + b"\n" + self.signer.line(body) +
                     self.witness.cosignature_line(body, int(time.time())))
        self.sizes.append(size)
        return True

    def inclusion_proof(self, index):
        lines = ["c2sp.org/tlog-proof@v1", f"index {index}"]
        lines += [base64.b64encode(node).decode()
                  for node in self.tree.inclusion(index, self.sizes[-1])]
        return "".join(line + "\n" for line in lines).encode() + b"\n" + self.text

    def consistency_proof(self, old_size, new_size):
        return self.tree.consistency(old_size, new_size)

    def tile(self, level, index, width):
        """A tile or bundle that a published checkpoint has; None for any other."""
        if width not in (tree.width_at(level, index, size) for size in self.sizes):
            return None
        if level == "entries":
            return tree.bundle(self.entries[tree.WIDTH * index:][:width])
        return self.tree.tile(level, index, width)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    log = None
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if not self.path.startswith("/log/"):
            self.answer(404)
            return
        path = self.path.removeprefix("/log/")
        if path == "checkpoint":
            self.answer(200, self.log.text, "text/plain; charset=utf-8")
            return
        if self.headers.get("Authorization") != f"Bearer {BEARER}":
            self.answer(401)
            return
        parsed = tree.parse_tile_path(path)
        data = self.log.tile(*parsed) if parsed else None
        if not data:
            self.answer(404)
            return
        self.answer(200, data, "application/octet-stream")

    def answer(self, status, data=b"", kind="text/plain; charset=utf-8"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
