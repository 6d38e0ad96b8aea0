// The curator's page: move, accept, reject, correct the context, and save the list; nothing leaves the page but that file.
"use strict";
const told = JSON.parse(document.getElementById("told").textContent);
const rows = [...document.querySelectorAll("tr[data-n]")];
const mark = (row) => document.querySelector(`mark[data-n="${row.dataset.n}"]`);
let now = -1, unsaved = false;

const shown = () => rows.filter((row) => row.offsetParent !== null);
const flagsOf = (row) => [...row.querySelectorAll(".flags [aria-pressed=true]")].map((one) => one.dataset.flag);

function kind(row) {
  const flags = flagsOf(row);
  if (row.dataset.source === "near" && !row.classList.contains("accepted")) return "near";
  if (flags.includes("negated") && !flags.includes("family")) return "excluded";
  return flags.some((one) => one !== "historical") ? "other" : "present";
}

function paint(row) {
  for (const one of [row, mark(row)]) {
    if (!one) continue;
    one.classList.remove("present", "excluded", "other", "near");
    one.classList.add(kind(row));
    one.classList.toggle("rejected", row.classList.contains("rejected"));
  }
}

function count() {
  const of = (name) => rows.filter((row) => row.classList.contains(name)).length;
  const words = told.words.count.replace("{accepted}", of("accepted")).replace("{rejected}", of("rejected"));
  document.querySelector(".count").textContent = words.replace("{open}", rows.length - of("accepted") - of("rejected"));
}

function go(row) {
  if (!row) return;
  for (const one of document.querySelectorAll(".now")) one.classList.remove("now");
  now = rows.indexOf(row);
  row.classList.add("now");
  mark(row)?.classList.add("now");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  mark(row)?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const seen = shown(), at = seen.indexOf(rows[now]);
  const next = at >= 0 ? at + by : seen.findIndex((row) => rows.indexOf(row) > now);
  go(seen[Math.min(Math.max(next, 0), seen.length - 1)]);
}

function decide(row, choice) {
  if (!row) return;
  const after = shown()[shown().indexOf(row) + 1];
  const same = choice && row.classList.contains(choice);
  row.classList.remove("accepted", "rejected");
  if (choice && !same) row.classList.add(choice);
  unsaved = true;
  paint(row);
  count();
  if (choice && !same && after) go(after);
}

function turn(row, flag) {
  const one = row?.querySelector(`[data-flag="${flag}"]`);
  if (!one) return;
  one.setAttribute("aria-pressed", String(one.getAttribute("aria-pressed") !== "true"));
  unsaved = true;
  paint(row);
}

function curated() {
  const notes = told.notes.map((note) => ({ id: note.id, present: [], excluded: [], other: [], rejected: [], undecided: [] }));
  for (const row of rows) {
    const n = Number(row.dataset.n), { note, ...found } = told.findings[n];
    const context = flagsOf(row);
    const one = { ...found, context };
    if (String(found.context) !== String(context)) one.context_read = found.context;
    const place = row.classList.contains("rejected") ? "rejected" : row.classList.contains("accepted") ? kind(row) : "undecided";
    notes[note][place].push(one);
  }
  return { format: "bedside-curated-1", hpo: told.hpo, offsets: "code points of the text on the page", notes };
}

function save() {
  const file = new Blob([JSON.stringify(curated(), null, 1) + "\n"], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "curated.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  unsaved = false;
}

const KEYS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  a: () => decide(rows[now], "accepted"), x: () => decide(rows[now], "rejected"), u: () => decide(rows[now], ""),
  n: () => turn(rows[now], "negated"), h: () => turn(rows[now], "historical"), f: () => turn(rows[now], "family"),
  y: () => turn(rows[now], "hypothetical"), q: () => turn(rows[now], "uncertain"),
  o: () => document.getElementById("open").click(), s: save,
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-n]"), seen = event.target.closest("mark[data-n]");
  if (seen) return go(rows.find((one) => one.dataset.n === seen.dataset.n));
  if (!row) return;
  const flag = event.target.closest("[data-flag]"), choice = event.target.closest("[data-choice]");
  go(row);
  if (flag) turn(row, flag.dataset.flag);
  if (choice) decide(row, choice.dataset.choice);
});
document.getElementById("save").addEventListener("click", save);
document.getElementById("open").addEventListener("click", (event) => {
  const only = document.body.classList.toggle("open");
  event.currentTarget.setAttribute("aria-pressed", String(only));
});
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
count();
if (rows.length) go(rows[0]);
window.scrollTo(0, 0);
