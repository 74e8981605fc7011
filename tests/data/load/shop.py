#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A small web shop on 127.0.0.1:8123 for recordings of load tests: /cart is slower than /, /gone fails."""
import http.server
import time


class Shop(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):  # pylint: disable=invalid-name
        time.sleep(0.004 if self.path == "/cart" else 0.001)
        body = b"gone\n" if self.path == "/gone" else b"welcome\n"
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 8123), Shop).serve_forever()
