-- SPDX-License-Identifier: MIT
-- Histories of repositories: made anew, as nothing wrote the tables of version 1.

DROP VIEW v_change;
DROP VIEW v_commit;
DROP TABLE repo_change;
DROP TABLE repo_commit;
DROP TABLE repo;

-- path: where it was read from last. options: canonical text of the reading options. state: what else the facts depend
-- on (format's own text): equal state and options mean that there is nothing new. head: 20 bytes.
-- has_oids: 0 for logs whose commits have no full hashes. touched: order of ingestion.
CREATE TABLE repo (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE,
	path TEXT NOT NULL,
	format TEXT NOT NULL,
	version INTEGER NOT NULL,
	options TEXT NOT NULL,
	state TEXT NOT NULL,
	head BLOB NOT NULL,
	shallow INTEGER NOT NULL,
	has_oids INTEGER NOT NULL,
	touched INTEGER NOT NULL,
	-- Sums, kept for listings. authors: by name, after .mailmap. Times of commits, 0 when there are none.
	commits INTEGER NOT NULL DEFAULT 0,
	merges INTEGER NOT NULL DEFAULT 0,
	paths INTEGER NOT NULL DEFAULT 0,
	authors INTEGER NOT NULL DEFAULT 0,
	first_time INTEGER NOT NULL DEFAULT 0,
	last_time INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A name and address as commits have them, and what .mailmap makes of them.
CREATE TABLE repo_person (
	repo INTEGER NOT NULL REFERENCES repo(id),
	person INTEGER NOT NULL,
	raw_name INTEGER NOT NULL REFERENCES str(id),
	raw_email INTEGER NOT NULL REFERENCES str(id),
	name INTEGER NOT NULL REFERENCES str(id),
	email INTEGER NOT NULL REFERENCES str(id),
	bot INTEGER NOT NULL,
	PRIMARY KEY (repo, person)
) STRICT, WITHOUT ROWID;

-- Every path that a change or file names. flags: 1 generated, 2 vendored, 4 looks generated, 8 at the head.
CREATE TABLE repo_path (
	repo INTEGER NOT NULL REFERENCES repo(id),
	path INTEGER NOT NULL REFERENCES str(id),
	flags INTEGER NOT NULL,
	PRIMARY KEY (repo, path)
) STRICT, WITHOUT ROWID;

-- id: order of ingestion. hash: 20 bytes; parents: 20 bytes each. Times in s since the epoch, zones in minutes east.
-- ordering: commit time, or one more than the greatest of the parents: (ordering, hash) puts parents first.
-- flags: 1 in .git-blame-ignore-revs, 2 shallow, 4 changes missing, 8 changes read, 16 more files than were read,
-- 32 function changes read, 64 too many candidates for renames, 128 files too big to count, 256 impossible names.
CREATE TABLE repo_commit (
	repo INTEGER NOT NULL REFERENCES repo(id),
	id INTEGER NOT NULL,
	hash BLOB NOT NULL,
	parents BLOB NOT NULL,
	author INTEGER NOT NULL,
	committer INTEGER NOT NULL,
	author_time INTEGER NOT NULL,
	author_zone INTEGER NOT NULL,
	commit_time INTEGER NOT NULL,
	commit_zone INTEGER NOT NULL,
	ordering INTEGER NOT NULL,
	flags INTEGER NOT NULL,
	subject TEXT NOT NULL,
	PRIMARY KEY (repo, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX repo_commit_hash ON repo_commit (hash, repo);

-- People of Co-authored-by lines.
CREATE TABLE repo_coauthor (
	repo INTEGER NOT NULL REFERENCES repo(id),
	id INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	person INTEGER NOT NULL,
	PRIMARY KEY (repo, id, seq)
) STRICT, WITHOUT ROWID;

-- id: the commit's. old_path: 0 but for renames. added, deleted: NULL for binary files; old_lines, new_lines: of the whole
-- files, of renames only, NULL for binary files. Modes: NULL is 0100644, 0 absent. status: git's letter, its code.
-- flags: 1 binary, 2 submodule, 4 not counted.
CREATE TABLE repo_change (
	repo INTEGER NOT NULL REFERENCES repo(id),
	id INTEGER NOT NULL,
	path INTEGER NOT NULL REFERENCES str(id),
	old_path INTEGER NOT NULL,
	added INTEGER,
	deleted INTEGER,
	status INTEGER NOT NULL,
	flags INTEGER NOT NULL,
	old_mode INTEGER,
	new_mode INTEGER,
	similarity INTEGER NOT NULL,
	old_lines INTEGER,
	new_lines INTEGER,
	PRIMARY KEY (repo, id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE repo_func_change (
	repo INTEGER NOT NULL REFERENCES repo(id),
	id INTEGER NOT NULL,
	path INTEGER NOT NULL REFERENCES str(id),
	name INTEGER NOT NULL REFERENCES str(id),
	added INTEGER NOT NULL,
	deleted INTEGER NOT NULL,
	PRIMARY KEY (repo, id, path, name)
) STRICT, WITHOUT ROWID;

-- Files and functions at the head. complexity: cyclomatic, 0 not counted. unparsed: its functions couldn't be told.
CREATE TABLE repo_file (
	repo INTEGER NOT NULL REFERENCES repo(id),
	path INTEGER NOT NULL REFERENCES str(id),
	blob BLOB NOT NULL,
	mode INTEGER NOT NULL,
	binary INTEGER NOT NULL,
	unparsed INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	lines INTEGER NOT NULL,
	nonblank INTEGER NOT NULL,
	indent INTEGER NOT NULL,
	complexity INTEGER NOT NULL,
	language TEXT NOT NULL,
	PRIMARY KEY (repo, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE repo_func (
	repo INTEGER NOT NULL REFERENCES repo(id),
	path INTEGER NOT NULL REFERENCES str(id),
	seq INTEGER NOT NULL,
	name INTEGER NOT NULL REFERENCES str(id),
	first_line INTEGER NOT NULL,
	last_line INTEGER NOT NULL,
	complexity INTEGER NOT NULL,
	PRIMARY KEY (repo, path, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE repo_quality (
	repo INTEGER NOT NULL REFERENCES repo(id),
	seq INTEGER NOT NULL,
	key TEXT NOT NULL,
	subject TEXT,
	count INTEGER NOT NULL,
	text TEXT NOT NULL,
	cure TEXT,
	PRIMARY KEY (repo, seq)
) STRICT, WITHOUT ROWID;

-- ---- Views ---------------------------------------------------------------------------------------------------------

CREATE VIEW v_repo AS
SELECT name AS repo, path AS source_path, format, lower(hex(head)) AS head, shallow, commits, merges, paths, authors,
	CASE WHEN commits THEN strftime('%Y-%m-%dT%H:%M:%SZ', first_time, 'unixepoch') END AS first_utc,
	CASE WHEN commits THEN strftime('%Y-%m-%dT%H:%M:%SZ', last_time, 'unixepoch') END AS last_utc
FROM repo;

-- time: of the commit; author_time: when its author wrote it. A time beyond 2262 has no time_ns.
CREATE VIEW v_commit AS
SELECT r.name AS repo, lower(hex(c.hash)) AS "commit",
	row_number() OVER (PARTITION BY c.repo ORDER BY c.ordering, c.hash) AS position, an.text AS author,
	strftime('%Y-%m-%dT%H:%M:%SZ', c.commit_time, 'unixepoch') AS time_utc,
	CASE WHEN abs(c.commit_time / 2) < 4611686018 THEN c.commit_time * 1000000000 END AS time_ns,
	length(c.parents) / 20 AS parents, c.subject, ae.text AS author_email,
	strftime('%Y-%m-%dT%H:%M:%SZ', c.author_time, 'unixepoch') AS author_time_utc, c.author_zone AS author_zone_minutes,
	cn.text AS committer, ce.text AS committer_email, ap.bot, (c.flags & 1) != 0 AS ignored, (c.flags & 8) != 0 AS diffed
FROM repo_commit c
JOIN repo r ON r.id = c.repo
JOIN repo_person ap ON ap.repo = c.repo AND ap.person = c.author
JOIN repo_person cp ON cp.repo = c.repo AND cp.person = c.committer
JOIN str an ON an.id = ap.name
JOIN str ae ON ae.id = ap.email
JOIN str cn ON cn.id = cp.name
JOIN str ce ON ce.id = cp.email;

CREATE VIEW v_change AS
SELECT r.name AS repo, lower(hex(c.hash)) AS "commit", p.text AS path, f.text AS renamed_from, h.added AS added_lines,
	h.deleted AS deleted_lines, char(h.status) AS status, (h.flags & 1) != 0 AS binary,
	(h.flags & 2) != 0 AS submodule, nullif(h.similarity, 0) AS similarity_percent,
	printf('%06o', coalesce(h.old_mode, 33188)) AS old_mode, printf('%06o', coalesce(h.new_mode, 33188)) AS new_mode,
	CASE WHEN h.old_path THEN h.old_lines END AS old_lines, CASE WHEN h.old_path THEN h.new_lines END AS new_lines,
	(rp.flags & 5) != 0 AS generated, (rp.flags & 2) != 0 AS vendored
FROM repo_change h JOIN repo_commit c ON c.repo = h.repo AND c.id = h.id JOIN repo r ON r.id = h.repo
JOIN str p ON p.id = h.path JOIN repo_path rp ON rp.repo = h.repo AND rp.path = h.path
LEFT JOIN str f ON f.id = h.old_path;

CREATE VIEW v_func_change AS
SELECT r.name AS repo, lower(hex(c.hash)) AS "commit", p.text AS path, n.text AS function, h.added AS added_lines,
	h.deleted AS deleted_lines
FROM repo_func_change h JOIN repo_commit c ON c.repo = h.repo AND c.id = h.id JOIN repo r ON r.id = h.repo
JOIN str p ON p.id = h.path JOIN str n ON n.id = h.name;

CREATE VIEW v_repo_file AS
SELECT r.name AS repo, p.text AS path, lower(hex(f.blob)) AS blob, printf('%06o', f.mode) AS mode, f.binary,
	f.bytes AS size_bytes, f.lines, f.nonblank AS nonblank_lines, f.indent AS indentation,
	nullif(f.complexity, 0) AS complexity, nullif(f.language, '') AS language,
	(rp.flags & 5) != 0 AS generated, (rp.flags & 2) != 0 AS vendored
FROM repo_file f JOIN repo r ON r.id = f.repo JOIN str p ON p.id = f.path
JOIN repo_path rp ON rp.repo = f.repo AND rp.path = f.path;

CREATE VIEW v_repo_func AS
SELECT r.name AS repo, p.text AS path, n.text AS function, f.first_line, f.last_line,
	nullif(f.complexity, 0) AS complexity
FROM repo_func f JOIN repo r ON r.id = f.repo JOIN str p ON p.id = f.path JOIN str n ON n.id = f.name;
