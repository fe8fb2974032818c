// The import chain as a tree: each module once, made when it is opened.
const isLoud = (item) => item.type !== 'import' || item.turn === 'running';

function prepared(graph) {
  // Count what happens in each module and below it, from the last to begin to the first.
  const nodes = new Map(graph.modules.map((module) => [module.path, { ...module, dangerous: 0, risky: 0, ms: 0, modules: 1, isLoud: false }]));
  for (const node of [...nodes.values()].reverse()) {
    for (const item of node.items) {
      node.isLoud = node.isLoud || isLoud(item);
      if (item.level === 'DANGEROUS') node.dangerous += 1;
      if (item.level === 'RISKY') node.risky += 1;
      if (item.type === 'heavy import' && item.first) node.ms += item.ms || 0;
      const child = item.type === 'import' && item.turn === 'first' ? nodes.get(item.module_path) : null;
      if (child && child !== node) {
        for (const key of ['dangerous', 'risky', 'ms', 'modules']) node[key] += child[key];
        node.isLoud = node.isLoud || child.isLoud;
      }
    }
  }
  return nodes;
}

function fated(fate) {
  if (!fate) return null;
  if (fate.mended) return [badge(fate.code, 'mended'), ' ', h('span', {}, fate.title)];
  return [badge(`${fate.code} stays`, 'pinned'), ' ', h('span', {}, fate.reason), ' ', place(fate.pinned_by)];
}

function statement(item) {
  const worst = item.effects[0];
  const kinds = [...new Set(item.effects.filter((effect) => item.level === 'RISKY' || effect.kind !== 'unknown').map((effect) => effect.kind))];
  return h('li', { class: 'statement' }, badge(item.level, item.level), ' ', kinds.length ? h('span', { class: 'at' }, `${kinds.join(', ')} `) : null, h('code', {}, item.text), ' ', place(item),
    worst ? conditions(worst.conditions) : null,
    item.safe_because ? h('div', { class: 'hint' }, bare(item.safe_because)) : null,
    worst && worst.why.length > 2 ? chain(worst.why) : null, item.fate ? h('div', {}, fated(item.fate)) : null);
}

function load(item, node) {
  const cost = item.ms === null ? 'heavy by --heavy' : `${time(item.ms)}, ${item.mib} MiB`;
  return h('li', { class: 'statement' }, badge('HEAVY', 'HEAVY'), ' ', h('span', { class: 'name' }, item.package), ` ${cost} `, item.ms === null ? null : badge(item.measured ? 'measured' : 'estimated'), ' ', place(item),
    around(item), item.fate ? h('div', {}, fated(item.fate)) : null,
    !item.fate && node.kept_out_at ? h('div', {}, badge('kept out', 'mended'), ' by the deferred import at ', place(node.kept_out_at)) : null);
}

function around(item) {
  const words = [item.why.length ? 'in a function that runs' : '', item.guard ? 'optional: a failure is caught' : '', !item.guard && item.conditional ? 'under a condition' : ''].filter(Boolean);
  return words.length ? h('span', { class: 'at' }, ` ${words.join(', ')}`) : null;
}

function branch(item, node, nodes, depth) {
  const own = [node.dangerous ? badge(`${node.dangerous} DANGEROUS`, 'DANGEROUS') : null, node.risky ? badge(`${node.risky} RISKY`, 'RISKY') : null, node.ms ? badge(time(node.ms), 'HEAVY') : null];
  const edge = item && item.fate ? badge(item.fate.mended ? `✂ ${item.fate.code}` : 'pinned', item.fate.mended ? 'cut' : 'pinned') : null;
  const summary = h('summary', {}, h('span', { class: 'name' }, node.name), own, edge, place(item || node.path), item ? around(item) : null);
  if (!node.items.length) return h('li', { class: 'quiet' }, node.name, ' ', place(item || node.path));
  return h('li', {}, opening({ open: node.isLoud && depth < 2 }, summary, () => inside(node, nodes, depth)));
}

