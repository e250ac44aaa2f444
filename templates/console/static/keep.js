// What was typed, chosen or is being sent survives a reload of the page. It stays in this browser, for the one person who
// is signed in: what somebody else has left here is deleted.
const me = document.body.dataset.reader ?? "";
const typed = (name) => `odr-bot|${me}|${name}`;

export function keepTyped(name, words) {
  try {
    words ? localStorage.setItem(typed(name), words) : localStorage.removeItem(typed(name));
  } catch {
    // A browser that keeps nothing works too.
  }
}

export function typedBefore(name) {
  try {
    return localStorage.getItem(typed(name)) ?? "";
  } catch {
    return "";
  }
}

function forgetOthers() {
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith("odr-bot|") && !name.startsWith(typed(""))) localStorage.removeItem(name);
  } catch {
    // As above.
  }
}

const opened = new Promise((resolve) => {
  try {
    const asked = indexedDB.open("odr-bot", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("sending", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
  } catch {
    resolve(null);
  }
});

async function inStore(mode, act) {
  const database = await opened;
  if (!database) return null;
  return new Promise((resolve) => {
    const done = act(database.transaction("sending", mode).objectStore("sending"));
    done.onsuccess = () => resolve(done.result);
    done.onerror = () => resolve(null);
  });
}

// `record` has an id, a channel, a thread, words and files.
export const keep = (record) => inStore("readwrite", (store) => store.put({ ...record, person: me }));
export const forget = (id) => inStore("readwrite", (store) => store.delete(id));

export async function kept({ channel, thread }) {
  const all = (await inStore("readonly", (store) => store.getAll())) ?? [];
  for (const record of all) if (record.person !== me) forget(record.id);
  return all.filter((record) => record.person === me && record.channel === channel && record.thread === thread);
}

forgetOthers();
