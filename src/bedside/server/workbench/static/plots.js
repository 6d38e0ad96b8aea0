// Reads the values of a plot aloud: by arrow keys, or where the pointer is.
"use strict";

for (const plot of document.querySelectorAll(".plot")) {
  const values = JSON.parse(plot.dataset.values), cursor = plot.querySelector(".cursor"), read = plot.querySelector(".read");
  let at = values.length;
  const show = (number) => {
    at = Math.max(0, Math.min(values.length - 1, number));
    const [time, value, verdict, x] = values[at];
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    const mark = { high: " ▲", low: " ▼" }[verdict] ?? "";
    read.textContent = `${time.replace("T", " ")} ${value} ${plot.dataset.unit}${mark}`;
  };
  const hide = () => { cursor.setAttribute("x1", -9); cursor.setAttribute("x2", -9); read.textContent = ""; at = values.length; };
  plot.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: values.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
  plot.addEventListener("pointermove", (event) => {
    const box = plot.querySelector("svg").getBoundingClientRect(), here = ((event.clientX - box.left) / box.width) * 320;
    const near = values.map((one, number) => [Math.abs(one[3] - here), number]).sort((one, other) => one[0] - other[0]);
    show(near[0][1]);
  });
  plot.addEventListener("pointerleave", hide);
  plot.addEventListener("blur", hide);
}
