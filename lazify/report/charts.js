// Icicle charts: time from left to right, what loaded what from top to bottom.
const ROW = 25;
const LEAST = 0.0018; // of the width: narrower slices are not drawn
const NARROW = 0.022; // narrower ones have no room for a name

function numbered(slices) {
  // Slices with their start, depth and parent, in the order of loading.
  const all = [];
  const place = (list, start, depth, parent) => {
    let at = start;
    for (const slice of list) {
      const found = { ...slice, start: at, depth, parent, first: null, own: slice.ms - (slice.below || []).reduce((sum, each) => sum + each.ms, 0) };
      if (parent && !parent.first) parent.first = found;
      all.push(found);
      place(slice.below || [], at, depth + 1, found);
      at += slice.ms;
    }
  };
  place(slices, 0, 0, null);
  return all;
}

function ticks(from, length, share) {
  const rough = length / Math.max(2, 8 * share);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const marks = [];
  for (let at = Math.ceil(from / step) * step; at <= from + length * 0.97; at += step) {
    const mark = h('span', {}, at === 0 ? '0' : time(at));
    mark.style.left = `${((at - from) / length) * 100}%`;
    marks.push(mark);
  }
  return h('div', { class: 'ticks', 'aria-hidden': 'true' }, marks);
}

function icicle(timeline, longest) {
  const all = numbered(timeline.slices);
  const whole = Math.max(timeline.ms, all.reduce((most, each) => Math.max(most, each.start + each.ms), 0));
  const share = longest ? Math.min(Math.max(whole / longest, 0.004), 1) : 1;
  const field = h('div', { class: 'field', role: 'group', 'aria-label': `Modules that importing ${timeline.title} loads, ${timeline.side}. Arrow keys move, Enter zooms, Escape shows all.` });
  const detail = h('p', { class: 'detail', 'aria-live': 'polite' });
  const axis = h('div');
  const reset = h('button', { class: 'plain', type: 'button', hidden: true, onclick: () => draw(null) }, 'Show all');
  let zoomed = null;
  let current = null;

  function tell(slice) {
    const part = whole ? ` (${((slice.ms / whole) * 100).toFixed(1)} %)` : '';
    const own = slice.below ? `, ${time(Math.max(slice.own, 0))} by itself` : '';
    detail.replaceChildren(h('strong', {}, slice.name), ` ${time(slice.ms)}${part}${own} `, place(slice.at));
  }
  function draw(root) {
    const isFocused = field.contains(document.activeElement);
    zoomed = root;
    const from = root ? root.start : 0;
    const length = root ? root.ms : whole;
    const shown = all.filter((each) => each.ms / length >= LEAST && each.start < from + length && each.start + each.ms > from);
    const deepest = shown.reduce((most, each) => Math.max(most, each.depth), 0);
    field.style.height = `${(deepest + 1) * ROW - 1}px`;
    field.style.width = `${(root ? 1 : share) * 100}%`;
    axis.style.width = field.style.width;
    field.replaceChildren(...shown.map((each) => sliced(each, from, length)));
    axis.replaceChildren(length > 0 ? ticks(from, length, root ? 1 : share) : '');
    reset.hidden = !root;
    focusOn(shown.includes(current) ? current : root || shown[0], isFocused);
  }
  function sliced(each, from, length) {
    const start = Math.max(each.start, from);
    const end = Math.min(each.start + each.ms, from + length);
    const isNarrow = (end - start) / length < NARROW;
    const button = h('button', { class: `slice ${each.kind}${isNarrow ? ' narrow' : ''}`, type: 'button', tabindex: -1, 'aria-label': `${each.name}, ${time(each.ms)}`, onclick: () => { current = each; draw(zoomed === each ? each.parent : each); } }, isNarrow ? '' : each.name);
    button.style.left = `${((start - from) / length) * 100}%`;
    button.style.width = `calc(${((end - start) / length) * 100}% - 1px)`;
    button.style.top = `${each.depth * ROW}px`;
    button.addEventListener('pointerenter', () => tell(each));
    button.addEventListener('focus', () => { focusOn(each, false); tell(each); });
    button.addEventListener('keydown', (event) => move(event, each));
    each.button = button;
    return button;
  }
  function focusOn(slice, isMoving) {
    if (!slice || !slice.button) return;
    if (current && current.button) current.button.tabIndex = -1;
    current = slice;
    slice.button.tabIndex = 0;
    if (isMoving) slice.button.focus();
  }
  function move(event, each) {
    const drawn = all.filter((other) => other.button && other.button.isConnected);
    const level = drawn.filter((other) => other.depth === each.depth);
    const next = {
      ArrowRight: level[level.indexOf(each) + 1],
      ArrowLeft: level[level.indexOf(each) - 1],
      ArrowDown: drawn.find((other) => other.parent === each),
      ArrowUp: each.parent,
    };
    if (event.key === 'Escape' && zoomed) draw(null);
    else if (!(event.key in next)) return;
    focusOn(event.key === 'Escape' ? each : next[event.key], true);
    event.preventDefault();
  }
  draw(null);
  const figure = h('figure', { class: `chart ${timeline.measured ? '' : 'estimated'}` },
    h('figcaption', {},
      h('strong', {}, { before: 'Before', after: 'After', now: 'Now' }[timeline.side] || timeline.side),
      h('span', { class: 'length' }, `${timeline.measured || !timeline.ms ? '' : 'about '}${time(timeline.ms)}`),
      badge(timeline.measured ? 'measured' : 'estimated'),
      timeline.mib ? h('span', { class: 'at' }, `${Math.round(timeline.mib)} MiB`) : null,
      timeline.modules ? h('span', { class: 'at' }, counted(timeline.modules, 'module')) : null,
      reset),
    timeline.note ? h('p', { class: 'notice' }, timeline.note) : null,
    all.length ? [field, axis, detail, asTable(all)] : h('p', { class: 'hint' }, timeline.measured ? 'No module is known by name.' : 'Nothing heavy is imported any more.'));
  return figure;
}

