#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what tools that aren't at hand would write, by their documentation: points of k6, sample logs of JMeter."""
import csv
import json
import os
import random
import xml.sax.saxutils as xml

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
START = 1795600000  # seconds since the epoch


def requests(count):
    """(seconds since the start, users, path, milliseconds, status)."""
    chance = random.Random(4)
    at = 0.0
    for i in range(count):
        at += chance.expovariate(40)
        path = chance.choice(["/", "/", "/", "/cart", "/gone"])
        yield at, 1 + i * 10 // count, path, round(chance.lognormvariate(3, 0.5), 3), 404 if path == "/gone" else 200


def k6(path):
    with open(path, "w", encoding="utf-8") as file:
        def line(kind, metric, data):
            file.write(json.dumps({"type": kind, "data": data, "metric": metric}, separators=(",", ":")) + "\n")

        for metric, kind, contains in (("http_reqs", "counter", "default"), ("http_req_duration", "trend", "time"),
                                       ("http_req_failed", "rate", "default"), ("data_received", "counter", "data"),
                                       ("vus", "gauge", "default")):
            line("Metric", metric, {"name": metric, "type": kind, "contains": contains, "thresholds": [], "submetrics": None})
        for at, users, name, ms, status in requests(60):
            seconds = START + at
            time = f"2026-11-{24 + int(seconds - 1795478400) // 86400:02}T{int(seconds) // 3600 % 24:02}:{int(seconds) // 60 % 60:02}:{seconds % 60:012.9f}Z"
            tags = {"group": "", "method": "GET", "name": "http://127.0.0.1:8123" + name, "status": str(status)}
            for metric, value in (("http_reqs", 1), ("http_req_duration", ms), ("http_req_failed", int(status != 200)),
                                  ("data_received", 90)):
                line("Point", metric, {"time": time, "value": value, "tags": tags})
            line("Point", "vus", {"time": time, "value": users, "tags": None})


def jmeter(folder):
    rows = [(int((START + at) * 1000), int(ms), "GET " + name, status, "OK" if status == 200 else "Not Found; gone",
             f"Shop 1-{users}", "text", str(status == 200).lower(), "", 90, 120, users, users, "http://127.0.0.1:8123" + name, int(ms), 0, 0)
            for at, users, name, ms, status in requests(120)]
    header = ["timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType", "success",
              "failureMessage", "bytes", "sentBytes", "grpThreads", "allThreads", "URL", "Latency", "IdleTime", "Connect"]
    for name, delimiter, with_header in (("comma.csv", ",", True), ("semicolon.csv", ";", True), ("bare.jtl", "\t", False)):
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
            writer.writerows(([header] if with_header else []) + rows)
    with open(os.path.join(folder, "samples.xml"), "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n')
        for row in rows:
            file.write(f'<httpSample t="{row[1]}" ts="{row[0]}" s="{row[7]}" lb={xml.quoteattr(row[2])} rc="{row[3]}" '
                       f'rm={xml.quoteattr(row[4])} tn={xml.quoteattr(row[5])} na="{row[12]}">\n  <java.net.URL>{row[13]}</java.net.URL>\n'
                       "</httpSample>\n")
        file.write("</testResults>\n")


for folder in ("k6", "jmeter-jtl"):
    os.makedirs(os.path.join(DATA, folder), exist_ok=True)
k6(os.path.join(DATA, "k6", "points.json"))
jmeter(os.path.join(DATA, "jmeter-jtl"))
