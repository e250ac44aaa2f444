// Everything that goes out: one request at a time per control, retried by hand when the server is away.
const banner = document.getElementById("banner");
const working = document.getElementById("working");
const waiting = new Set();
let inFlight = 0;

export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

export function toast(text) {
  const box = document.createElement("p");
  box.className = "toast";
  box.textContent = text;
  document.getElementById("toasts").replaceChildren(box);
  setTimeout(() => box.remove(), 9000);
}

export function showBanner(reason, text) {
  banner.dataset.reason = reason;
  banner.firstElementChild.textContent = text;
  banner.hidden = false;
}

export function hideBanner(reason) {
  if (banner.dataset.reason === reason) banner.hidden = true;
}

function request(path, body, progress) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", path);
    if (progress) xhr.upload.addEventListener("progress", (e) => e.lengthComputable && progress(e.loaded / e.total));
    xhr.addEventListener("load", () => resolve(xhr));
    xhr.addEventListener("error", () => reject(new Error("offline")));
    xhr.send(body);
  });
}

function untilRetry() {
  return new Promise((resolve) => waiting.add(resolve));
}

export function retryAll() {
  for (const go of waiting) go();
  waiting.clear();
}

function busy(change) {
  inFlight += change;
  if (working) working.hidden = !inFlight;
}

// Resolves to true when the server took it; says why not otherwise. The same id goes out again after a lost
// answer, so nothing happens twice.
export async function post(path, body, words, progress) {
  if (!body.has("id")) body.set("id", newId());
  const nameless = document.getElementById("ask-name");
  if (nameless) nameless.hidden = false;
  for (;;) {
    busy(1);
    try {
      const xhr = await request(path, body, progress);
      hideBanner("offline");
      if (xhr.status < 300) return true;
      if (xhr.status === 401) location.reload();
      toast(errorOf(xhr) ?? words.failed);
      return false;
    } catch {
      showBanner("offline", words.offline);
    } finally {
      busy(-1);
    }
    await untilRetry();
  }
}

function errorOf(xhr) {
  try {
    return JSON.parse(xhr.responseText).error;
  } catch {
    return null;
  }
}
