#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes one trace as OTLP, Jaeger and Zipkin write it, into the folders of these formats."""
import json
import os

FOLDER = os.path.dirname(os.path.abspath(__file__))
TRACE = "0af7651916cd43dd8448eb211c80319c"
# Service, operation, kind, parent, start and end in us, failed.
SPANS = [("web", "GET /cart", "SERVER", None, 0, 12000, False), ("web", "fetch cart", "CLIENT", 0, 500, 9000, False),
         ("cart", "GET /items", "SERVER", 1, 900, 8600, False), ("cart", "SELECT", "CLIENT", 2, 1500, 4000, False),
         ("cart", "SELECT", "CLIENT", 2, 4200, 8000, True), ("web", "publish", "PRODUCER", 0, 9500, 9900, False),
         ("mail", "consume", "CONSUMER", 5, 30000, 41000, False)]
START = 1700000000000000
NUMBERS = {"SERVER": 2, "CLIENT": 3, "PRODUCER": 4, "CONSUMER": 5}


def ident(n):
    return "%016x" % (0xb7ad6b7169203331 + n)


def otlp():
    resources = {}
    for n, (service, name, kind, parent, start, end, failed) in enumerate(SPANS):
        span = {"traceId": TRACE, "spanId": ident(n), "parentSpanId": "" if parent is None else ident(parent), "name": name,
                "kind": NUMBERS[kind], "startTimeUnixNano": str((START + start) * 1000), "endTimeUnixNano": str((START + end) * 1000),
                "attributes": [{"key": "db.system", "value": {"stringValue": "postgresql"}}] if name == "SELECT" else [],
                "status": {"code": 2, "message": "timeout"} if failed else {}}
        resources.setdefault(service, []).append(span)
    return {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
                               "scopeSpans": [{"scope": {"name": "shop"}, "spans": spans}]} for service, spans in resources.items()]}


def jaeger():
    spans = []
    for n, (service, name, kind, parent, start, end, failed) in enumerate(SPANS):
        follows = kind == "CONSUMER"
        spans.append({"traceID": TRACE, "spanID": ident(n), "operationName": name, "startTime": START + start, "duration": end - start,
                      "references": [] if parent is None else [{"refType": "FOLLOWS_FROM" if follows else "CHILD_OF",
                                                                "traceID": TRACE, "spanID": ident(parent)}],
                      "tags": [{"key": "span.kind", "type": "string", "value": kind.lower()},
                               {"key": "error", "type": "bool", "value": failed}], "logs": [], "processID": "p-" + service})
    return {"data": [{"traceID": TRACE, "spans": spans, "processes": {"p-" + s[0]: {"serviceName": s[0], "tags": []} for s in SPANS}}]}


def zipkin():
    spans = []
    for n, (service, name, kind, parent, start, end, failed) in enumerate(SPANS):
        # The server's half of a call has the client's id.
        shared = kind == "SERVER" and parent is not None
        span = {"traceId": TRACE, "id": ident(parent if shared else n), "name": name, "kind": kind, "timestamp": START + start,
                "duration": end - start, "localEndpoint": {"serviceName": service}, "tags": {"error": "timeout"} if failed else {}}
        if shared:
            span["shared"] = True
            parent = SPANS[parent][3]
        if parent is not None:
            span["parentId"] = ident(1 if parent == 2 else parent)
        spans.append(span)
    return spans


for name, content in (("otlp-json", otlp()), ("jaeger-json", jaeger()), ("zipkin-v2", zipkin())):
    folder = os.path.join(FOLDER, "..", name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "cart.json"), "w", encoding="utf-8") as out:
        json.dump(content, out, separators=(",", ":"))
        out.write("\n")