function asTable(all) {
  const dear = [...all].sort((one, other) => other.own - one.own).slice(0, 25);
  return opening({}, h('summary', {}, 'The dearest modules as a table'), () => h('div', { class: 'table' }, h('table', {},
    h('thead', {}, h('tr', {}, h('th', {}, 'Module'), h('th', { class: 'number' }, 'By itself'), h('th', { class: 'number' }, 'With what it loads'), h('th', {}, 'Loaded at'))),
    h('tbody', {}, dear.map((each) => h('tr', {}, h('td', {}, each.name), h('td', { class: 'number' }, time(Math.max(each.own, 0))), h('td', { class: 'number' }, time(each.ms)), h('td', { class: 'at' }, each.at || '')))))));
}

function timeSection() {
  const drawn = facts.timelines.filter((each) => each.slices.length || each.measured);
  if (!drawn.length) return;
  const titles = [...new Set(drawn.map((each) => each.title))];
  const isMeasured = drawn.some((each) => each.measured);
  shownSection('time', 'Time',
    h('p', { class: 'hint' }, isMeasured
      ? 'Each box is a module, as wide as its import took; below it stands what it loaded. Choose one to zoom in.'
      : 'Nobody has measured this project yet, so these are the listed costs of heavy modules alone, those under a condition included, drawn below the modules that import them. For real figures, give this report what `lazify profile --format json` or `lazify verify --format json` wrote, with --evidence.'),
    titles.map((title) => {
      const group = drawn.filter((each) => each.title === title);
      const longest = Math.max(...group.map((each) => each.ms));
      return [h('h3', {}, title), ...facts.timelines.filter((each) => each.title === title).map((each) => icicle(each, longest))];
    }).flat());
}
