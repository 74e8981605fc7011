-- SPDX-License-Identifier: MIT
-- The views: what SQL users may rely on. Columns are only ever added. *_ns columns are NULL unless the metric's
-- unit is 'ns'; the plain column has the value in the unit that the column "unit" names.

CREATE VIEW v_run AS
SELECT r.id AS run, r.name, strftime('%Y-%m-%dT%H:%M:%SZ', r.start_ns / 1000000000, 'unixepoch') AS start_utc,
	r.start_ns, CASE r.start_source WHEN 1 THEN 'input' WHEN 2 THEN 'user' WHEN 3 THEN 'mtime' ELSE '' END AS start_source,
	r.duration_ns, s.text AS metric, m.unit, m.count AS samples, m.weight,
	CASE m.unit WHEN 'ns' THEN m.weight END AS weight_ns, m.unresolved, r.lost AS lost_samples, r.threads,
	(SELECT group_concat(key || '=' || value, ',') FROM (SELECT key, value FROM run_label WHERE run = r.id ORDER BY key)) AS labels,
	r.host, r.os, r.cpu, r.command, r.commit_id AS "commit", r.pinned, r.partial,
	src.format, src.path AS source_path, src.size AS source_bytes, src.hash AS source_hash, r.uid
FROM run r
LEFT JOIN run_metric m ON m.run = r.id AND m.metric = 0
LEFT JOIN str s ON s.id = m.name
LEFT JOIN source src ON src.id = (SELECT min(source) FROM run_source WHERE run = r.id);

CREATE VIEW v_func AS
SELECT f.run, mn.text AS metric, m.unit, fn.text AS function, mo.name AS module, cn.text AS canonical,
	CASE fu.kind WHEN 0 THEN 'native' WHEN 1 THEN 'kernel' WHEN 2 THEN 'jit' WHEN 3 THEN 'inlined' WHEN 4 THEN 'service'
		ELSE 'unresolved' END AS kind,
	coalesce(f.self, f.self_count * m.period) AS self, coalesce(f.total, f.total_count * m.period) AS total,
	f.self_count AS self_samples, f.total_count AS total_samples,
	CASE m.unit WHEN 'ns' THEN coalesce(f.self, f.self_count * m.period) END AS self_ns,
	CASE m.unit WHEN 'ns' THEN coalesce(f.total, f.total_count * m.period) END AS total_ns,
	fs.text AS file, nullif(sy.line, 0) AS line, nullif(sy.address, 0) AS address,
	nullif(sy.size, 0) AS size_bytes, (SELECT nullif(s.text, '') FROM run_module rm
		JOIN str s ON s.id = rm.build_id WHERE rm.run = f.run AND rm.module = fu.module ORDER BY rm.seq LIMIT 1) AS build_id
FROM run_func f
JOIN run_metric m ON m.run = f.run AND m.metric = f.metric
JOIN str mn ON mn.id = m.name
JOIN func fu ON fu.id = f.func
JOIN str fn ON fn.id = fu.name
JOIN str cn ON cn.id = coalesce(fu.canonical, fu.name)
JOIN module mo ON mo.id = fu.module
LEFT JOIN symbol sy ON sy.run = f.run AND sy.func = f.func
LEFT JOIN str fs ON fs.id = sy.file;

CREATE VIEW v_module AS
SELECT f.run, mn.text AS metric, m.unit, mo.name AS module,
	sum(coalesce(f.self, f.self_count * m.period)) AS self, sum(f.self_count) AS self_samples,
	CASE m.unit WHEN 'ns' THEN sum(coalesce(f.self, f.self_count * m.period)) END AS self_ns,
	(SELECT s.text FROM run_module rm JOIN str s ON s.id = rm.path WHERE rm.run = f.run AND rm.module = mo.id
		ORDER BY rm.seq LIMIT 1) AS path,
	(SELECT s.text FROM run_module rm JOIN str s ON s.id = rm.build_id WHERE rm.run = f.run AND rm.module = mo.id
		ORDER BY rm.seq LIMIT 1) AS build_id
FROM run_func f
JOIN run_metric m ON m.run = f.run AND m.metric = f.metric
JOIN str mn ON mn.id = m.name
JOIN func fu ON fu.id = f.func
JOIN module mo ON mo.id = fu.module
GROUP BY f.run, f.metric, mo.id;

CREATE VIEW v_thread AS
SELECT c.run, mn.text AS metric, m.unit, t.pid, t.tid, co.text AS thread, gr.text AS thread_group,
	coalesce(c.weight, c.count * m.period) AS weight,
	c.count AS samples, CASE m.unit WHEN 'ns' THEN coalesce(c.weight, c.count * m.period) END AS weight_ns
