"""The fake's HTTP server: tokens at /api/v2/token, and the operations of the contract."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.tiktok.fake import lists
from tests.tiktok.fake.checks import Refused, check_body, check_query, check_signed
from tests.tiktok.fake.operations import SCOPES, Known, matching
from tests.tiktok.fake.world import FakeShop, Row, Seller, World

KEYS = {
    "orders": ("orders", "orders"),
    "returns": ("returns", "return_orders"),
    "cancellations": ("cancellations", "cancellations"),
}


class Answers:
    """Answers requests from a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def token(self, what: str, query: Row) -> Row:
        world = self.world
        if query.get("app_key") != world.app_key or query.get("app_secret") != world.secret:
            raise Refused(36004004, "app_secret is invalid")
        if what == "get":
            if query.get("grant_type") != "authorized_code":
                raise Refused(36004001, "grant_type is invalid")
            name = world.codes.pop(query.get("auth_code", ""), "")
            if not name:
                raise Refused(36004003, "auth_code is used, invalid or expired")
            return world.pair(name)
        name = world.refresh.get(query.get("refresh_token", ""), "")
        if query.get("grant_type") != "refresh_token" or not name:
            raise Refused(36004005, "refresh_token is invalid")
        world.refreshes += 1
        return world.pair(name)

    def api(self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes) -> Row:
        world = self.world
        found = matching(method, path)
        if found is None or path in world.missing:
            raise Refused(36009009, "no such path", 404)
        known, named = found
        check_signed(world.secret, world.app_key, path, query, body, world.now())
        if headers.get("content-type") != "application/json":
            raise Refused(36009004, "Content-Type is required")
        seller = self._seller(headers.get("x-tts-access-token", ""))
        shop = next((shop for shop in seller.shops if shop.cipher == query.get("shop_cipher")), None)
        check_query(known, query, shop.cipher if shop else "")
        if world.too_fast(query.get("shop_cipher", seller.name)):
            more = {"Retry-After": world.retry_after} if world.retry_after else {}
            raise Refused(36009002, "too many requests", 429, **more)
        scope = SCOPES.get(known.family, "")
        if scope and scope not in seller.scopes:
            raise Refused(105005, f"Access denied: the scope {scope} is not granted")
        given = check_body(known, body)
        world.answered += 1
        return self._data(known, named, seller, shop, query, given)

    def _seller(self, token: str) -> Seller:
        name, ends = self.world.access.get(token, ("", 0.0))
        if not name:
            raise Refused(105001, "access token is invalid")
        if ends <= self.world.now():
            raise Refused(105002, "access token is expired")
        return self.world.sellers[name]

    def _data(self, known: Known, named: Row, seller: Seller, shop: FakeShop | None, query: Row, body: Row) -> Row:
        if known.path == "/authorization/202309/shops":
            return {"shops": [_shop(item) for item in seller.shops]} if seller.shops else {}
        if known.path == "/seller/202508/status":
            states = [{"shop_id": item.id, "shop_status": str(item.status)} for item in seller.shops]
            return {"seller_status_data": {"seller_status": "2", "shop_statuses": states}}
        assert shop, "every other operation has a cipher"
        if known.path.endswith("/orders") and known.family == "order":
            ids = query["ids"].split(",")
            if len(ids) > 50:
                raise Refused(36009004, "ids: at most 50")
            return {"orders": [shop.orders[item] for item in ids if item in shop.orders]}
        return self._list(known, named, shop, query, body)

    def _list(self, known: Known, named: Row, shop: FakeShop, query: Row, body: Row) -> Row:
        kind = known.path.split("/")[3]
        if kind in KEYS:
            attribute, key = KEYS[kind]
            found = list(getattr(shop, attribute).values())
            return self._page(known.path, kind, key, found, query, body)
        if kind == "product_reviews":
            rows, token = lists.searched(self.world, known.path, kind, lists.reviews(shop, body), query, {})
            return self._paged("product_reviews", [{"review": row} for row in rows], token)
        if kind == "sessions":
            return self._page(known.path, kind, "sessions", lists.sessions(self.world, shop, body), query, body)
        if "code" in named:
            code = named["code"]
            key = f"{code.lower()}_problem_order_items"
            return self._page(known.path, kind, key, shop.problems.get(code, []), query, {})
        if known.path.endswith("/messages"):
            found = shop.messages.get(named["conversation_id"], [])
            return self._page(known.path, kind, "messages", found, query, {})
        return {"conversation": shop.conversations.get(named.get("conversation_id", ""), {})}

    def _page(self, path: str, kind: str, key: str, found: list[Row], query: Row, body: Row) -> Row:
        rows, token = lists.searched(self.world, path, kind, found, query, body)
        return self._paged(key, rows, token, len(found))

    def _paged(self, key: str, rows: list[Row], token: str, total: int = 0) -> Row:
        data: Row = {"total_count": total}
        if rows:
            data[key] = lists.as_texts(rows) if self.world.texts else rows
        if token or self.world.empty_token:
            data["next_page_token"] = token
        return {"data": data} if self.world.nested else data


def _shop(shop: FakeShop) -> Row:
    return {
        "id": shop.id,
        "name": shop.name,
        "region": shop.region,
        "cipher": shop.cipher,
        "seller_type": "CROSS_BORDER",
        "code": f"CN{shop.id[-4:]}",
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    world: World

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        world = self.world
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        split = urlsplit(self.path)
        pairs = parse_qsl(split.query, keep_blank_values=True)
        query = dict(pairs)
        time.sleep(world.latency)
        with world.lock:
            world.calls[split.path] += 1
            fault = world.fault(split.path)
        if fault and self._fail(fault.kind, fault.seconds):
            return
        try:
            if len(query) != len(pairs):
                raise Refused(36009004, "a parameter is given twice")
            with world.lock:
                if split.path.startswith("/api/v2/token/"):
                    data = Answers(world).token(split.path.rpartition("/")[2], query)
                else:
                    data = Answers(world).api(self.command, split.path, query, self.headers, body)
            self._send(200, {"code": 0, "message": "Success", "request_id": "1", "data": data})
        except Refused as refused:
            answer = {"code": refused.code, "message": refused.message, "request_id": "1"}
            self._send(refused.status, answer, **refused.headers)

    def _fail(self, kind: str, seconds: str) -> bool:
        """Answer with a fault; False for one that only delays."""
        if kind == "html":
            self._raw(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
        elif kind == "429":
            more = {"Retry-After": seconds} if seconds else {}
            self._send(429, {"code": 36009002, "message": "too many requests"}, **more)
        elif kind.isdigit():
            self._send(200, {"code": int(kind), "message": "fault"})
        elif kind == "cut":
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        else:
            time.sleep(float(seconds))
            return False
        return True

    def _send(self, status: int, answer: Row, **headers: str) -> None:
        self._raw(status, json.dumps(answer).encode(), "application/json", **headers)

    def _raw(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        # Whoever asked may have been killed meanwhile.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(int(self.world.now() if timestamp is None else timestamp))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: tests look at the world."""


@contextmanager
def serving(world: World, port: int = 0) -> Iterator[str]:
    """The address of a server that answers from the world until the end of the block."""
    handler = type("WorldHandler", (Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
