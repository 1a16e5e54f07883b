"""Each request of the service as a client meets it."""
import base64
import json
import os
import time
from email.utils import parsedate_to_datetime

from _kv import Server, check, metric, problem, request, run, same, wait_until


def test_round_trips_of_every_size():
    with Server() as server, server.connect() as client:
        for size in (0, 1, 2, 100, 4031, 4032, 4033, 4096, 65535, 65536, 65537, 1 << 20, (1 << 20) + 1, 16 << 20):
            value = os.urandom(size)
            same(client.ask("PUT", f"/v1/kv/size{size}", value).status, 201)
            got = client.ask("GET", f"/v1/kv/size{size}")
            same(got.status, 200)
            check(got.body == value, f"{size} bytes came back changed")
            same(got["content-length"], str(size))
            same(got["content-type"], "application/octet-stream")
            same(client.ask("DELETE", f"/v1/kv/size{size}").status, 204)
            problem(client.ask("GET", f"/v1/kv/size{size}"), 404, "key_not_found")


def test_keys_are_percent_decoded_bytes():
    with Server() as server, server.connect() as client:
        value = bytes(range(256))
        same(client.ask("PUT", "/v1/kv/a%2Fb", value).status, 201)
        same(client.ask("GET", "/v1/kv/a/b").body, value)
        same(client.ask("PUT", "/v1/kv/a%2fb", b"x").status, 204)
        same(client.ask("GET", "/v1/kv/%61%2F%62?ignored=1").body, b"x")
        same(client.ask("PUT", "/v1/kv/" + "".join(f"%{c:02x}" for c in range(256)), value).status, 201)
        same(client.ask("GET", "/v1/kv/" + "".join(f"%{c:02X}" for c in range(256))).body, value)
        same(client.ask("PUT", "/v1/kv/a+b", b"plus").status, 201)
        problem(client.ask("GET", "/v1/kv/a%20b"), 404, "key_not_found")
        for wrong in ("%", "%1", "%zz", "a%2"):
            problem(client.ask("GET", f"/v1/kv/{wrong}"), 400, "bad_percent_encoding")
        problem(client.ask("GET", "/v1/kv/"), 404, "empty_key")
        same(client.ask("PUT", "/v1/kv/" + "k" * 4096, b"long").status, 201)
        same(client.ask("PUT", "/v1/kv/" + "%6b" * 4096, b"longer").status, 204)
        problem(client.ask("PUT", "/v1/kv/" + "k" * 4097, b""), 414, "key_too_long")
        same(client.ask("GET", "/healthz").status, 200)


def test_versions_and_entity_tags():
    with Server() as server, server.connect() as client:
        first = client.ask("PUT", "/v1/kv/k", b"1")
        second = client.ask("PUT", "/v1/kv/k", b"2")
        same((first.status, second.status), (201, 204))
        check(int(second["etag"].strip('"')) > int(first["etag"].strip('"')), "versions do not grow")
        same(client.ask("GET", "/v1/kv/k")["etag"], second["etag"])
        check(second["content-length"] is None, "204 with a length")


def test_conditions():
    with Server() as server, server.connect() as client:
        same(client.ask("PUT", "/v1/kv/k", b"1", [("If-None-Match", "*")]).status, 201)
        problem(client.ask("PUT", "/v1/kv/k", b"2", [("If-None-Match", "*")]), 412, "precondition_failed")
        tag = client.ask("GET", "/v1/kv/k")["etag"]
        unchanged = client.ask("GET", "/v1/kv/k", headers=[("If-None-Match", tag)])
        same((unchanged.status, unchanged.body, unchanged["etag"]), (304, b"", tag))
        same(client.ask("GET", "/v1/kv/k", headers=[("If-None-Match", f'"x", W/{tag}')]).status, 304)
        same(client.ask("GET", "/v1/kv/k", headers=[("If-None-Match", '"999"')]).status, 200)
        problem(client.ask("PUT", "/v1/kv/k", b"3", [("If-Match", '"999"')]), 412, "precondition_failed")
        problem(client.ask("PUT", "/v1/kv/k", b"3", [("If-Match", f"W/{tag}")]), 412, "precondition_failed")
        same(client.ask("PUT", "/v1/kv/k", b"4", [("If-Match", tag)]).status, 204)
        problem(client.ask("DELETE", "/v1/kv/k", headers=[("If-Match", tag)]), 412, "precondition_failed")
        problem(client.ask("PUT", "/v1/kv/none", b"5", [("If-Match", "*")]), 412, "precondition_failed")
        problem(client.ask("GET", "/v1/kv/k", headers=[("If-None-Match", "4")]), 400, "bad_entity_tag")
        same(client.ask("DELETE", "/v1/kv/k", headers=[("If-Match", "*")]).status, 204)


