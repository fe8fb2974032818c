// The summary, and the order of the sections.
function levels(level) {
  return facts.graphs.flatMap((graph) => graph.modules).flatMap((module) => module.items).filter((item) => item.level === level).length;
}

function compared(before, after) {
  if (before === after) return [before];
  return [before, h('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'), h('span', { class: after === 'fails' ? 'bad' : 'good' }, after)];
}

function pairOf(timelines) {
  const before = timelines.find((each) => each.side === 'before');
  const after = before && timelines.find((each) => each.side === 'after' && each.title === before.title);
  return before && after ? [before, after] : null;
}

function figure(name, value, kind) {
  return h('div', { class: kind }, h('dt', {}, name), h('dd', {}, value));
}

function leadText(pair) {
  const parts = [];
  const entries = facts.graphs.flatMap((graph) => graph.entries);
  const modules = facts.graphs.reduce((sum, graph) => sum + graph.modules.length, 0);
  if (entries.length) parts.push('Importing ', h('strong', {}, entries.slice(0, 3).join(', ') + (entries.length > 3 ? ` and ${entries.length - 3} more` : '')), ` runs ${counted(modules, 'module')} of this project`);
  const dangerous = levels('DANGEROUS');
  if (entries.length) parts.push(dangerous ? `, and ${counted(dangerous, 'statement')} with a proven effect.` : ', and no statement with a proven effect.');
  if (!facts.graphAlone) {
    const files = facts.files.length;
    parts.push(facts.changes.length ? ` ${counted(facts.changes.length, 'change')} in ${counted(files, 'file')} would make it lazy` : ' There is nothing that lazify would change');
    parts.push(facts.refusals.length ? `; ${counted(facts.refusals.length, 'finding')} ${facts.refusals.length === 1 ? 'is' : 'are'} left as they are, each with its reason.`.replace('is left as they are', 'is left as it is') : '.');
  }
  return parts;
}

function summary() {
  const pair = pairOf(facts.timelines);
  byId('lead').append(...leadText(pair));
  const rows = [];
  if (pair) {
    const [before, after] = pair;
    const failed = before.note || after.note;
    if (failed) rows.push(figure(`Importing ${before.title}`, compared(before.note ? 'fails' : 'works', after.note ? 'fails' : 'works'), 'wide'));
    else rows.push(figure(before.measured ? 'Import, measured' : 'Heavy imports, estimated', compared(time(before.ms), time(after.ms)), 'wide'));
    if (!failed && before.mib && after.mib) rows.push(figure('Peak memory, MiB', compared(Math.round(before.mib).toLocaleString('en'), Math.round(after.mib).toLocaleString('en')), 'wide'));
  }
  if (!facts.graphAlone) {
    rows.push(figure('Changes', facts.changes.length.toLocaleString('en')));
    rows.push(figure('Left as they are', facts.refusals.length.toLocaleString('en')));
  }
  if (facts.graphs.length) {
    rows.push(figure('Proven effects', h('span', { class: levels('DANGEROUS') ? 'bad' : 'good' }, levels('DANGEROUS').toLocaleString('en'))));
    const points = facts.graphs.flatMap((graph) => graph.crash_points).filter((point) => !point.caught_at);
    rows.push(figure('Crash points', points.length.toLocaleString('en')));
    const cycles = facts.graphs.reduce((sum, graph) => sum + graph.cycles.length, 0);
    if (cycles) rows.push(figure('Import cycles', cycles.toLocaleString('en')));
  }
  byId('figures').append(...rows);
  byId('verdict').append(...verdict(), ...failures());
}

function verdict() {
  if (!facts.findings.length) return [];
  const entries = [...new Set(facts.findings.map((each) => each.entry))];
  return [h('h2', {}, 'Verified'), facts.notes.length ? h('p', { class: 'hint' }, facts.notes.join('; ')) : null,
    ...entries.flatMap((entry) => [h('h3', {}, entry), h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': `Verdict on ${entry}` }, h('table', {},
      h('thead', {}, h('tr', {}, ['Aspect', 'Judgement', 'Before', 'After'].map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, facts.findings.filter((each) => each.entry === entry).map((each) => h('tr', {}, h('td', {}, each.aspect), h('td', {}, badge(each.judgement, each.judgement)), h('td', {}, each.before), h('td', {}, each.after))))))])].filter(Boolean);
}

function failures() {
  if (!facts.failures.length) return [];
  return [h('div', { class: 'notice', role: 'note' }, h('strong', {}, 'Not everything could be read'), h('ul', {}, facts.failures.slice(0, 50).map((each) => h('li', {}, place(each.line ? `${each.path}:${each.line}` : each.path), ' ', each.why))))];
}

byId('nav').append(h('li', {}, h('a', { href: '#summary' }, 'Summary')));
summary();
timeSection();
graphSection();
crashSection();
listSections();
