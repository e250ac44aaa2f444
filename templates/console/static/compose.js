// The composer: words, files by button, drop and paste.
import { takeDrops } from "./drops.js";
import { forget, keep, keepTyped, kept, typedBefore } from "./keep.js";
import { newId, post, toast } from "./send.js";
import { toEnd } from "./talk.js";

const byId = (id) => document.getElementById(id);
const form = byId("composer");
const text = byId("text");
const tray = byId("tray");
const chosen = [];
let here = { channel: "", thread: "" };
const draft = () => `words|${here.channel}|${here.thread}`;
const choice = () => `chosen|${here.channel}|${here.thread}`;
const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${mb(bytes)} MB`);
const mb = (bytes) => (bytes / 1e6).toFixed(1).replace(/\.0$/, "");

function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
}

function chip(file, words) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const remove = document.createElement("button");
  name.textContent = `${file.name} · ${size(file.size)}`;
  remove.type = "button";
  remove.textContent = "✕";
  remove.setAttribute("aria-label", words.remove.replace("{name}", file.name));
  remove.addEventListener("click", () => {
    chosen.splice(chosen.indexOf(file), 1);
    showTray(words);
    text.focus();
  });
  item.append(name, remove);
  return item;
}

function showTray(words) {
  tray.replaceChildren(...chosen.map((file) => chip(file, words)));
  chosen.length ? keep({ id: choice(), ...here, files: [...chosen] }) : forget(choice());
}

function add(files, limits, words) {
  let total = chosen.reduce((sum, file) => sum + file.size, 0);
  for (const file of files) {
    total += file.size;
    if (file.size > limits.bytes) {
      toast(words.tooLarge.replace("{name}", file.name).replace("{size}", mb(file.size)).replace("{max}", mb(limits.bytes)));
    } else if (chosen.length >= limits.files) {
      toast(words.tooMany.replace("{max}", limits.files));
      break;
    } else if (total > limits.total) {
      toast(words.tooMuch.replace("{max}", mb(limits.total)));
      break;
    } else chosen.push(file);
  }
  showTray(words);
  text.focus();
}

async function send(place, words) {
  if (!text.value.trim() && !chosen.length) return text.focus();
  const said = text.value;
  const files = chosen.splice(0);
  const record = { id: newId(), ...place, text: said, files };
  await keep(record);
  text.value = "";
  keepTyped(draft(), "");
  fit();
  showTray(words);
  toEnd();
  if (!(await sendRecord(record, words))) restore(said, files, words);
}

// The same id goes out again after a reload, so that what had arrived before is not taken twice.
async function sendRecord({ id, channel, thread, text: said, files }, words) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ channel, thread, text: said, id })) body.set(name, value);
  for (const file of files) body.append("file", file, file.name);
  const progress = byId("progress");
  progress.hidden = !files.length;
  const taken = await post("/say", body, words, (part) => (progress.value = part));
  progress.hidden = true;
  await forget(id);
  return taken;
}

async function goOn(words) {
  if (!text.value) text.value = typedBefore(draft());
  fit();
  for (const record of await kept(here)) {
    if (record.id === choice()) chosen.push(...record.files);
    else if (!(await sendRecord(record, words))) restore(record.text, record.files, words);
  }
  if (chosen.length) showTray(words);
}

function restore(said, files, words) {
  if (!text.value) text.value = said;
  keepTyped(draft(), text.value);
  chosen.unshift(...files);
  showTray(words);
  fit();
  text.focus();
}

// A pasted screenshot is always called image.png; with a time in its name people can tell several apart.
function named(file, words) {
  if (file.name !== "image.png") return file;
  const stamp = new Date().toISOString().slice(0, 19).replace(/\D/g, "").replace(/^(.{8})/, "$1-");
  return new File([file], `${words.screenshot}-${stamp}Z.png`, { type: file.type });
}

function takeKeys(sendNow, words) {
  text.addEventListener("keydown", (event) => {
    // While an input method composes, Enter chooses a character.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      sendNow();
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, dialog")) {
      event.preventDefault();
      text.focus();
    } else if (event.key === "Escape" && event.target === text && !event.isComposing) {
      chosen.length ? chosen.splice(0) : text.blur();
      showTray(words);
    }
  });
}

export function startComposer(place, limits, words) {
  here = place;
  const take = (files) => add(files, limits, words);
  const sendNow = () => send(place, words);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendNow();
  });
  text.addEventListener("input", () => {
    fit();
    keepTyped(draft(), text.value);
  });
  byId("attach").addEventListener("click", () => byId("files").click());
  byId("files").addEventListener("change", (event) => {
    take([...event.target.files]);
    event.target.value = "";
  });
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    take(files.map((file) => named(file, words)));
  });
  byId("empty").addEventListener("click", (event) => {
    const word = event.target.closest("[data-suggest]")?.dataset.suggest;
    if (!word) return;
    text.value = word;
    sendNow();
  });
  takeDrops(byId("drop"), take);
  takeKeys(sendNow, words);
  byId("send").disabled = false;
  goOn(words);
}
