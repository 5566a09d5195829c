// Draws blocks, for each component that shows data (view.js, review.js). Every text becomes a text node: nothing in it is ever read as HTML or Markdown.

const ADDRESS = /^(customer|pair|customers|review|runs|publish|bulk|cohort|proposals)(\?[^#]*)?$/;

function make(tag, names, ...children) {
  const element = document.createElement(tag);
  if (names) element.className = names;
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

function isolated(text) {
  const element = make("bdi", "", document.createTextNode(text));
  element.dir = "auto";
  return element;
}

function line(parts) {
  const whole = isolated("");
  for (const [text, differs] of parts) {
    const node = document.createTextNode(text);
    whole.append(differs ? make("mark", "", node) : node);
  }
  return whole;
}

function content(cell) {
  const inside = document.createDocumentFragment();
  if (cell.pick) inside.append(pick(cell.pick));
  const lines = cell.text ? [[[cell.text, false]]] : cell.lines || [];
  lines.forEach((parts, n) => {
    if (n) inside.append(make("br"));
    inside.append(cell.to ? link(cell, line(parts)) : line(parts));
  });
  if (cell.note) inside.append(make("div", "note", cell.note_to ? link({ to: cell.note_to }, isolated(cell.note)) : isolated(cell.note)));
  if (cell.bar) inside.append(bar(cell.bar));
  if (cell.edit) inside.append(edit(cell.edit));
  return inside;
}

// A box to choose a record with; `number` is the digit that does the same.
function pick({ key, owner, number }) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "picked";
  box.dataset.key = key;
  box.dataset.owner = owner;
  box.setAttribute("aria-label", `Choose ${key}`);
  const label = make("label", "pick", box);
  if (number < 10) label.append(make("kbd", "", document.createTextNode(String(number))));
  return label;
}

function edit({ field, label, value }) {
  const button = make("button", "edit", document.createTextNode("Change"));
  button.type = "button";
  Object.assign(button.dataset, { field, label, value });
  button.setAttribute("aria-label", `Change the ${label}`);
  return button;
}

function link(cell, text) {
  if (!ADDRESS.test(cell.to)) return text;
  const anchor = make("a", "", text);
  anchor.setAttribute("href", cell.to);
  if (cell.says) anchor.setAttribute("aria-label", cell.says);
  anchor.addEventListener("click", (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    open(cell.to);
  });
  return anchor;
}

function bar({ start, size, kind, zero }) {
  const fill = make("div", `fill ${kind}`);
  fill.style.insetInlineStart = `${start}%`;
  fill.style.width = `${size}%`;
  const middle = make("div", "zero");
  middle.style.insetInlineStart = `${zero}%`;
  const track = make("div", "track", middle, fill);
  track.setAttribute("aria-hidden", "true");
  return track;
}

function table(block) {
  const head = make("tr");
  for (const column of block.columns) {
    const cell = make("th", column.kind, content(column));
    cell.scope = "col";
    head.append(cell);
  }
  const body = make("tbody");
  for (const row of block.rows) {
    const opens = row.to && ADDRESS.test(row.to);
    const tr = make("tr", [opens ? "opens" : "", row.kind || ""].join(" ").trim());
    if (row.kind === "chosen") tr.setAttribute("aria-current", "true");
    row.cells.forEach((cell, n) => {
      const heads = n === 0 && block.row_heads;
      const element = make(heads ? "th" : "td", block.columns[n].kind, content(cell));
      if (heads) element.scope = "row";
      tr.append(element);
    });
    if (opens)
      tr.addEventListener("click", () => {
        if (String(window.getSelection()) === "") open(row.to);
      });
    body.append(tr);
  }
  const whole = make("table", block.row_heads ? "fixed-head" : "", make("caption", "", document.createTextNode(block.caption)), make("thead", "", head), body);
  const scroll = make("div", "scroll", whole);
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", block.caption);
  return scroll;
}

function beside(block) {
  return make("div", "beside", ...[block.left, block.right].map((blocks) => make("div", "", ...blocks.map(draw))));
}

function folded(block) {
  const whole = make("details", "", make("summary", "", isolated(block.text)), ...block.blocks.map(draw));
  whole.open = block.opened;
  return whole;
}

function status(block) {
  const whole = make("p", "status", isolated(block.text));
  whole.setAttribute("role", "status");
  return whole;
}

function facts(block) {
  const list = make("dl");
  for (const [label, cell] of block.items)
    list.append(make("div", "", make("dt", "", document.createTextNode(label)), make("dd", "", content(cell))));
  return list;
}

function notice(block) {
  const inside = make("div", `notice ${block.tone}`, make("p", "", make("strong", "", isolated(block.text))));
  if (block.next) inside.append(make("p", "", isolated(block.next)));
  inside.setAttribute("role", block.tone === "problem" ? "alert" : "status");
  for (const cell of block.links || []) inside.append(make("p", "", content(cell)));
  return inside;
}

function drawn(tag, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.append(document.createTextNode(text));
  return element;
}

function graph(block) {
  const whole = drawn("svg", { viewBox: `0 0 ${block.width} ${block.height}`, class: "graph", role: "img" });
  whole.setAttribute("aria-label", block.label);
  for (const { x1, y1, x2, y2, kind, says } of block.edges) {
    const edge = drawn("line", { x1, y1, x2, y2, class: kind });
    edge.append(drawn("title", {}, says));
    whole.append(edge);
  }
  const middle = block.height / 2;
  for (const { x, y, text, side } of block.nodes) {
    const beside = { start: 10, middle: 0, end: -10 }[side];
    const above = side === "middle" ? (y < middle ? -12 : 20) : 4;
    whole.append(drawn("circle", { cx: x, cy: y, r: 6 }));
    whole.append(drawn("text", { x: x + beside, y: y + above, "text-anchor": side }, text));
  }
  return whole;
}

const DRAW = {
  heading: (b) => make(b.level === 1 ? "h1" : "h2", "", isolated(b.text)),
  note: (b) => make("p", "note", isolated(b.text)),
  text: (b) => make("p", "", isolated(b.text)),
  list: (b) => make("ol", "", ...b.items.map((text) => make("li", "", isolated(text)))),
  footer: (b) => make("footer", "quiet", ...b.lines.map((text) => make("p", "", isolated(text)))),
  table,
  graph,
  facts,
  notice,
  beside,
  folded,
  status,
};

function draw(block) {
  return DRAW[block.kind](block);
}

// Goes to another page as the browser's own Back and Forward do, so that both lead back to the same search and place.
function open(address) {
  history.pushState({}, "", address);
  window.dispatchEvent(new PopStateEvent("popstate"));
}