def test_conditions_over_several_lines():
    with Server() as server, server.connect() as client:
        tag = client.ask("PUT", "/v1/kv/k", b"1")["etag"]
        two = [("If-None-Match", '"999"'), ("If-None-Match", tag)]
        problem(client.ask("PUT", "/v1/kv/k", b"2", two), 412, "precondition_failed")
        same(client.ask("GET", "/v1/kv/k", headers=two).status, 304)
        tag = client.ask("PUT", "/v1/kv/k", b"2", [("If-Match", '"999"'), ("If-Match", tag)])["etag"]
        for wrong in ([("If-None-Match", '"999"'), ("If-None-Match", "*")], [("If-Match", "*"), ("If-Match", tag)],
                      [("If-Match", f'"1", "2", "3"'), ("If-Match", f'"4", {tag}')], [("If-Match", f'"1" {tag}')]):
            problem(client.ask("PUT", "/v1/kv/k", b"3", wrong), 400, "bad_entity_tag")
        # Tags are texts, not numbers.
        problem(client.ask("PUT", "/v1/kv/k", b"3", [("If-Match", tag.replace('"', '"0', 1))]), 412, "precondition_failed")
        same(client.ask("GET", "/v1/kv/k").body, b"2")


def test_conditions_do_not_hide_that_there_is_nothing():
    with Server() as server, server.connect() as client:
        for method in ("GET", "DELETE"):
            for condition in ("*", '"1"'):
                problem(client.ask(method, "/v1/kv/none", headers=[("If-Match", condition)]), 404, "key_not_found")


def test_head_is_get_without_the_body():
    with Server() as server, server.connect() as client:
        client.ask("PUT", "/v1/kv/k", b"x" * 5000)
        for path in ("/v1/kv/k", "/v1/kv/none", "/healthz", "/v1/kv"):
            head, get = client.ask("HEAD", path), client.ask("GET", path)
            head.headers["date"] = get["date"]
            same((head.status, head.headers), (get.status, get.headers), path)
        head = client.ask("HEAD", "/metrics")
        same((head.status, head.body), (200, b""))


def test_responses_have_a_date():
    with Server() as server, server.connect() as client:
        for _ in range(3):
            for path, status in (("/healthz", 200), ("/v1/kv/none", 404), ("/v1/kv?limit=0", 400)):
                got = client.ask("GET", path)
                same(got.status, status)
                now = time.time()
                told = parsedate_to_datetime(got["date"])
                same(got["date"], told.strftime("%a, %d %b %Y %H:%M:%S GMT"))
                check(-2 < now - told.timestamp() < 2, f"{got['date']} at {now}")
            time.sleep(0.7)


def test_a_part_is_not_taken_for_the_whole():
    with Server() as server, server.connect() as client:
        client.ask("PUT", "/v1/kv/k", b"whole")
        part = client.ask("PUT", "/v1/kv/k", b"ho", [("Content-Range", "bytes 1-2/5")])
        problem(part, 400, "partial_put_not_supported")
        same(client.ask("GET", "/v1/kv/k").body, b"whole")


