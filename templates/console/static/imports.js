// The page of imports: files by button and by drop; the previews that they bring show themselves.
import { newId, post, toast } from "./send.js";
import { takeDrops } from "./drops.js";

const form = document.getElementById("import-drop");
const mb = (bytes) => (bytes / 1e6).toFixed(1).replace(/\.0$/, "");

function fit(files, limits, words) {
  const large = files.find((file) => file.size > limits.bytes);
  if (large) toast(words.tooLarge.replace("{name}", large.name).replace("{size}", mb(large.size)).replace("{max}", mb(limits.bytes)));
  else if (files.length > limits.files) toast(words.tooMany.replace("{max}", limits.files));
  else if (files.reduce((sum, file) => sum + file.size, 0) > limits.total) toast(words.tooMuch.replace("{max}", mb(limits.total)));
  else return files.length > 0;
  return false;
}

async function send(files, limits, words) {
  if (!fit(files, limits, words)) return;
  const body = new FormData();
  for (const [name, value] of Object.entries({ channel: form.elements.channel.value, thread: "", text: "import", id: newId() })) body.set(name, value);
  for (const file of files) body.append("file", file, file.name);
  const progress = document.getElementById("progress");
  progress.hidden = false;
  await post("/say", body, words, (part) => (progress.value = part));
  progress.hidden = true;
}

export function startImports(limits, words) {
  const take = (files) => send(files, limits, words);
  document.getElementById("import-files").addEventListener("change", (event) => {
    take([...event.target.files]);
    event.target.value = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  takeDrops(document.getElementById("drop"), take);
}
