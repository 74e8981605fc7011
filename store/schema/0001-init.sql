-- SPDX-License-Identifier: MIT
-- The warehouse, version 1. Tables are private to the program; the views at the end are its interface.
-- Every statement here runs inside one transaction. What is in a released migration never changes:
-- later versions add files.

-- ---- Interned across all runs -------------------------------------------------------------------------------

-- Texts: names, paths, comms, build ids. Bytes are kept as they were read, so a text may be invalid UTF-8.
CREATE TABLE str (
	id INTEGER PRIMARY KEY,
	text TEXT NOT NULL
) STRICT;

-- Finds a text by 32 bits of its hash. An index over the texts would hold each of them twice.
CREATE TABLE str_key (
	hash INTEGER NOT NULL,
	str INTEGER NOT NULL REFERENCES str(id),
	PRIMARY KEY (hash, str)
) STRICT, WITHOUT ROWID;

-- Base names of mapped files; '' is no module. Path and build id are attributes of a run's module.
CREATE TABLE module (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;

-- kind: 0 native, 1 kernel, 2 jit, 3 inlined (of stack nodes only), 4 service, 5 unresolved.
-- canonical: the name without clone and hash suffixes, which joins builds; NULL when that is the name itself.
-- (module, name, kind) is unique by the writer's look-up under the write lock. A table of many functions gets the index
-- func_key for that: for one of few it would be a tenth of the store.
CREATE TABLE func (
	id INTEGER PRIMARY KEY,
	module INTEGER NOT NULL REFERENCES module(id),
	name INTEGER NOT NULL REFERENCES str(id),
	kind INTEGER NOT NULL,
	canonical INTEGER REFERENCES str(id)
) STRICT;

-- A trie of calls: parent < id, 0 is the empty stack. Line and address are never part of it, nor is the thread.
-- (parent, func, kind) is unique, as in func; the index of a large table is stack_key.
CREATE TABLE stack (
	id INTEGER PRIMARY KEY,
	parent INTEGER NOT NULL,
	func INTEGER NOT NULL REFERENCES func(id),
	kind INTEGER NOT NULL
) STRICT;

-- ---- Sources and runs ---------------------------------------------------------------------------------------

-- A file as it was read. hash: XXH3-128 of its bytes, hex. options: canonical text of the reading options.
CREATE TABLE source (
	id INTEGER PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE,
	size INTEGER NOT NULL,
	path TEXT NOT NULL,
	format TEXT NOT NULL,
	version INTEGER NOT NULL,
	options TEXT NOT NULL,
	partial INTEGER NOT NULL
) STRICT;

-- uid: content key, the same in every store. id: of this store only, never reused. touched: order of ingestion.
-- start_source: 0 none, 1 input, 2 user, 3 file time. lost, threads: counts, kept for listings.
CREATE TABLE run (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	touched INTEGER NOT NULL,
	start_ns INTEGER NOT NULL,
	start_source INTEGER NOT NULL,
	duration_ns INTEGER NOT NULL,
	pinned INTEGER NOT NULL,
	partial INTEGER NOT NULL,
	lost INTEGER NOT NULL,
	threads INTEGER NOT NULL,
	commit_id TEXT,
	command TEXT,
	host TEXT,
	os TEXT,
	cpu TEXT
) STRICT;

CREATE TABLE run_label (
	run INTEGER NOT NULL REFERENCES run(id),
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;

-- One file can hold many runs, one run can come from many files.
CREATE TABLE run_source (
	run INTEGER NOT NULL REFERENCES run(id),
	source INTEGER NOT NULL REFERENCES source(id),
	PRIMARY KEY (run, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_source_source ON run_source (source);

-- Bytes that prune removed, so that a watched folder doesn't bring them back.
CREATE TABLE tombstone (
	hash TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	start_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- Facts of a run: clustered by run, inserted sorted, no second index ---------------------------------------

-- Most recordings sample at a fixed period, so a weight is NULL where it is count * run_metric.period. Readers say
-- coalesce(weight, count * period); self and total of run_func likewise.

-- metric counts from 0 within the run. unit: of weight ('ns', 'count', 'bytes'). functions: rows of run_func.
-- unresolved: weight whose leaf has no symbol. period: weight of one sample, 0 when there is no common one.
CREATE TABLE run_metric (
	run INTEGER NOT NULL REFERENCES run(id),
	metric INTEGER NOT NULL,
	name INTEGER NOT NULL REFERENCES str(id),
	unit TEXT NOT NULL,
	weight INTEGER NOT NULL,
	count INTEGER NOT NULL,
	functions INTEGER NOT NULL,
	unresolved INTEGER NOT NULL,
	period INTEGER NOT NULL,
	PRIMARY KEY (run, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_module (
	run INTEGER NOT NULL REFERENCES run(id),
	seq INTEGER NOT NULL,
	module INTEGER NOT NULL REFERENCES module(id),
	path INTEGER NOT NULL REFERENCES str(id),
	build_id INTEGER NOT NULL REFERENCES str(id),
	PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

-- grp: the thread group, comm with digit runs folded to '#'.
CREATE TABLE run_thread (
	run INTEGER NOT NULL REFERENCES run(id),
	thread INTEGER NOT NULL,
	pid INTEGER NOT NULL,
	tid INTEGER NOT NULL,
	comm INTEGER NOT NULL REFERENCES str(id),
	grp INTEGER NOT NULL REFERENCES str(id),
	PRIMARY KEY (run, thread)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_thread_cost (
	run INTEGER NOT NULL REFERENCES run(id),
	metric INTEGER NOT NULL,
	thread INTEGER NOT NULL,
	weight INTEGER,
	count INTEGER NOT NULL,
	PRIMARY KEY (run, metric, thread)
) STRICT, WITHOUT ROWID;

-- Self cost per stack: the facts from which all others of samples can be computed again.
CREATE TABLE run_stack (
	run INTEGER NOT NULL REFERENCES run(id),
	metric INTEGER NOT NULL,
	grp INTEGER NOT NULL REFERENCES str(id),
	stack INTEGER NOT NULL,
	weight INTEGER,
	count INTEGER NOT NULL,
	PRIMARY KEY (run, metric, grp, stack)
) STRICT, WITHOUT ROWID;

-- Self and total per function; a function counts once per sample however deep the recursion.
-- rank: from 0 by descending self, then module, name and kind, so that the first rows are the answer of top.
-- total_rank: the same by descending total.
CREATE TABLE run_func (
	run INTEGER NOT NULL REFERENCES run(id),
	metric INTEGER NOT NULL,
	rank INTEGER NOT NULL,
	total_rank INTEGER NOT NULL,
	func INTEGER NOT NULL REFERENCES func(id),
	self INTEGER,
	total INTEGER,
	self_count INTEGER NOT NULL,
	total_count INTEGER NOT NULL,
	PRIMARY KEY (run, metric, rank)
) STRICT, WITHOUT ROWID;

-- Where a function was in the build that ran (run_module has its id): address relative to the module's file,
-- declaration, file NULL unknown.
CREATE TABLE symbol (
	run INTEGER NOT NULL REFERENCES run(id),
	func INTEGER NOT NULL REFERENCES func(id),
	address INTEGER NOT NULL,
	size INTEGER NOT NULL,
	file INTEGER REFERENCES str(id),
	line INTEGER NOT NULL,
	PRIMARY KEY (run, func)
) STRICT, WITHOUT ROWID;

-- The data-quality box.
CREATE TABLE run_quality (
	run INTEGER NOT NULL REFERENCES run(id),
	seq INTEGER NOT NULL,
	key TEXT NOT NULL,
	subject TEXT,
	count INTEGER NOT NULL,
	weight INTEGER NOT NULL,
	text TEXT NOT NULL,
	cure TEXT,
	PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

-- Self cost per source line, from formats that know lines.
CREATE TABLE run_line (
	run INTEGER NOT NULL REFERENCES run(id),
	metric INTEGER NOT NULL,
	file INTEGER NOT NULL REFERENCES str(id),
	line INTEGER NOT NULL,
	func INTEGER NOT NULL REFERENCES func(id),
	weight INTEGER NOT NULL,
	count INTEGER NOT NULL,
	PRIMARY KEY (run, metric, file, line, func)
) STRICT, WITHOUT ROWID;

-- Samples with their time, for timelines: JSON arrays of equal length, so that plain SQL can read them.
-- times: ns since the sample before, the first since start_ns. stacks, weights: plain values.
CREATE TABLE sample_chunk (
	run INTEGER NOT NULL REFERENCES run(id),
	metric INTEGER NOT NULL,
	thread INTEGER NOT NULL,
	chunk INTEGER NOT NULL,
	start_ns INTEGER NOT NULL,
	times TEXT NOT NULL,
	stacks TEXT NOT NULL,
	weights TEXT NOT NULL,
	PRIMARY KEY (run, metric, thread, chunk)
) STRICT, WITHOUT ROWID;

-- Operations of a distributed or local trace. span counts from 1 within the run; parent 0: a root.
CREATE TABLE span (
	run INTEGER NOT NULL REFERENCES run(id),
	span INTEGER NOT NULL,
	parent INTEGER NOT NULL,
	trace TEXT NOT NULL,
	service INTEGER NOT NULL REFERENCES str(id),
	name INTEGER NOT NULL REFERENCES str(id),
	kind TEXT NOT NULL,
	status TEXT NOT NULL,
	start_ns INTEGER NOT NULL,
	duration_ns INTEGER NOT NULL,
	PRIMARY KEY (run, span)
) STRICT, WITHOUT ROWID;

-- Named measurements: benchmarks, heap sizes, load steps. better: 'lower', 'higher' or ''.
CREATE TABLE series (
	id INTEGER PRIMARY KEY,
	name INTEGER NOT NULL REFERENCES str(id),
	unit TEXT NOT NULL,
	better TEXT NOT NULL,
	UNIQUE (name, unit, better)
) STRICT;

-- x: the independent variable (load, time into the run) or NULL; value in the series' unit.
CREATE TABLE point (
	run INTEGER NOT NULL REFERENCES run(id),
	series INTEGER NOT NULL REFERENCES series(id),
	seq INTEGER NOT NULL,
	x REAL,
	value REAL NOT NULL,
	PRIMARY KEY (run, series, seq)
) STRICT, WITHOUT ROWID;

-- ---- History of repositories -----------------------------------------------------------------------------------

CREATE TABLE repo (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	path TEXT NOT NULL,
	head TEXT NOT NULL
) STRICT;

-- position: topological, parents first.
CREATE TABLE repo_commit (
	repo INTEGER NOT NULL REFERENCES repo(id),
	position INTEGER NOT NULL,
	hash TEXT NOT NULL,
	parents INTEGER NOT NULL,
	author INTEGER NOT NULL REFERENCES str(id),
	time_ns INTEGER NOT NULL,
	subject TEXT NOT NULL,
	PRIMARY KEY (repo, position)
) STRICT, WITHOUT ROWID;

-- renamed_from: 0 when it wasn't. binary files: added and deleted NULL.
CREATE TABLE repo_change (
	repo INTEGER NOT NULL REFERENCES repo(id),
	position INTEGER NOT NULL,
	path INTEGER NOT NULL REFERENCES str(id),
	renamed_from INTEGER NOT NULL,
	added INTEGER,
	deleted INTEGER,
	PRIMARY KEY (repo, position, path)
) STRICT, WITHOUT ROWID;

-- ---- What analyzers concluded ------------------------------------------------------------------------------------

-- current, base: uids of runs (base '' when there is none), so that a finding outlives renumbering.
CREATE TABLE finding (
	analyzer TEXT NOT NULL,
	subject TEXT NOT NULL,
	base TEXT NOT NULL,
	current TEXT NOT NULL,
	verdict TEXT NOT NULL,
	value REAL,
	unit TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (analyzer, subject, base, current)
) STRICT, WITHOUT ROWID;
