-- SPDX-License-Identifier: MIT
-- The people of Co-authored-by lines, for SQL users.

CREATE VIEW v_coauthor AS
SELECT r.name AS repo, lower(hex(c.hash)) AS "commit", n.text AS coauthor, e.text AS coauthor_email, p.bot
FROM repo_coauthor a
JOIN repo_commit c ON c.repo = a.repo AND c.id = a.id
JOIN repo r ON r.id = a.repo
JOIN repo_person p ON p.repo = a.repo AND p.person = a.person
JOIN str n ON n.id = p.name
JOIN str e ON e.id = p.email;
