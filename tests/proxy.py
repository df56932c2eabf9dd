"""A TCP proxy between a program and PostgreSQL: slower, cut off, or with TLS in front.

For tests and benchmarks: `tc netem` needs a privilege, a proxy does not. A delay is per direction,
so `delay_s=0.04` makes a round trip of 80 ms. A cut resets both sides after that many bytes in one
direction, in the middle of a message if need be: `shutdown` before `close`, because a close under a
blocked `recv` leaves the link up.
"""

import contextlib
import queue
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Self

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_RESET = struct.pack("ii", 1, 0)
_PIECE = 1 << 16


@dataclass
class Proxy:
    """Listens on a free loopback port and forwards to `target_port`; a context manager.

    `cut_sent` and `cut_received` count bytes from the client and from the server; None never cuts.
    `turns` counts how often the client spoke after the server, which is the round trips. `front`
    ends TLS here, for servers that were built without it. From its turn `hold_sent` on what the client
    says is kept here, after its turn `hold_received` what the server says: `held` is set when there is
    something, and it goes on its way, however late, at `release`.
    """

    target_port: int
    delay_s: float = 0.0
    cut_sent: int | None = None
    cut_received: int | None = None
    front: ssl.SSLContext | None = None
    hold_sent: int | None = None
    hold_received: int | None = None
    held: threading.Event = field(init=False, default_factory=threading.Event, repr=False)
    sent: int = field(init=False, default=0)
    received: int = field(init=False, default=0)
    turns: int = field(init=False, default=0)
    port: int = field(init=False, default=0)
    _listener: socket.socket = field(init=False, repr=False)
    _open: list[socket.socket] = field(init=False, default_factory=list, repr=False)
    _was_sent: bool = field(init=False, default=False, repr=False)
    _is_closed: bool = field(init=False, default=False, repr=False)
    _released: threading.Event = field(init=False, default_factory=threading.Event, repr=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock, repr=False)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Cut every link and stop listening."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._is_closed = True
        self.cut()
        self.release()

    def release(self) -> None:
        """Let go of what is held, and hold nothing any more."""
        self._released.set()

    def cut(self) -> None:
        """Reset every link that is open now; new ones are taken."""
        with self._lock:
            links, self._open = self._open, []
        for link in links:
            with contextlib.suppress(OSError):
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()

    def url(self, url: str) -> str:
        """Return `url` with this proxy in place of the server."""
        return url.replace(f":{self.target_port}/", f":{self.port}/")

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._link, args=(client,), daemon=True).start()

    def _link(self, client: socket.socket) -> None:
        try:
            inner = self._protected(client) if self.front else client
            server = socket.create_connection(("127.0.0.1", self.target_port))
        except OSError:
            client.close()
            return
        for end in (inner, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open += [inner, server]
        if self._is_closed:
            self.cut()
        for source, target, is_sent in ((inner, server, True), (server, inner, False)):
            threading.Thread(target=self._pump, args=(source, target, is_sent), daemon=True).start()

    def _protected(self, client: socket.socket) -> socket.socket:
        """Answer PostgreSQL's request for TLS and end it here."""
        assert self.front is not None
        asked = client.recv(8, socket.MSG_WAITALL)
        if asked != _SSL_REQUEST:
            client.close()
            raise OSError("a client that wants no TLS")
        client.sendall(b"S")
        return self.front.wrap_socket(client, server_side=True)

    def _pump(self, source: socket.socket, target: socket.socket, is_sent: bool) -> None:
        late: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._deliver, args=(late, target), daemon=True).start()
        with contextlib.suppress(OSError, ValueError):
            while piece := source.recv(_PIECE):
                kept, is_cut = self._counted(piece, is_sent)
                self._wait_if_held(is_sent)
                late.put((time.monotonic() + self.delay_s, kept))
                if is_cut:
                    late.put((0.0, b"cut"))
                    return
        late.put((0.0, b""))

    def _counted(self, piece: bytes, is_sent: bool) -> tuple[bytes, bool]:
        """Count `piece`; return what may still pass and whether the link is to be cut."""
        if is_sent and not self._was_sent:
            self.turns += 1
        self._was_sent = is_sent
        limit = self.cut_sent if is_sent else self.cut_received
        before = self.sent if is_sent else self.received
        if is_sent:
            self.sent += len(piece)
        else:
            self.received += len(piece)
        if limit is None or before + len(piece) < limit:
            return piece, False
        return piece[: max(0, limit - before)], True

    def _wait_if_held(self, is_sent: bool) -> None:
        limit = self.hold_sent if is_sent else self.hold_received
        if limit is not None and self.turns >= limit and not self._released.is_set():
            self.held.set()
            self._released.wait()

    def _deliver(
        self, late: "queue.SimpleQueue[tuple[float, bytes]]", target: socket.socket
    ) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                due, piece = late.get()
                if due == 0.0:
                    break
                wait = due - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                target.sendall(piece)
            if piece == b"cut":
                self.cut()
            else:
                target.shutdown(socket.SHUT_WR)
