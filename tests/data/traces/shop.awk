# SPDX-License-Identifier: MIT
# Traces of a shop that doesn't exist, as Zipkin JSON: awk -v week=1 -f shop.awk >shop-1.json
# week 2: checkouts call billing directly from the gateway, and billing asks orders back; the carrier is gone.
function hex(n) { return sprintf("%016x", n) }
function noise(n) { seed = seed * 16807 % 2147483647; return int(seed / 1024) % n }
function span(parent, service, name, kind, start, duration, peer, failed) {
	id++
	printf "%s{\"traceId\":\"%s\",\"id\":\"%s\",%s\"name\":\"%s\",%s\"timestamp\":%.0f,\"duration\":%d,\"localEndpoint\":{\"serviceName\":\"%s\"}%s%s}",
		(id > 1 ? ",\n" : ""), hex(trace), hex(id), parent ? "\"parentId\":\"" hex(parent) "\"," : "", name,
		kind ? "\"kind\":\"" kind "\"," : "", start, duration, service,
		peer ? ",\"remoteEndpoint\":{\"serviceName\":\"" peer "\"}" : "", failed ? ",\"tags\":{\"error\":\"true\"}" : ""
	return id
}
function checkout(t, root, orders, billing, i, at, n) {
	root = span(0, "gateway", "POST /checkout", "SERVER", t, 48000 + noise(9000))
	orders = span(root, "orders", "create order", "SERVER", t + 1500, 21000 + noise(3000))
	at = t + 2500
	n = 3 + noise(4)
	for (i = 0; i < n; i++) {
		span(orders, "orders", "SELECT price", "CLIENT", at, 900 + noise(400), "postgresql")
		at += 1600
	}
	i = span(orders, "stock", "reserve", "SERVER", at + 300, 5200 + noise(900))
	span(i, "stock", "HSET", "CLIENT", at + 800, 700 + noise(200), "redis")
	span(orders, "orders", "orders.created", "PRODUCER", at + 6200, 400, "kafka")
	billing = span(week > 1 ? root : orders, "billing", "charge card", "SERVER", t + 26000, 14000 + noise(5000), "", noise(4) == 0)
	span(billing, "billing", "POST /v1/charges", "CLIENT", t + 27000, 11000 + noise(2000), "payments.example")
	if (week > 1)
		span(billing, "orders", "mark paid", "SERVER", t + 39000, 900 + noise(200))
}
function browse(t, root, i) {
	root = span(0, "gateway", "GET /products", "SERVER", t, 9000 + noise(2000))
	i = span(root, "catalog", "list products", "SERVER", t + 700, 6500 + noise(900))
	span(i, "catalog", "GET", "CLIENT", t + 1000, 500 + noise(100), "redis")
	span(i, "catalog", "SELECT products", "CLIENT", t + 2000, 3300 + noise(900), "postgresql")
}
function ship(t, root) {
	root = span(0, "shipping", "orders.created", "CONSUMER", t, 16000 + noise(4000), "kafka")
	if (week == 1)
		span(root, "shipping", "POST /labels", "CLIENT", t + 1000, 9000 + noise(2000), "carrier.example")
	span(root, "stock", "pick", "SERVER", t + 12000, 2500 + noise(300))
}
BEGIN {
	seed = week * 7919
	start = 1763964000000000 + (week - 1) * 604800000000
	printf "["
	for (k = 0; k < 40; k++) {
		trace++
		t = start + k * 900000 + noise(300000)
		if (k % 4 == 0)
			checkout(t)
		else if (k % 4 == 2)
			ship(t)
		else
			browse(t)
	}
	print "]"
}