FROM run_thread_cost c
JOIN run_metric m ON m.run = c.run AND m.metric = c.metric
JOIN str mn ON mn.id = m.name
JOIN run_thread t ON t.run = c.run AND t.thread = c.thread
JOIN str co ON co.id = t.comm
JOIN str gr ON gr.id = t.grp;

-- Cost of calls, counted once per sample however deep the recursion; caller '': callee was a root frame. Computed from
-- the stacks, as a table of it would make the store a tenth larger: ask for one run.
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
GROUP BY k.run, k.metric, e.value;

CREATE VIEW v_line AS
SELECT l.run, mn.text AS metric, m.unit, fs.text AS file, l.line, fn.text AS function, mo.name AS module,
	l.weight AS self, l.count AS self_samples, CASE m.unit WHEN 'ns' THEN l.weight END AS self_ns
FROM run_line l
JOIN run_metric m ON m.run = l.run AND m.metric = l.metric
JOIN str mn ON mn.id = m.name
JOIN str fs ON fs.id = l.file
JOIN func fu ON fu.id = l.func
JOIN str fn ON fn.id = fu.name
JOIN module mo ON mo.id = fu.module;

-- folded: thread group, then frames from the root, separated by ';' (a ';' inside a name becomes ':').
CREATE VIEW v_stack AS
SELECT k.run, mn.text AS metric, m.unit, gr.text AS thread_group,
	replace(gr.text, ';', ':') || coalesce(';' || (
		WITH RECURSIVE up(parent, folded) AS (
			SELECT s.parent, replace(n.text, ';', ':')
			FROM stack s JOIN func f ON f.id = s.func JOIN str n ON n.id = f.name WHERE s.id = k.stack
			UNION ALL
			SELECT s.parent, replace(n.text, ';', ':') || ';' || up.folded
			FROM up JOIN stack s ON s.id = up.parent JOIN func f ON f.id = s.func JOIN str n ON n.id = f.name)
		SELECT folded FROM up WHERE parent = 0), '') AS folded,
	coalesce(k.weight, k.count * m.period) AS weight, k.count AS samples,
	CASE m.unit WHEN 'ns' THEN coalesce(k.weight, k.count * m.period) END AS weight_ns, k.stack
FROM run_stack k
JOIN run_metric m ON m.run = k.run AND m.metric = k.metric
JOIN str mn ON mn.id = m.name
JOIN str gr ON gr.id = k.grp;

-- time_ns: on the recording's clock. stack: that of v_stack.
CREATE VIEW v_sample AS
SELECT c.run, mn.text AS metric, m.unit, t.pid, t.tid, co.text AS thread,
	c.start_ns + sum(tm.value) OVER (PARTITION BY c.run, c.metric, c.thread, c.chunk ORDER BY tm.key) AS time_ns,
	st.value AS stack, w.value AS weight
FROM sample_chunk c
JOIN json_each(c.times) tm
JOIN json_each(c.stacks) st ON st.key = tm.key
JOIN json_each(c.weights) w ON w.key = tm.key
JOIN run_metric m ON m.run = c.run AND m.metric = c.metric
JOIN str mn ON mn.id = m.name
JOIN run_thread t ON t.run = c.run AND t.thread = c.thread
JOIN str co ON co.id = t.comm;

CREATE VIEW v_span AS
SELECT s.run, s.trace, s.span, nullif(s.parent, 0) AS parent, sv.text AS service, n.text AS name, s.kind, s.status,
	s.start_ns, s.duration_ns
FROM span s JOIN str sv ON sv.id = s.service JOIN str n ON n.id = s.name;

CREATE VIEW v_series AS
SELECT p.run, n.text AS series, s.unit, s.better, p.seq, p.x, p.value
FROM point p JOIN series s ON s.id = p.series JOIN str n ON n.id = s.name;

CREATE VIEW v_commit AS
SELECT r.name AS repo, c.hash AS "commit", c.position, a.text AS author,
	strftime('%Y-%m-%dT%H:%M:%SZ', c.time_ns / 1000000000, 'unixepoch') AS time_utc, c.time_ns, c.parents, c.subject
FROM repo_commit c JOIN repo r ON r.id = c.repo JOIN str a ON a.id = c.author;

CREATE VIEW v_change AS
SELECT r.name AS repo, c.hash AS "commit", p.text AS path, f.text AS renamed_from, h.added AS added_lines,
	h.deleted AS deleted_lines
FROM repo_change h JOIN repo_commit c ON c.repo = h.repo AND c.position = h.position JOIN repo r ON r.id = h.repo
JOIN str p ON p.id = h.path LEFT JOIN str f ON f.id = h.renamed_from;

CREATE VIEW v_finding AS
SELECT f.analyzer, f.subject, b.id AS base_run, c.id AS current_run, f.verdict, f.value, f.unit, f.text
FROM finding f LEFT JOIN run b ON b.uid = f.base LEFT JOIN run c ON c.uid = f.current;
