// Buttons and forms inside cards.
import { keepTyped, typedBefore } from "./keep.js";
import { post } from "./send.js";

function about(element) {
  const entry = element.closest(".entry");
  const body = new FormData();
  body.set("channel", entry.dataset.channel);
  body.set("thread", entry.dataset.thread);
  body.set("action", element.dataset.action);
  body.set("payload", element.dataset.payload);
  return body;
}

async function whileDisabled(controls, work) {
  const free = controls.filter((control) => !control.disabled);
  const focused = document.activeElement;
  free.forEach((control) => (control.disabled = true));
  try {
    return await work();
  } finally {
    free.forEach((control) => (control.disabled = false));
    if (focused?.isConnected) focused.focus({ preventScroll: true });
  }
}

async function press(button, words) {
  if (button.dataset.confirm && !confirm(button.dataset.confirm)) return;
  const row = [...button.closest(".actions").querySelectorAll("button")];
  const place = { ...button.closest(".entry").dataset };
  const taken = await whileDisabled(row, () => post("/press", about(button), words));
  if (taken) answerIn(place);
}

// On the page of a case the answer stands in the conversation; elsewhere it comes by itself.
function answerIn({ channel, thread }) {
  if (document.body.dataset.tab) location.assign(`/?${new URLSearchParams({ channel, thread })}`);
}

const fieldName = (control) => `field|${control.form.dataset.action}|${control.form.dataset.payload}|${control.name}`;
const isText = (control) => control.matches("textarea, input:not([type=checkbox])");

// What was typed into the forms of cards before the page was loaded again.
export function restoreFields(root) {
  for (const control of root.querySelectorAll("form[data-action] [name]")) {
    const words = isText(control) && typedBefore(fieldName(control));
    if (!words || words === control.value) continue;
    control.value = words;
    control.closest("details").open = true;
  }
}

async function submit(form, words) {
  const body = about(form);
  const filled = new FormData(form);
  for (const name of new Set(filled.keys())) body.set(name, filled.getAll(name).join(","));
  const taken = await whileDisabled([...form.elements], () => post("/submit", body, words));
  if (taken) for (const control of form.elements) if (control.name && isText(control)) keepTyped(fieldName(control), "");
  if (taken && form.isConnected) {
    form.reset();
    form.closest("details").open = false;
  }
}

function count(control, words) {
  const max = Number(control.dataset.max);
  const n = control.value.length;
  const over = n > max;
  control.setCustomValidity(over ? words.tooLong.replace("{max}", max).replace("{n}", n) : "");
  if (control.tagName !== "TEXTAREA") return;
  const label = control.closest("label");
  const box = label.querySelector(".count") ?? label.appendChild(Object.assign(document.createElement("small"), { className: "count" }));
  box.textContent = `${n} / ${max}`;
  box.classList.toggle("is-over", over);
}

async function copy(button) {
  const lines = [...button.closest(".copy").querySelectorAll("[data-words]")].map((line) => line.textContent);
  const before = button.dataset.words ?? (button.dataset.words = button.textContent);
  try {
    await navigator.clipboard.writeText(lines.join("\n"));
  } catch {
    copyOldWay(lines.join("\n"));
  }
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = before), 1500);
}

// Without https the browser offers no clipboard, but still copies what is selected.
function copyOldWay(text) {
  const box = Object.assign(document.createElement("textarea"), { value: text, className: "sr" });
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

export function startCards(words) {
  const main = document.getElementById("main");
  restoreFields(main);
  main.addEventListener("input", ({ target }) => {
    if (target.matches(".entry form[data-action] [name]") && isText(target)) keepTyped(fieldName(target), target.value);
  });
  main.addEventListener("click", (event) => {
    const button = event.target.closest(".entry button[data-action]");
    if (button) press(button, words);
    const copying = event.target.closest(".entry button[data-copy]");
    if (copying) copy(copying);
  });
  main.addEventListener("submit", (event) => {
    if (!event.target.matches(".entry form[data-action]")) return;
    event.preventDefault();
    submit(event.target, words);
  });
  for (const kind of ["input", "focusin"])
    main.addEventListener(kind, (event) => "max" in event.target.dataset && count(event.target, words));
}
