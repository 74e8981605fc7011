-- SPDX-License-Identifier: MIT
-- Facts of formats that don't sample stacks: calls, spans and points; which kinds of facts a run has.

-- facts: a set, 1 samples, 2 calls, 4 lines, 8 spans, 16 points.
ALTER TABLE run ADD COLUMN facts INTEGER NOT NULL DEFAULT 1;

-- Inclusive cost of calls as the input states it, of runs that know calls instead of stacks.
CREATE TABLE run_call (
	run INTEGER NOT NULL REFERENCES run(id),
	metric INTEGER NOT NULL,
	caller INTEGER NOT NULL REFERENCES func(id),
	callee INTEGER NOT NULL REFERENCES func(id),
	weight INTEGER NOT NULL,
	calls INTEGER NOT NULL,
	PRIMARY KEY (run, metric, caller, callee)
) STRICT, WITHOUT ROWID;

-- span counts from 1 within the run. parent 0: a root. kind: 0 internal, 1 server, 2 client, 3 producer, 4 consumer,
-- 5 async. status: 0 unset, 1 ok, 2 error. thread: of run_thread, or NULL.
DROP VIEW v_span;
DROP TABLE span;
CREATE TABLE span (
	run INTEGER NOT NULL REFERENCES run(id),
	span INTEGER NOT NULL,
	parent INTEGER NOT NULL,
	trace INTEGER NOT NULL REFERENCES str(id),
	service INTEGER NOT NULL REFERENCES str(id),
	name INTEGER NOT NULL REFERENCES str(id),
	peer INTEGER NOT NULL REFERENCES str(id),
	thread INTEGER,
	kind INTEGER NOT NULL,
	status INTEGER NOT NULL,
	start_ns INTEGER NOT NULL,
	duration_ns INTEGER NOT NULL,
	PRIMARY KEY (run, span)
) STRICT, WITHOUT ROWID;

-- Sums over all spans of a service and name. rank: from 0 by descending sum, then service and name.
CREATE TABLE operation (
	run INTEGER NOT NULL REFERENCES run(id),
	rank INTEGER NOT NULL,
	service INTEGER NOT NULL REFERENCES str(id),
	name INTEGER NOT NULL REFERENCES str(id),
	count INTEGER NOT NULL,
	errors INTEGER NOT NULL,
	sum_ns INTEGER NOT NULL,
	min_ns INTEGER NOT NULL,
	max_ns INTEGER NOT NULL,
	p50_ns INTEGER NOT NULL,
	p95_ns INTEGER NOT NULL,
	p99_ns INTEGER NOT NULL,
	PRIMARY KEY (run, rank)
) STRICT, WITHOUT ROWID;

-- x: what the independent variable is ('users', 'ns' since the start), '' when points are repetitions.
DROP VIEW v_series;
DROP TABLE series;
CREATE TABLE series (
	id INTEGER PRIMARY KEY,
	name INTEGER NOT NULL REFERENCES str(id),
	unit INTEGER NOT NULL REFERENCES str(id),
	better INTEGER NOT NULL REFERENCES str(id),
	x INTEGER NOT NULL REFERENCES str(id),
	UNIQUE (name, unit, better, x)
) STRICT;

CREATE VIEW v_span AS
SELECT s.run, t.text AS trace, s.span, nullif(s.parent, 0) AS parent, sv.text AS service, n.text AS name,
	CASE s.kind WHEN 1 THEN 'server' WHEN 2 THEN 'client' WHEN 3 THEN 'producer' WHEN 4 THEN 'consumer'
		WHEN 5 THEN 'async' ELSE 'internal' END AS kind,
	CASE s.status WHEN 1 THEN 'ok' WHEN 2 THEN 'error' ELSE '' END AS status,
	s.start_ns, s.duration_ns, nullif(p.text, '') AS peer, th.pid, th.tid
FROM span s
JOIN str t ON t.id = s.trace
JOIN str sv ON sv.id = s.service
JOIN str n ON n.id = s.name
JOIN str p ON p.id = s.peer
LEFT JOIN run_thread th ON th.run = s.run AND th.thread = s.thread;

CREATE VIEW v_operation AS
SELECT o.run, sv.text AS service, n.text AS name, o.count, o.errors, o.sum_ns, o.min_ns, o.max_ns, o.p50_ns, o.p95_ns,
	o.p99_ns