function inside(node, nodes, depth) {
  const quiet = [];
  const again = [];
  const rows = [];
  for (const item of node.items) {
    if (item.type === 'statement') rows.push(statement(item));
    else if (item.type === 'heavy import' && !item.first && !item.fate) again.push(item.package);
    else if (item.type === 'heavy import') rows.push(load(item, node));
    else if (item.turn === 'running') rows.push(h('li', { class: 'statement' }, badge('cycle', 'RISKY'), ' ', h('code', {}, item.text), ` finds ${item.module} half-done `, place(item)));
    else if (item.turn === 'later') again.push(item.module);
    else if (nodes.get(item.module_path).isLoud) rows.push(branch(item, nodes.get(item.module_path), nodes, depth + 1));
    else quiet.push([item, nodes.get(item.module_path)]);
  }
  if (again.length) rows.push(h('li', { class: 'quiet' }, `loaded above: ${[...new Set(again)].join(', ')}`));
  if (quiet.length) {
    const number = quiet.reduce((sum, [, child]) => sum + child.modules, 0);
    rows.push(h('li', {}, opening({ class: 'quiet' }, h('summary', {}, `${counted(number, 'module')} in which nothing happens`), () => h('ul', {}, quiet.map(([item, child]) => branch(item, child, nodes, depth + 1))))));
  }
  return h('ul', {}, rows);
}

function graphSection() {
  const graphs = facts.graphs.filter((graph) => graph.modules.length);
  if (!graphs.length) return;
  shownSection('graph', 'Graph',
    h('p', { class: 'hint' }, 'Imports in the order in which Python runs them, each module once. Nothing was run in order to find this out.'),
    graphs.map((graph) => {
      const nodes = prepared(graph);
      const inner = new Set(graph.modules.flatMap((module) => module.items.filter((item) => item.type === 'import' && item.turn === 'first').map((item) => item.module_path)));
      const roots = [...nodes.values()].filter((node) => !inner.has(node.path) && (graph.entries.includes(node.name) || node.isLoud));
      return [h('h3', {}, graph.entries.join(', ')), h('p', { class: 'hint' }, graph.totals), ...drawnGraph(graph).filter(Boolean),
        h('ul', { class: 'tree' }, roots.map((node) => branch(null, node, nodes, 0))), ...cycles(graph), ...folders(graph)];
    }).flat());
}

function cycles(graph) {
  if (!graph.cycles.length) return [];
  return [h('h3', {}, 'Import cycles'), ...graph.cycles.map((cycle) => h('div', { class: 'cycle' },
    opening({}, h('summary', {}, h('strong', {}, counted(cycle.modules.length, 'module')), ` that import each other: ${cycle.modules.slice(0, 4).join(', ')}${cycle.modules.length > 4 ? ' …' : ''}`),
      () => [...cycle.closed_by.slice(0, 100).map((each) => h('div', { class: 'statement' }, h('code', {}, [each.module, ...each.way.map((step) => step.module), each.module].join(' → ')), ' ', place(each),
        h('div', { class: 'hint' }, `${each.text} ${each.names.length ? `takes ${each.names.join(', ')}` : 'takes the module alone'} while ${each.module} waits at ${each.waiting_at.path}:${each.waiting_at.line}`),
        each.missing.length ? h('div', {}, badge('at risk', 'DANGEROUS'), ` ${each.missing.join(', ')}: bound below that line`) : null)),
      ...cycle.breaks.map((each) => h('div', { class: 'statement' }, badge('order', 'RISKY'), ` fails if ${each.first} is imported first: ${each.names.join(', ')} of ${each.module} is not there yet `, place(each)))])))];
}

function folders(graph) {
  if (!graph.missing_inits.length) return [];
  return [h('h3', {}, 'Packages without __init__.py'), h('ul', {}, graph.missing_inits.map((each) => h('li', {}, h('code', {}, `${each.folder}/`), ` (${counted(each.modules, 'module')}, beside ${each.beside}/), imported at `, place(each.imported_at))))];
}
