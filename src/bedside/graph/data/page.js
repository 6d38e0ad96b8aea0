"use strict";
const told = JSON.parse(document.getElementById("told").textContent);
const SVG = "http://www.w3.org/2000/svg", NARROW = 640, ROW = 34;
let lang = told.lang, chosen = -1;
const words = () => told.words[lang];
const name = one => one[lang] || one.id;

function make(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}
function html(tag, text, kind) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
// what does not fit is cut
const pen = document.createElement("canvas").getContext("2d");
function fit(text, width, bold) {
  pen.font = `${bold ? "620 " : ""}13px ${getComputedStyle(document.body).fontFamily}`;
  if (pen.measureText(text).width <= width) return text;
  const letters = [...text];
  let low = 0, high = letters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pen.measureText(letters.slice(0, middle).join("") + "…").width <= width) low = middle; else high = middle - 1;
  }
  return letters.slice(0, low).join("").trimEnd() + "…";
}
function counts(edge) {
  const [yes, no, open] = edge.counts, said = [String(yes)];
  if (no) said.push(words().negated + " " + no);
  if (open) said.push(words().uncertain + " " + open);
  return said.join(" · ");
}
function arrow(edge) { return !edge.directed ? "—" : edge.out ? "→" : "←"; }

// the edges by side and relation: what points here at the left, what points away at the right
function groups(edges) {
  const by = new Map();
  edges.forEach((edge, at) => {
    const key = (edge.out ? "1" : "0") + edge.relation.en;
    if (!by.has(key)) by.set(key, { out: edge.out, edge, rows: [] });
    by.get(key).rows.push({ edge, at });
  });
  return [...by.values()];
}
function laid(some, top) {
  const rows = [];
  let y = top;
  for (const group of some) {
    rows.push({ y: y + 14, title: group });
    y += 24;
    for (const row of group.rows) { rows.push({ y: y + ROW / 2, ...row }); y += ROW; }
    y += 12;
  }
  return { rows, height: y };
}
function draw() {
  const place = document.getElementById("picture"), width = Math.max(280, Math.round(place.clientWidth));
  const narrow = width < NARROW, all = groups(told.edges);
  const svg = make("svg", { role: "group", "aria-label": words().picture });
  const links = make("g"), nodes = make("g");
  svg.append(links, nodes);
  let height;
  if (narrow) {
    const one = laid(all, 74);
    height = one.height;
    links.append(make("circle", { cx: 18, cy: 34, r: 9, fill: `var(--${told.centre.kind})` }));
    nodes.append(make("text", { x: 36, y: 39, "font-weight": 620 }, fit(name(told.centre), width - 46, true)));
    for (const row of one.rows) put(row, { x: 52, width: width - 56, from: [18, 44], to: 42, bend: "down" }, links, nodes);
  } else {
    const left = laid(all.filter(g => !g.out), 16), right = laid(all.filter(g => g.out), 16);
    height = Math.max(left.height, right.height, 160);
    const both = left.rows.length > 0 && right.rows.length > 0;
    const middle = height / 2, label = both ? width * 0.37 : width * 0.5;
    const cx = both ? width / 2 : right.rows.length ? width * 0.16 : width * 0.84;
    for (const [side, out] of [[left, false], [right, true]]) {
      const shift = (height - side.height) / 2;
      for (const row of side.rows) {
        row.y += shift;
        const x = out ? width - label : 0;
        put(row, { x, width: label, from: [cx + (out ? 16 : -16), middle], to: out ? x - 4 : label + 4, bend: "side", out }, links, nodes);
      }
    }
    links.append(make("circle", { cx, cy: middle, r: 13, fill: `var(--${told.centre.kind})` }));
    const anchor = both ? "middle" : right.rows.length ? "start" : "end";
    const room = both ? width * 0.25 : width * 0.32;
    nodes.append(make("text", { x: both ? cx : right.rows.length ? 0 : width, y: middle + 32, "text-anchor": anchor, "font-weight": 620 }, fit(name(told.centre), room, true)));
  }
  if (!told.edges.length) nodes.append(make("text", { x: 16, y: 90 }, words().none));
  svg.setAttribute("viewBox", `0 0 ${width} ${Math.ceil(height)}`);
  place.replaceChildren(svg);
}
function put(row, at, links, nodes) {
  const right = at.bend === "down" || at.out;
  if (row.title) {
    const said = `${lang === "zh" ? row.title.edge.relation.zh : row.title.edge.relation.en}`;
    const shown = row.title.out || !row.title.edge.directed ? said + " →" : "← " + said;
    nodes.append(make("text", { class: "relation", x: right ? at.x : at.x + at.width, y: row.y, "text-anchor": right ? "start" : "end" }, shown));
    return;
  }
  const { edge } = row, own = row.at, against = edge.counts[0] > 0 && edge.counts[1] > 0 || edge.counts[0] === 0;
  const [x0, y0] = at.from, y = row.y;
  const d = at.bend === "down" ? `M${x0} ${y0} V${y - 8} Q${x0} ${y} ${x0 + 8} ${y} H${at.to}`
    : `M${x0} ${y0} C${(x0 + at.to) / 2} ${y0} ${(x0 + at.to) / 2} ${y} ${at.to} ${y}`;
  const thick = Math.min(6, 1 + Math.log2(1 + Math.max(edge.counts[0], edge.counts[1])));
  links.append(make("path", { class: `link${against ? " against" : ""}${edge.weak ? " weak" : ""}`, d, "stroke-width": thick.toFixed(1) }));
  const node = make("g", { class: "node", role: "button", tabindex: "0", "data-at": own, "aria-pressed": String(own === chosen) });
  const relation = lang === "zh" ? edge.relation.zh : edge.relation.en;
  node.setAttribute("aria-label", `${relation} ${arrow(edge)} ${name(edge.other)}, ${words()[edge.other.kind]}, ${counts(edge)} ${words().references}`);
  const number = counts(edge), room = at.width - 34 - number.length * 7.2;
  node.append(make("rect", { class: "hit", x: at.x, y: y - ROW / 2 + 2, width: at.width, height: ROW - 4, rx: 6 }));
  const dot = right ? at.x + 12 : at.x + at.width - 12;
  node.append(make("circle", { cx: dot, cy: y, r: 6, fill: `var(--${edge.other.kind})` }));
  node.append(make("text", { x: right ? dot + 12 : dot - 12, y: y + 4.5, "text-anchor": right ? "start" : "end" }, fit(name(edge.other), room)));
  node.append(make("text", { class: "count", x: right ? at.x + at.width - 4 : at.x + 4, y: y + 4, "text-anchor": right ? "end" : "start" }, number));
  node.append(make("title", {}, `${name(edge.other)} (${edge.other.id})`));
  node.addEventListener("click", () => choose(own));
  nodes.append(node);
}
function choose(at) {
  chosen = at;
  for (const node of document.querySelectorAll(".node")) node.setAttribute("aria-pressed", String(Number(node.dataset.at) === at));
  tell();
  const place = document.getElementById("evidence");
  if (document.getElementById("picture").clientWidth < NARROW) { place.scrollIntoView({ block: "start" }); place.focus({ preventScroll: true }); }
}
function tell() {
  const place = document.getElementById("evidence"), said = words();
  place.scrollTop = 0;
  if (chosen < 0) { place.replaceChildren(html("p", said.choose, "soft")); return; }
  const edge = told.edges[chosen], [head, tail] = edge.out ? [told.centre, edge.other] : [edge.other, told.centre];
  const parts = [html("h2", `${name(head)} —${edge.relation[lang]}→ ${name(tail)}`)];
  const [yes, no, open] = edge.counts;
  parts.push(html("p", [`${said.affirmed} ${yes}`, `${said.negated} ${no}`, `${said.uncertain} ${open}`, edge.years].filter(Boolean).join(" · "), "soft"));
  if (yes && no) parts.push(html("p", said.contradicted, "warn"));
  const list = html("ol");
  for (const one of edge.evidence) {
    const item = html("li", "", one.live ? "" : "gone");
    item.append(html("span", said[one.polarity], one.polarity === "negated" ? "against" : ""));
    item.append(` · ${[one.detail, one.year, said[one.how], one.live ? "" : said.withdrawn].filter(Boolean).join(" · ")}`);
    if (one.text) item.append(html("blockquote", one.text));
    item.append(html("div", one.citation), html("div", `${said.licence}: ${one.licence || "?"} · ${one.id}`, "soft"));
    list.append(item);
  }
  parts.push(list);
  const left = yes + no + open - edge.evidence.filter(one => one.live).length;
  if (left > 0) parts.push(html("p", `${left} ${said.more}`, "soft"));
  place.replaceChildren(...parts);
}
function legend() {
  const kinds = [...new Set([told.centre.kind, ...told.edges.map(edge => edge.other.kind)])];
  document.getElementById("legend").replaceChildren(...kinds.map(kind => {
    const one = html("span"), dot = html("i");
    dot.style.background = `var(--${kind})`;
    one.append(dot, words()[kind]);
    return one;
  }));
}
function all() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.querySelector("h1").textContent = name(told.centre);
  const [other, note] = ["lang", "note"].map(id => document.getElementById(id));
  if (other) other.textContent = words().other;
  if (note) note.textContent = words().note;
  legend(); draw(); tell();
}
document.getElementById("lang")?.addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; all(); });
document.getElementById("picture").addEventListener("keydown", event => {
  const nodes = [...document.querySelectorAll(".node")], here = nodes.indexOf(document.activeElement);
  if (here < 0) return;
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(Number(nodes[here].dataset.at)); }
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step) { event.preventDefault(); nodes[(here + step + nodes.length) % nodes.length].focus(); }
});
let seen = 0;
addEventListener("resize", () => { const now = document.getElementById("picture").clientWidth; if (now !== seen) { seen = now; draw(); } });
all();
