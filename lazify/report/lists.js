// Lists that can be filtered by code, level and text, and grow as they are read.
const PAGE = 60;

function chips(label, values, chosen, changed) {
  return h('div', { class: 'chips', role: 'group', 'aria-label': label }, values.map(([value, number]) => {
    const button = h('button', { class: 'chip', type: 'button', 'aria-pressed': 'false', onclick: () => {
      if (chosen.has(value)) chosen.delete(value); else chosen.add(value);
      button.setAttribute('aria-pressed', String(chosen.has(value)));
      changed();
    } }, `${value} ${number}`);
    return button;
  }));
}

function tally(items, key) {
  const numbers = new Map();
  for (const item of items) numbers.set(item[key], (numbers.get(item[key]) || 0) + 1);
  return [...numbers].sort(([one], [other]) => (one < other ? -1 : 1));
}

function filterable(items, noun, texts, row) {
  const codes = new Set();
  const levels = new Set();
  const words = items.map((item) => texts(item).join('\n').toLowerCase());
  const list = h('div', { class: 'cards' });
  const count = h('p', { class: 'hint', role: 'status' });
  const more = h('button', { class: 'plain', type: 'button', onclick: () => grow() }, 'Show more');
  const search = h('input', { type: 'search', placeholder: `Search ${noun}s`, 'aria-label': `Search ${noun}s`, autocomplete: 'off', spellcheck: 'false' });
  let found = [];
  let shown = 0;

  function grow() {
    list.append(...found.slice(shown, shown + PAGE).map(row));
    shown = Math.min(shown + PAGE, found.length);
    more.hidden = shown >= found.length;
  }
  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = items.filter((item, number) => (!codes.size || codes.has(item.code)) && (!levels.size || levels.has(item.level)) && wanted.every((word) => words[number].includes(word)));
    list.replaceChildren();
    shown = 0;
    count.textContent = found.length === items.length ? counted(items.length, noun) : `${found.length.toLocaleString('en')} of ${counted(items.length, noun)}`;
    grow();
  }
  let waiting = 0;
  search.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
  filter();
  const [byCode, byLevel] = [tally(items, 'code'), tally(items, 'level')];
  return [h('div', { class: 'tools', role: 'search' }, search, byCode.length > 1 ? chips('By code', byCode, codes, filter) : null, byLevel.length > 1 ? chips('By level', byLevel, levels, filter) : null), count, list, more];
}

function diff(hunks) {
  // Hunks come by file, each with the file's name above it.
  const parts = [];
  let last = -1;
  for (const [number, index] of hunks) {
    const file = facts.files[number];
    if (number !== last) parts.push(h('h4', {}, file.path));
    last = number;
    const hunk = file.hunks[index];
    const kinds = { '+': 'plus', '-': 'minus' };
    const lines = hunk.lines.split('\n').map((line) => h('span', { class: kinds[line[0]] || null }, line));
    parts.push(h('div', { class: 'diff', tabindex: 0, role: 'region', 'aria-label': `Diff of ${file.path}` }, h('pre', {}, h('span', { class: 'head' }, hunk.head), lines)));
  }
  return parts;
}

function changed(item) {
  return opening({ class: 'item' }, h('summary', {}, badge(item.code, item.level), h('span', { class: 'name' }, item.title), place(item.at)), () => h('div', { class: 'body' },
    h('h4', {}, 'Why'), chain(item.why), item.notes.map((note) => h('p', { class: 'notice' }, note)),
    item.hunks.length ? [h('h4', {}, 'Diff'), diff(item.hunks)] : h('p', { class: 'hint' }, 'This change has no lines of its own.')));
}

function refused(item) {
  return opening({ class: 'item' }, h('summary', {}, badge(item.code, item.level), h('span', { class: 'name' }, item.title), place(item.at), h('span', { class: 'reason' }, item.reason)), () => h('div', { class: 'body' },
    item.why.length ? [h('h4', {}, 'What it does'), chain(item.why)] : null,
    item.pin ? [h('h4', {}, 'What keeps it there'), h('p', {}, place(item.pin))] : null));
}

const saidBy = (item) => [item.code, item.title, item.at, item.reason || '', ...item.why.map(([fact]) => fact)];

function listSections() {
  if (facts.changes.length) {
    shownSection('changes', 'Changes', h('p', { class: 'hint' }, 'Each can be taken or left by itself with `lazify apply -i`. Hunks that several changes share stand with each of them.'),
      filterable(facts.changes, 'change', saidBy, changed));
  }
  if (facts.refusals.length) {
    shownSection('refusals', 'Left as it is', h('p', { class: 'hint' }, 'lazify found these and leaves them alone, for the reason that stands with each.'),
      filterable(facts.refusals, 'finding', saidBy, refused));
  }
}

function crashSection() {
  const points = facts.graphs.flatMap((graph) => graph.crash_points).filter((point) => !point.caught_at);
  if (!points.length) return;
  const row = (point) => h('li', {}, h('span', { class: 'rank' }, `${point.rank}.`), h('div', {}, h('div', {}, badge(facts.causes[point.cause], point.cause === 'CERTAIN' ? 'DANGEROUS' : ''), ' ', point.conditional && !point.conditions.length ? h('span', { class: 'at' }, 'under a condition ') : null, h('code', {}, point.text), ' ', place(point)), point.why.length > 2 ? chain(point.why) : null, conditions(point.conditions)));
  const list = h('ol', { class: 'ranked' }, points.slice(0, 12).map(row));
  const more = h('button', { class: 'plain', type: 'button', hidden: points.length <= 12, onclick: () => { list.append(...points.slice(12).map(row)); more.hidden = true; } }, `Show ${points.length - 12} more`);
  const caught = facts.graphs.flatMap((graph) => graph.crash_points).length - points.length;
  shownSection('crashes', 'Crash points', h('p', { class: 'hint' }, `Statements whose failure fails the whole import, the most likely first.${caught ? ` ${counted(caught, 'more')} would be caught on the way.`.replace('mores', 'more') : ''}`), list, more);
}
