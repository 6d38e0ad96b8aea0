// Gathers the answers of a comparison and saves them as a file; what was answered outlives a closed page.
"use strict";
const form = document.getElementById("form");
const state = document.getElementById("state");
const kept = "bedside-review-" + form.dataset.study;
const articles = [...form.querySelectorAll("[data-pair]")];

function answer(article) {
  const found = { pair: article.dataset.pair };
  for (const input of article.querySelectorAll("input:checked, textarea")) {
    const name = input.name.slice(found.pair.length + 1);
    if (input.value) found[name] = input.value;
  }
  return found;
}

function gathered() {
  return { study: form.dataset.study, by: form.elements.by.value.trim(), answers: articles.map(answer) };
}

function keep() {
  const open = articles.filter((one) => !answer(one).overall).length;
  state.textContent = open ? form.dataset.missing + open : form.dataset.done;
  try { localStorage.setItem(kept, JSON.stringify(gathered())); } catch { /* a browser may forbid it */ }
}

function restore() {
  let found = null;
  try { found = JSON.parse(localStorage.getItem(kept)); } catch { /* nothing to restore */ }
  if (!found) return;
  form.elements.by.value = found.by;
  for (const { pair, ...said } of found.answers) {
    for (const [name, value] of Object.entries(said)) {
      const input = form.elements[pair + "." + name];
      if (input) input.value = value;
    }
  }
}

form.addEventListener("input", keep);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = gathered();
  said.answers = said.answers.filter((one) => one.overall);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(said)], { type: "application/json" }));
  link.download = "review-" + said.study + "-" + said.by.replace(/[^\p{L}\p{N}]+/gu, "_") + ".json";
  link.click();
});
restore();
keep();