def test_delete():
    with Server() as server, server.connect() as client:
        problem(client.ask("DELETE", "/v1/kv/k"), 404, "key_not_found")
        client.ask("PUT", "/v1/kv/k", b"x")
        gone = client.ask("DELETE", "/v1/kv/k")
        same((gone.status, gone.body), (204, b""))
        problem(client.ask("DELETE", "/v1/kv/k"), 404, "key_not_found")


def test_what_does_not_exist():
    with Server() as server, server.connect() as client:
        for path in ("/", "/v1", "/v1/", "/v1/kvx", "/v2/kv/k", "/healthz/", "/metricsx"):
            problem(client.ask("GET", path), 404, "not_found")
        for method in ("POST", "PATCH", "OPTIONS", "TRACE"):
            answer = client.ask(method, "/v1/kv/k", b"x")
            problem(answer, 405, "method_not_allowed")
            same(answer["allow"], "GET, HEAD, PUT, DELETE")
        for path in ("/v1/kv", "/healthz", "/metrics"):
            for method in ("PUT", "DELETE", "POST"):
                answer = client.ask(method, path, b"x")
                problem(answer, 405, "method_not_allowed")
                same(answer["allow"], "GET, HEAD")


def test_the_server_as_a_whole_is_asked_by_options():
    with Server() as server, server.connect() as client:
        for _ in range(2):
            client.send(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
            answer = client.read()
            same((answer.status, answer["allow"], answer.body), (204, "GET, HEAD, PUT, DELETE", b""))
        client.send(b"GET * HTTP/1.1\r\nHost: a\r\n\r\n")
        problem(client.read(), 400, "bad_request")


def test_methods_that_nothing_here_has():
    with Server() as server, server.connect() as client:
        # Methods are told apart by case (RFC 9110 §9.1).
        for method in ("BREW", "get", "PROPFIND", "PUTS", "GE", "X" * 100):
            for path in ("/v1/kv/k", "/v1/kv", "/healthz", "/nowhere"):
                answer = client.ask(method, path, b"x")
                problem(answer, 501, "method_not_implemented")
                same(answer["allow"], None)
        client.send(b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")
        problem(client.read(), 501, "method_not_implemented")
        same(client.ask("GET", "/healthz").body, b"ok\n")


def lines(response):
    same(response.status, 200)
    same(response["content-type"], "application/x-ndjson")
    return [json.loads(line) for line in response.body.decode().splitlines()]


def test_listing():
    with Server() as server, server.connect() as client:
        same(lines(client.ask("GET", "/v1/kv")), [])
        keys = [f"user/{i:03}" for i in range(250)] + ["users", "v"]
        versions = {}
        for key in reversed(keys):
            tag = client.ask("PUT", f"/v1/kv/{key}", b"x" * (len(versions) % 7))["etag"]
            versions[key] = (int(tag.strip('"')), len(versions) % 7)
        page = lines(client.ask("GET", "/v1/kv?prefix=user/"))
        same(len(page), 101)
        for entry, key in zip(page[:100], keys):
            same(entry, {"key": key, "size": versions[key][1], "version": versions[key][0]})
        same(page[100], {"next": "user%2F100"})
        found, start = [], ""
        while start is not None:
            page = lines(client.ask("GET", f"/v1/kv?prefix=user%2F&limit=7&start={start}"))
            start = page.pop()["next"] if "next" in page[-1] else None
            check(len(page) <= 7, "more lines than the limit")
            found += [entry["key"] for entry in page]
        same(found, keys[:250])
        same([e["key"] for e in lines(client.ask("GET", "/v1/kv?prefix=users"))], ["users"])
        same(lines(client.ask("GET", "/v1/kv?prefix=w")), [])
        same(len(lines(client.ask("GET", "/v1/kv?limit=5000"))), 252)
        for wrong in ("0", "", "x", "-1"):
            problem(client.ask("GET", f"/v1/kv?limit={wrong}"), 400, "bad_limit")
        for name in ("prefix", "start"):
            problem(client.ask("GET", f"/v1/kv?{name}=%zz"), 400, "bad_percent_encoding")
            problem(client.ask("GET", f"/v1/kv?{name}={'%61' * 4097}"), 414, "key_too_long")
            same(client.ask("GET", f"/v1/kv?{name}={'z' * 4096}").body, b"", name)


def test_listing_of_strange_and_long_keys():
    with Server() as server, server.connect() as client:
        strange = [b"\x00\x01\n\"\\", b"\xff\xfe", b"caf\xc3\xa9", b"\xc3", b"tab\t"]
        long = [bytes([c]) * 4096 for c in (1, 200, 250)] + [b"x" * 4095 + bytes([c]) for c in range(20)]
        for key in strange + long:
            same(client.ask("PUT", "/v1/kv/" + "".join(f"%{c:02x}" for c in key), b"").status, 201)
        found, start = [], ""
        while start is not None:
            page = lines(client.ask("GET", f"/v1/kv?limit=1000&start={start}"))
            start = page.pop()["next"] if "next" in page[-1] else None
            for entry in page:
                if "key64" in entry:
                    key = base64.b64decode(entry["key64"])
                    same(entry["key"].count("\ufffd") > 0, True)
                else:
                    key = entry["key"].encode()
                found.append(key)
        same(found, sorted(strange + long))


def test_pipelining_keeps_the_order():
    with Server() as server, server.connect() as client:
        batch, expected = b"", []
        for i in range(300):
            batch += request("PUT", f"/v1/kv/k{i % 10}", b"v%d" % i)
            expected.append(201 if i < 10 else 204)
            batch += request("GET", f"/v1/kv/k{i % 10}")
            expected.append(b"v%d" % i)
            if i % 50 == 49:
                batch += request("DELETE", f"/v1/kv/k{i % 10}") + request("GET", f"/v1/kv/k{i % 10}")
                expected += [204, 404]
                batch += request("PUT", f"/v1/kv/k{i % 10}", b"again")
                expected.append(201)
        client.send(batch)
        for want in expected:
            got = client.read()
            same(got.body if isinstance(want, bytes) else got.status, want)


def test_large_values_pipelined():
    """connection 2, 3: what is owed goes out in order, in many pieces, each when the kernel takes more."""
    with Server() as server, server.connect() as client:
        value = os.urandom(3 << 20)
        client.ask("PUT", "/v1/kv/k", value)
        client.send(request("GET", "/v1/kv/k") * 5 + request("GET", "/healthz"))
        for _ in range(5):
            check(client.read().body == value, "value came back changed")
        same(client.read().body, b"ok\n")


def test_chunked_bodies():
    with Server() as server, server.connect() as client:
        head = b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        client.send(head + b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Trailer: y\r\n\r\n")
        same(client.read().status, 201)
        same(client.ask("GET", "/v1/kv/k").body, b"hello world")
        value = os.urandom(1 << 20)
        parts, at, size = [], 0, 1
        while at < len(value):
            piece = value[at:at + size]
            parts.append(b"%x\r\n%s\r\n" % (len(piece), piece))
            at += size
            size = size * 3 % 50021 + 1
        client.send(head + b"".join(parts) + b"0\r\n\r\n")
        same(client.read().status, 204)
        check(client.ask("GET", "/v1/kv/k").body == value, "chunks were joined wrongly")
        client.send(head + b"0\r\n\r\n")
        same(client.read().status, 204)
        same(client.ask("GET", "/v1/kv/k").body, b"")


def test_expect_continue():
    with Server() as server, server.connect() as client:
        client.send(b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        same(client.read().status, 100)
        client.send(b"hello")
        same(client.read().status, 201)
        same(client.ask("GET", "/v1/kv/k").body, b"hello")
        client.send(b"PUT /v1/kv/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        refused = client.read()
        problem(refused, 404, "empty_key")
        same(refused["connection"], "close")
        check(client.at_end(), "still open")


def test_bodies_that_nobody_asked_for():
    with Server() as server, server.connect() as client:
        same(client.ask("GET", "/healthz", b"x" * 60000).status, 200)
        same(client.ask("DELETE", "/v1/kv/none", b"GET / HTTP/1.1\r\n\r\n").status, 404)
        same(client.ask("GET", "/healthz").body, b"ok\n")


def test_http_1_0_and_close():
    with Server() as server:
        with server.connect() as client:
            client.send(b"GET /healthz HTTP/1.0\r\n\r\n")
            answer = client.read()
            same((answer.status, answer["connection"]), (200, "close"))
            check(client.at_end(), "still open")
        with server.connect() as client:
            for _ in range(3):
                client.send(b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                answer = client.read()
                same((answer.status, answer["connection"]), (200, "keep-alive"))
        with server.connect() as client:
            same(client.ask("GET", "/healthz", headers=[("Connection", "close")])["connection"], "close")
            check(client.at_end(), "still open")


def test_later_minor_versions():
    with Server() as server, server.connect() as client:
        for minor in range(1, 10):
            client.send(b"PUT /v1/kv/k HTTP/1.%d\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n%d\r\n0\r\n\r\n" % (minor, minor))
            answer = client.read()
            same((answer.status, answer["connection"]), (201 if minor == 1 else 204, None))
        same(client.ask("GET", "/v1/kv/k").body, b"9")


def test_empty_lines_between_requests():
    with Server("--request-timeout", "1", "--idle-timeout", "4") as server, server.connect() as client, server.connect() as other:
        start = time.monotonic()
        same(client.ask("GET", "/healthz").body, b"ok\n")
        other.send(b"\r\n")
        for piece in (b"\r\n", b"\r", b"\n\r\n\r", b"\n" + b"\r\n" * 40000):
            client.send(piece)
            time.sleep(0.4)
        client.send(b"\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n\r\n")
        same(client.read().body, b"ok\n")
        middle = time.monotonic()
        # They neither begin a request, whose time would end soon, nor make the connection any younger.
        try:
            while time.monotonic() - middle < 15:
                client.send(b"\r\n")
                time.sleep(0.3)
        except OSError:
            pass
        check(client.at_end(), "more than was asked for")
        check(3.5 < time.monotonic() - middle < 12, f"closed after {time.monotonic() - middle:.1f} s")
        check(other.at_end() and time.monotonic() - start > 4, "not a plain close")
        same(metric(server, "janus_kv_connections_timed_out_total"), 2)


def test_a_line_end_alone_is_no_empty_line():
    with Server() as server:
        for text in (b"\n", b"\r\r\n", b"\r\n\n", b"\r\n \r\n"):
            with server.connect() as client:
                client.send(text)
                problem(client.read(), 400, "bad_request")


def test_metrics_count():
    with Server() as server, server.connect() as client:
        client.ask("PUT", "/v1/kv/k", b"x" * 1000)
        client.ask("GET", "/v1/kv/k")
        client.ask("GET", "/v1/kv/none")
        wait_until(lambda: metric(server, 'janus_kv_requests_total{method="GET",class="4xx"}') == 1, "one GET 4xx")
        same(metric(server, 'janus_kv_requests_total{method="PUT",class="2xx"}'), 1)
        same(metric(server, "janus_kv_entries"), 1)
        check(metric(server, "janus_kv_memory_used_bytes") >= 1000)
        check(metric(server, "janus_kv_memory_total_bytes") > 100 << 20)
        check(metric(server, "janus_kv_connections") >= 1)
        check(metric(server, "janus_kv_sent_bytes_total") > 1000)
        client.ask("DELETE", "/v1/kv/k")
        same(metric(server, "janus_kv_entries"), 0)
        same(metric(server, "janus_kv_memory_used_bytes"), 0)


def test_a_replaced_value_is_never_mixed():
    with Server() as server, server.connect() as writer, server.connect() as reader:
        values = [bytes([65 + i]) * (200000 + i) for i in range(8)]
        writer.ask("PUT", "/v1/kv/k", values[0])
        for i in range(60):
            writer.send(request("PUT", "/v1/kv/k", values[i % 8]))
            got = reader.ask("GET", "/v1/kv/k")
            check(got.body in values, "a value that was never written")
            writer.read()


run(globals())
