// The import graph as boxes and arrows; where each stands was worked out before.
const MARGIN = 24;

function clipped(text, most) {
  // The end of a dotted name tells more than its beginning.
  return text.length <= most ? text : `…${text.slice(text.length - most + 1)}`;
}

function boxed(box, size) {
  const lines = box.label.map((line, number) => s('text', { x: 10, y: box.label.length > 1 ? 17 + number * 14 : 24 }, clipped(line, number ? 32 : 26)));
  const group = s('g', { class: `box ${box.style}${box.keptOut ? ' gone' : ''}`, transform: `translate(${box.x + MARGIN},${box.y + MARGIN})` },
    s('rect', { width: size.width, height: size.height, rx: 9 }), lines);
  group.append(s('title', {}, box.label.join('\n') + (box.keptOut ? '\nkept out by a deferred import' : '')));
  return group;
}

function lined(arrow, boxes, size) {
  const [from, to] = [boxes[arrow.from], boxes[arrow.to]];
  const isBack = to.x <= from.x;
  const x1 = from.x + MARGIN + size.width;
  const y1 = from.y + MARGIN + size.height / 2;
  const x2 = to.x + MARGIN + (isBack ? size.width : 0);
  const y2 = to.y + MARGIN + size.height / 2;
  const bend = isBack ? 46 : Math.max(30, (x2 - x1) / 2);
  const path = `M${x1},${y1} C${x1 + bend},${y1} ${x2 + (isBack ? bend : -bend)},${y2} ${x2},${y2}`;
  const kind = arrow.style === 'in a function' ? 'call' : arrow.style;
  const line = s('path', { class: `arrow-line ${kind}`, d: path, 'marker-end': `url(#head-${kind})` });
  if (!arrow.label) return [line];
  const text = arrow.style === 'cut' ? `✂ ${arrow.label}` : arrow.label;
  return [line, s('text', { class: `arrow-label ${arrow.style}`, x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 4, 'text-anchor': 'middle' }, clipped(text, 26))];
}

function heads() {
  const colours = { import: 'var(--other)', call: 'var(--other)', cut: 'var(--accent)', pinned: 'var(--pinned)', cycle: 'var(--risky)' };
  return s('defs', {}, Object.entries(colours).map(([kind, colour]) => s('marker', { id: `head-${kind}`, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' }, s('path', { d: 'M0,0 L8,4 L0,8 z', fill: colour }))));
}

function drawnGraph(graph) {
  const { boxes, arrows, width, height, leftOut } = graph.picture;
  if (boxes.length < 2) return [];
  const size = { width, height };
  const known = Object.fromEntries(boxes.map((box) => [box.key, box]));
  const right = Math.max(...boxes.map((box) => box.x)) + width + 2 * MARGIN + 24;
  const bottom = Math.max(...boxes.map((box) => box.y)) + height + 2 * MARGIN;
  const order = ['import', 'in a function', 'cycle', 'pinned', 'cut'];
  const lines = [...arrows].sort((one, other) => order.indexOf(one.style) - order.indexOf(other.style)).map((arrow) => lined(arrow, known, size)).flat();
  const labels = lines.filter((line) => line.tagName === 'text');
  const cuts = arrows.filter((arrow) => arrow.style === 'cut').length;
  const picture = s('svg', { width: right, height: bottom, viewBox: `0 0 ${right} ${bottom}`, role: 'img', 'aria-label': `Import graph of ${graph.entries.join(', ')}: ${counted(boxes.length, 'box')}, ${counted(cuts, 'deferred import')}. The tree below says the same in words.` },
    heads(), lines.filter((line) => line.tagName !== 'text'), boxes.map((box) => boxed(box, size)), labels);
  return [h('div', { class: 'canvas', tabindex: 0, role: 'region', 'aria-label': 'Picture of the import graph, scrolls' }, picture), legend(cuts),
    leftOut ? h('p', { class: 'hint' }, `${counted(leftOut, 'module')} in which less happens ${leftOut === 1 ? 'is' : 'are'} left out of the picture; the tree has all of them.`) : null];
}

function legend(cuts) {
  const entries = [['entry', 'entry point'], ['dangerous', 'a proven effect'], ['risky', 'unknown code runs'], ['heavy', 'heavy package'], ['line', 'pinned'], ['line bow', 'closes a cycle']];
  if (cuts) entries.splice(4, 0, ['line dash', 'deferred by lazify']);
  return h('ul', { class: 'legend' }, entries.map(([kind, words]) => h('li', {}, h('i', { class: kind, 'aria-hidden': 'true' }), words)));
}
