// Sends forms as JSON with the page's token, and puts answers and what comes later in their places.
"use strict";

const token = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

// A refusal comes as a whole page: only what it says belongs into a place.
const inner = (said) => new DOMParser().parseFromString(said, "text/html").querySelector("[data-refused]")?.innerHTML ?? said;

async function send(form) {
  const place = document.querySelector(form.dataset.into);
  const button = form.querySelector("button");
  button.disabled = true;
  place?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    if (answer.redirected) {
      location.assign(answer.url);
    } else if (answer.ok && form.dataset.go) {
      location.assign(form.dataset.go);
    } else if (place) {
      const said = await answer.text();
      place.innerHTML = answer.headers.get("Content-Type").startsWith("text/html") ? inner(said) : "";
      if (!place.innerHTML) place.textContent = JSON.parse(said).error.what;
      place.focus();
    }
  } catch {
    if (place) place.textContent = form.dataset.failed;
  } finally {
    button.disabled = false;
    place?.removeAttribute("aria-busy");
  }
}

async function load(place) {
  try {
    const answer = await fetch(place.dataset.load);
    if (!answer.ok) throw new Error(answer.status);
    const held = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.innerHTML = await answer.text();
    if (held) document.getElementById(held)?.focus();
  } catch {
    place.textContent = place.dataset.failed;
  }
  // What may still change is fetched again, until what came says that it has ended.
  if (place.dataset.every && !place.querySelector("[data-ended]")) setTimeout(load, place.dataset.every * 1000, place);
}

document.querySelectorAll("[data-load]").forEach(load);
document.addEventListener("submit", (event) => {
  if (event.target.method === "post") {
    event.preventDefault();
    send(event.target);
  }
});
