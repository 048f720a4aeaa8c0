"""An https front for servers that speak http, for clients that insist on https.

It is a forward proxy on loopback that knows a few hosts: it ends TLS itself, by
certificates of an authority made at start, and hands the bytes on unchanged. A
host that it does not know is refused, so nothing can leave the machine.
"""

import pathlib
import select
import socket
import socketserver
import ssl
import threading

import trustme


class Front:
    """Serves from the start; `hosts` maps names to (address, port)."""

    def __init__(self, hosts, directory):
        authority = trustme.CA()
        self.ca_file = str(pathlib.Path(directory, "ca.pem"))
        authority.cert_pem.write_to_path(self.ca_file)

        def context(host):
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(host).configure_cert(made)
            return made

        self._server = _Server(("127.0.0.1", 0), _Connection)
        self._server.hosts = {host: (to, context(host)) for host, to in hosts.items()}
        self.url = "http://127.0.0.1:{}".format(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _Connection(socketserver.BaseRequestHandler):
    def handle(self):
        # The client says nothing more until it is answered, so this reads no
        # further than the head.
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            received = self.request.recv(4096)
            if not received:
                return
            head += received
        verb, target = head.split(None, 2)[:2]
        known = self.server.hosts.get(target.decode().partition(":")[0])
        if verb != b"CONNECT" or known is None:
            self.request.sendall(b"HTTP/1.1 502 Unknown host\r\n\r\n")
            return
        to, context = known
        with socket.create_connection(to) as plain:
            self.request.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            with context.wrap_socket(self.request, server_side=True) as tls:
                relay(tls, plain)


def relay(tls, plain):
    """Hands bytes on in both directions until either side closes."""
    while True:
        # What TLS has decrypted already is not seen by select.
        ready = [tls] if tls.pending() else select.select([tls, plain], [], [])[0]
        for source in ready:
            data = source.recv(1 << 16)
            if not data:
                return
            (plain if source is tls else tls).sendall(data)
