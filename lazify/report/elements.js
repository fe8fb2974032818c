// Elements are made one by one, and text is text: nothing here reads HTML.
const facts = JSON.parse(document.getElementById('facts').textContent);
const byId = (id) => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'onclick') element.addEventListener('click', value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}
const h = (tag, attributes, ...children) => filled(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);

const counted = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
const badge = (text, kind) => h('span', { class: `badge ${kind || ''}` }, text);
const place = (at) => (at ? h('span', { class: 'at' }, typeof at === 'string' ? at : `${at.path}:${at.line}`) : null);
// The source of a fact stands in brackets at its end: for those who doubt it, in the JSON.
const bare = (fact) => fact.split(' [')[0];

function time(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10000 ? 1 : 2)}\u00a0s`;
  return `${ms >= 10 ? Math.round(ms) : Math.round(ms * 10) / 10}\u00a0ms`;
}

// Facts with arrows between them; each with its place, if it has one.
function chain(why) {
  const links = why.map((link) => (Array.isArray(link) ? link : [link.fact, link.at]));
  return h('ol', { class: 'chain' }, links.map(([fact, at]) => h('li', {}, h('code', {}, at ? fact : bare(fact)), ' ', place(at))));
}

// What must hold for a chain to run, in its order.
function conditions(found) {
  return found.length ? h('div', { class: 'at' }, 'condition: ', found.map((each, number) => [number ? ', ' : '', h('code', {}, each.fact), ' ', place(each.at)])) : null;
}

// A part that is made when somebody opens it.
function opening(attributes, summary, fill) {
  const details = h('details', attributes, summary);
  let isMade = false;
  const make = () => {
    if (!isMade && details.open) {
      isMade = true;
      details.append(...[fill()].flat());
    }
  };
  details.addEventListener('toggle', make);
  details.make = () => { details.open = true; make(); };
  if (details.open) make();
  return details;
}

function shownSection(id, name, ...children) {
  const section = byId(id);
  section.hidden = false;
  section.lastElementChild.append(...children.flat());
  byId('nav').append(h('li', {}, h('a', { href: `#${id}` }, name)));
}
