// Sends forms as JSON with the page's token, puts answers in their places, keeps what was typed when something fails.
"use strict";

const said = document.body.dataset;
const meta = document.querySelector('meta[name="csrf"]');
let stale = false; // the session ended: the next press fetches the token of the new one first

// A refusal comes as a whole page: only what it says belongs into a place.
const inner = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("[data-refused]")?.innerHTML ?? html;
const expired = (answer) => answer.redirected && new URL(answer.url).pathname === "/login" && location.pathname !== "/login";

function tellExpired(place) {
  stale = true;
  const link = Object.assign(document.createElement("a"), { href: "/login", target: "_blank", textContent: said.login });
  const words = Object.assign(document.createElement("p"), { className: "note strong", textContent: `${said.expired} ` });
  words.append(link);
  place.replaceChildren(words);
  place.focus();
}

async function renew() {
  const page = await (await fetch("/login")).text();
  meta.content = new DOMParser().parseFromString(page, "text/html").querySelector('meta[name="csrf"]').content;
  stale = false;
}

function put(place, html, form) {
  if (form.dataset.append === undefined) {
    place.innerHTML = html;
    place.focus();
  } else {
    place.insertAdjacentHTML("beforeend", html);
    place.lastElementChild.focus();
    form.reset();
  }
  place.querySelectorAll("[data-load]").forEach(load);
}

async function shown(answer, place, form) {
  if (expired(answer)) return tellExpired(place);
  if (answer.redirected) return location.assign(answer.url);
  if (answer.ok && form.dataset.go) return location.assign(form.dataset.go);
  const text = await answer.text();
  if (!answer.headers.get("Content-Type").startsWith("text/html")) place.textContent = JSON.parse(text).error.what;
  else if (answer.ok) put(place, text, form);
  else tellRefused(place, inner(text), form);
}

function tellRefused(place, html, form) {
  if (form.dataset.append === undefined) place.innerHTML = html;
  else document.getElementById("wrong").innerHTML = html; // the turns before it stay
}

async function send(form) {
  if (form.dataset.busy) return; // one press is one request
  const wrong = document.getElementById("wrong");
  const place = document.querySelector(form.dataset.into) ?? wrong;
  form.dataset.busy = "busy";
  wrong.textContent = "";
  for (const one of [form, place]) one.setAttribute("aria-busy", "true");
  try {
    if (stale) await renew();
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": meta.content },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    await shown(answer, place, form);
  } catch {
    (form.dataset.append === undefined ? place : wrong).textContent = said.failed;
  } finally {
    delete form.dataset.busy;
    for (const one of [form, place]) one.removeAttribute("aria-busy");
  }
}

async function load(place) {
  try {
    const answer = await fetch(place.dataset.load);
    if (expired(answer)) return tellExpired(place);
    if (!answer.ok) throw new Error(answer.status);
    const held = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.innerHTML = await answer.text();
    if (held) document.getElementById(held)?.focus();
  } catch {
    const again = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: said.retry });
    again.addEventListener("click", () => load(place));
    place.replaceChildren(place.dataset.failed ?? said.failed, " ", again);
  }
  // What may still change is fetched again, until what came says that it has ended.
  if (place.dataset.every && !place.querySelector("[data-ended]")) setTimeout(load, place.dataset.every * 1000, place);
}

function tour(panel) {
  const steps = [...panel.querySelectorAll("li")], next = panel.querySelector("[data-tour-next]");
  let at = 0;
  const close = () => {
    document.cookie = "bedside_tour=seen; path=/; max-age=31536000; samesite=strict";
    panel.remove();
    document.getElementById("main").focus({ preventScroll: true });
  };
  const show = () => {
    steps.forEach((step, number) => { step.hidden = number !== at; });
    panel.querySelector("[data-step]").textContent = `${at + 1} / ${steps.length}`;
    if (at === steps.length - 1) next.textContent = next.dataset.done;
  };
  next.addEventListener("click", () => { at += 1; if (at < steps.length) show(); else close(); });
  panel.querySelector("[data-tour-close]").addEventListener("click", close);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  panel.classList.add("stepwise");
  show();
}

document.querySelectorAll("[data-load]").forEach(load);
document.querySelectorAll("[data-tour]").forEach(tour);
for (const axis of document.querySelectorAll(".axis")) axis.scrollLeft = axis.scrollWidth; // the latest first
for (const here of document.querySelectorAll("nav [aria-current]")) here.parentElement.scrollLeft = here.offsetLeft - 60;
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("method") === "post") {
    event.preventDefault();
    send(event.target);
  }
});
// Ctrl or Command with Enter sends what is being typed; Escape puts away the passage beside a sentence.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) event.target.form.requestSubmit();
  if (event.key !== "Escape") return;
  for (const one of document.querySelectorAll(".said:hover, .said:focus")) {
    one.classList.add("closed");
    for (const left of ["pointerleave", "blur"]) one.addEventListener(left, () => one.classList.remove("closed"), { once: true });
  }
});