FROM operation o JOIN str sv ON sv.id = o.service JOIN str n ON n.id = o.name;

CREATE VIEW v_series AS
SELECT p.run, n.text AS series, u.text AS unit, b.text AS better, p.seq, p.x, p.value, x.text AS x_unit
FROM point p
JOIN series s ON s.id = p.series
JOIN str n ON n.id = s.name
JOIN str u ON u.id = s.unit
JOIN str b ON b.id = s.better
JOIN str x ON x.id = s.x;

-- What v_edge computes from stacks, and what inputs state of calls: there samples is the number of calls.
DROP VIEW v_edge;
CREATE VIEW v_edge AS
SELECT k.run, mn.text AS metric, m.unit, coalesce(an.text, '') AS caller, coalesce(am.name, '') AS caller_module,
	bn.text AS callee, bm.name AS callee_module, sum(coalesce(k.weight, k.count * m.period)) AS weight,
	sum(k.count) AS samples, CASE m.unit WHEN 'ns' THEN sum(coalesce(k.weight, k.count * m.period)) END AS weight_ns
FROM run_stack k
JOIN run_metric m ON m.run = k.run AND m.metric = k.metric
JOIN str mn ON mn.id = m.name
JOIN json_each((
	WITH RECURSIVE up(parent, callee) AS (
		SELECT s.parent, s.func FROM stack s WHERE s.id = k.stack
		UNION ALL
		SELECT s.parent, s.func FROM up JOIN stack s ON s.id = up.parent)
	SELECT '[' || group_concat(DISTINCT (coalesce(p.func, 0) << 32) + up.callee) || ']'
	FROM up LEFT JOIN stack p ON p.id = up.parent)) e
LEFT JOIN func a ON a.id = e.value >> 32
LEFT JOIN str an ON an.id = a.name
LEFT JOIN module am ON am.id = a.module
JOIN func b ON b.id = e.value & 0xffffffff
JOIN str bn ON bn.id = b.name
JOIN module bm ON bm.id = b.module
GROUP BY k.run, k.metric, e.value
UNION ALL
SELECT c.run, mn.text, m.unit, an.text, am.name, bn.text, bm.name, c.weight, c.calls,
	CASE m.unit WHEN 'ns' THEN c.weight END
FROM run_call c
JOIN run_metric m ON m.run = c.run AND m.metric = c.metric
JOIN str mn ON mn.id = m.name
JOIN func a ON a.id = c.caller
JOIN str an ON an.id = a.name
JOIN module am ON am.id = a.module
JOIN func b ON b.id = c.callee
JOIN str bn ON bn.id = b.name
JOIN module bm ON bm.id = b.module;

DROP VIEW v_run;
CREATE VIEW v_run AS
SELECT r.id AS run, r.name, strftime('%Y-%m-%dT%H:%M:%SZ', r.start_ns / 1000000000, 'unixepoch') AS start_utc,
	r.start_ns, CASE r.start_source WHEN 1 THEN 'input' WHEN 2 THEN 'user' WHEN 3 THEN 'mtime' ELSE '' END AS start_source,
	r.duration_ns, s.text AS metric, m.unit, m.count AS samples, m.weight,
	CASE m.unit WHEN 'ns' THEN m.weight END AS weight_ns, m.unresolved, r.lost AS lost_samples, r.threads,
	(SELECT group_concat(key || '=' || value, ',') FROM (SELECT key, value FROM run_label WHERE run = r.id ORDER BY key)) AS labels,
	r.host, r.os, r.cpu, r.command, r.commit_id AS "commit", r.pinned, r.partial,
	src.format, src.path AS source_path, src.size AS source_bytes, src.hash AS source_hash, r.uid,
	substr(iif(r.facts & 1, ',samples', '') || iif(r.facts & 2, ',calls', '') || iif(r.facts & 4, ',lines', '') ||
		iif(r.facts & 8, ',spans', '') || iif(r.facts & 16, ',points', ''), 2) AS facts
FROM run r
LEFT JOIN run_metric m ON m.run = r.id AND m.metric = 0
LEFT JOIN str s ON s.id = m.name
LEFT JOIN source src ON src.id = (SELECT min(source) FROM run_source WHERE run = r.id);
