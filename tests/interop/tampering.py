"""Stands between a tool and a log, notes what is asked for, and can change one answer."""

import http.server
import threading
import urllib.error
import urllib.request


class Tampering:
    """base_url serves what the log serves, except that `change` is applied to `path`."""

    def __init__(self, source_url):
        self.source_url = source_url
        self.asked = []
        self.path = None
        self.change = None
        handler = type("TamperingHandler", (Handler,), {"between": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def set(self, path, change):
        self.path, self.change = path, change

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def fetch(url, bearer=None):
    """(status, content type, bytes)."""
    request = urllib.request.Request(url)
    if bearer:
        request.add_header("Authorization", bearer)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


class Handler(http.server.BaseHTTPRequestHandler):
    between = None
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.removeprefix("/")
        self.between.asked.append(path)
        status, kind, data = fetch(f"{self.between.source_url}/{path}",
                                   self.headers.get("Authorization"))
        if path == self.between.path:
            data = self.between.change(data)
        self.send_response(status)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
