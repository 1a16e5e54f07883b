"""Requests that must be refused, and that a refusal ends the connection and nothing else."""
import socket

from _kv import Server, check, problem, request, run, same

HEAD = b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

TABLE = [
    (400, b"GET / HTTP/1.1\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: a:port\r\n\r\n"),
    (400, b"GET / HTTP/1.1\nHost: a\n\n"),
    (400, b"GET / HTTP/1.1\r\nHost: a\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: a\r\n\x01: b\r\n\r\n"),
    (400, b"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, b"GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, b"GET kv HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, b"get\r\n\r\n"),
    (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    (505, b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    (400, b"GET / HTTP/1.2\r\n\r\n"),
    (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    (417, HEAD + b"Expect: something\r\nContent-Length: 1\r\n\r\nx"),
    (400, HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (400, HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
    (400, HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
    (400, HEAD + b"Content-Length: 5, 5\r\n\r\nhello"),
    (400, HEAD + b"Content-Length: -5\r\n\r\nhello"),
    (400, HEAD + b"Content-Length: +5\r\n\r\nhello"),
    (400, HEAD + b"Content-Length: 0x5\r\n\r\nhello"),
    (400, HEAD + b"Content-Length: \r\n\r\nhello"),
    (501, HEAD + b"Transfer-Encoding: gzip\r\n\r\n"),
    (501, HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    (400, b"PUT /v1/kv/k HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (400, CHUNKED + b"xyz\r\n"),
    (400, CHUNKED + b"-1\r\n"),
    (400, CHUNKED + b" 5\r\nhello\r\n0\r\n\r\n"),
    (400, CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n"),
    (400, CHUNKED + b"5\nhello\r\n0\r\n\r\n"),
    (400, CHUNKED + b"5\r\nhello!\r\n0\r\n\r\n"),
    *[(400, CHUNKED + b"5%s\r\nhello\r\n0\r\n\r\n" % extension)
      for extension in (b";", b"; ", b";;a", b";a=", b";a ", b";a=b ", b";=b", b";a b", b";a=b=c", b';a="b', b';a="b"c', b";a,b", b" ", b" a")],
    (400, CHUNKED + b"fffffffffffffffff\r\n"),
    (400, CHUNKED + b"5\r\nhello\r\n0\r\nbad trailer\r\n\r\n"),
    (414, b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
    (431, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 17000 + b"\r\n\r\n"),
    (431, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100 + b"\r\n"),
    (413, HEAD + b"Content-Length: 16777217\r\n\r\n"),
    (413, HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n"),
    (413, CHUNKED + b"1000001\r\n"),
    (413, CHUNKED + b"ffffffffffffffff\r\n"),
]


def refused(client, status, text):
    answer = client.read()
    same(answer.status, status, repr(text[:60]))
    same(answer["connection"], "close", repr(text[:60]))
    same(answer["content-type"], "application/problem+json")
    check(client.at_end(), f"still open after {text[:60]!r}")


def test_the_table_at_once():
    with Server() as server:
        for status, text in TABLE:
            with server.connect() as client:
                client.send(text)
                refused(client, status, text)
        same(server.ask("GET", "/v1/kv/k").status, 404)


def test_the_table_in_two_pieces():
    with Server() as server:
        for status, text in TABLE:
            cuts = {1, len(text) // 2, len(text) - 1}
            for cut in sorted(c for c in cuts if c < 2000):
                with server.connect() as client:
                    client.send(text[:cut])
                    server.ask("GET", "/healthz")
                    client.send(text[cut:])
                    refused(client, status, text)


def test_nothing_after_a_refused_request_is_carried_out():
    """serve 3: nor answered."""
    with Server() as server:
        for status, text in TABLE:
            with server.connect() as client:
                client.send(text + request("PUT", "/v1/kv/smuggled", b"x"))
                refused(client, status, text)
        same(server.ask("GET", "/v1/kv/smuggled").status, 404)


def test_good_requests_byte_by_byte():
    """connection 1: what has been read and not used stays, whatever the pieces."""
    with Server() as server, server.connect() as client:
        text = (request("PUT", "/v1/kv/k", b"value") + CHUNKED + b"3\r\nabc\r\n0\r\n\r\n" + request("GET", "/v1/kv/k"))
        for i in range(len(text)):
            client.send(text[i:i + 1])
        same([client.read().status, client.read().status, client.read().body], [201, 204, b"abc"])


def test_a_response_survives_the_unread_body():
    with Server() as server:
        for _ in range(5):
            with server.connect() as client:
                client.send(b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\n\r\n")
                try:
                    for _ in range(30):
                        client.send(b"x" * 1000000)
                except (ConnectionResetError, BrokenPipeError):
                    pass
                problem(client.read(), 413, "value_too_large")


def test_a_client_that_vanishes():
    with Server() as server:
        for text in (b"", b"GE", b"GET / HTTP/1.1\r\nHost", HEAD + b"Content-Length: 100\r\n\r\nabc", CHUNKED + b"5\r\nhe",
                     request("PUT", "/v1/kv/gone", b"x" * 100000)[:5000]):
            for linger in (False, True):
                with server.connect() as client:
                    client.send(text)
                    if linger:
                        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        same(server.ask("GET", "/v1/kv").body, b"")


run(globals())
