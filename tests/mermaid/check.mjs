// SPDX-License-Identifier: MIT
// check: hands diagrams to Mermaid's own parser and looks at what it understood.
// Usage: node check.mjs FOLDER-OF-NODE_MODULES FILE...   A file is a diagram, or has fenced ones.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const [root, ...files] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(root), 'x.js'));
const { JSDOM } = require('jsdom');
const dom = new JSDOM('<!doctype html><html><body></body></html>');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const main = path.join(path.dirname(require.resolve('mermaid/package.json')), 'dist', 'mermaid.core.mjs');
const mermaid = (await import(pathToFileURL(main))).default;

// Mermaid's limits as GitHub has them.
const MOST_CHARS = 50000, MOST_EDGES = 500;
let passed = 0, failed = 0;

function expect(what, condition) {
  if (condition) passed++;
  else {
    failed++;
    console.log(`FAIL ${what}`);
  }
}

const count = (text, pattern) => (text.match(pattern) || []).length;
// What an entity is between Mermaid's passes, back to the character.
const decode = text => String(text).replace(/ﬂ°°(\d+)¶ß/g, (_, n) => String.fromCodePoint(n))
  .replace(/ﬂ°(\w+)¶ß/g, (_, name) => `&${name};`);

// Names that try to be more than names (tests/unit/render_figures.h), as readers are to see them.
const hostile = [
  '</svg><script>alert(1)</script>',
  'a"]; click n1 "javascript:alert(1)"; n2["b',
  "%%{init: {'theme':'dark'}}%% `code`; end",
  'x -->|y| z\\x0asubgraph s; style n1 fill:#f00;',
  '#quot; #35; &lt; \\x1b[31m \\xff \\u202e =cmd()',
];

function flowchart(name, text, db) {
  const vertices = [...db.getVertices().values()], edges = db.getEdges();
  expect(`${name}: as many nodes as were written`, vertices.length === count(text, /^ +n\d+[[({]/gm));
  expect(`${name}: as many edges as were written`, edges.length === count(text, /^ +n\d+ (-->|==>|-\.->)/gm));
  expect(`${name}: at most ${MOST_EDGES} edges`, edges.length <= MOST_EDGES);
  expect(`${name}: as many frames as were written`, db.getSubGraphs().length === count(text, /^ +subgraph g\d+\[/gm));
  expect(`${name}: only our ids`, vertices.every(v => /^n\d+$/.test(v.id)));
  expect(`${name}: no links and no calls`, vertices.every(v => !v.link && !v.haveCallback));
  expect(`${name}: classes are ours`, [...db.getClasses().keys()].every(c => /^(new|gone|failed|high)$/.test(c)));
  expect(`${name}: nothing is styled by a name`, vertices.every(v => v.styles.length === 0));
  return vertices.map(v => decode(v.text).split('<br/>')[0]).concat(edges.map(e => decode(e.text).split(',')[0]));
}

function sequence(name, text, db) {
  const messages = db.getMessages().filter(m => m.message !== undefined && m.from && m.to);
  expect(`${name}: only our participants`, [...db.getActors().keys()].every(a => /^p\d+$/.test(a)));
  expect(`${name}: as many participants as were written`,
    db.getActors().size === count(text, /^ +participant p\d+ as /gm));
  expect(`${name}: as many messages and notes as were written`,
    messages.length === count(text, /^ +(p\d+-|Note over)/gm));
  return [...db.getActors().values()].map(a => decode(a.description)).concat(messages.map(m => decode(m.message)));
}

function gantt(name, text, db) {
  const tasks = db.getTasks();
  expect(`${name}: as many tasks as were written`, tasks.length === count(text, /:(crit, )?t\d+, \d+, \d+ms$/gm));
  expect(`${name}: only our ids`, tasks.every(t => /^t\d+$/.test(t.id)));
  expect(`${name}: every task has its time`, tasks.every(t => t.endTime - t.startTime >= 1));
  expect(`${name}: as many sections as were written`,
    new Set(db.getSections()).size === new Set(text.match(/^ +section .*$/gm)).size);
  expect(`${name}: no links`, db.getLinks ? db.getLinks().size === 0 : true);
  return tasks.map(t => decode(t.task)).concat(db.getSections().map(decode));
}

const readers = { 'flowchart-v2': flowchart, sequence, gantt };

async function diagram(name, text, names) {
  expect(`${name}: at most ${MOST_CHARS} characters`, text.length <= MOST_CHARS);
  try {
    const result = await mermaid.parse(text);
    expect(`${name}: no directive is in it`, Object.keys(result.config).length === 0);
    const parsed = await mermaid.mermaidAPI.getDiagramFromText(text);
    expect(`${name}: a kind that we write`, readers[parsed.type] !== undefined);
    names.push(...readers[parsed.type](name, text, parsed.db));
  } catch (e) {
    expect(`${name}: ${e.message}`, false);
  }
}

for (const file of files) {
  const whole = readFileSync(file, 'utf8');
  const fenced = [...whole.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(m => m[1]);
  const names = [];
  let n = 0;
  for (const text of fenced.length ? fenced : [whole])
    await diagram(`${path.basename(file)} #${++n}`, text, names);
  if (/report/.test(file))
    for (const name of hostile)
      expect(`${path.basename(file)}: a name is shown as it is: ${name}`, names.some(n => n.startsWith(name)));
}
console.log(`mermaid: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
