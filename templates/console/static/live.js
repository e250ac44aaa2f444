// The live stream: resumes where it was, says when it is lost, sleeps while nobody looks.
import { setClock } from "./clock.js";
import { hideBanner, retryAll, showBanner } from "./send.js";

const HIDDEN_MS = 60e3; // a browser gives one site six connections; tabs out of sight give theirs back
const GRACE_MS = 2500;
let source = null;
let since = 0;
let lostTimer = null;
let sleepTimer = null;

function lost(words) {
  lostTimer ??= setTimeout(() => showBanner("lost", words.lost), GRACE_MS);
}

function found() {
  clearTimeout(lostTimer);
  lostTimer = null;
  hideBanner("lost");
}

function connect(query, on, words) {
  source?.close();
  source = new EventSource(`/stream?${query}&since=${since}`);
  const listen = (name, take) =>
    source.addEventListener(name, (event) => {
      if (event.lastEventId) since = Number(event.lastEventId);
      take(JSON.parse(event.data));
    });
  listen("clock", ({ now }) => {
    setClock(now);
    found();
  });
  listen("entry", on.entry);
  listen("elsewhere", on.elsewhere);
  listen("ended", () => location.reload());
  const mine = source;
  source.onerror = () => {
    lost(words);
    // A refusal closes for good; a lost connection is reopened by the browser itself.
    if (mine.readyState === EventSource.CLOSED && mine === source) setTimeout(() => mine === source && refused(query, on, words), 2000);
  };
}

// Whose session has ended gets the page that says so instead of a page that never changes again.
async function refused(query, on, words) {
  const answer = await fetch(`/sidebar?${query}`).catch(() => null);
  if (answer?.status === 401) location.reload();
  else connect(query, on, words);
}

// `awake()` says that the page follows even while nobody looks, because it notifies.
export function startLive(query, first, on, words, awake) {
  since = first;
  const again = () => connect(query, on, words);
  again();
  document.addEventListener("visibilitychange", () => {
    clearTimeout(sleepTimer);
    if (document.hidden && awake()) return;
    if (document.hidden) sleepTimer = setTimeout(() => (source.close(), (source = null)), HIDDEN_MS);
    else if (!source) again();
  });
  document.querySelector("#banner button").addEventListener("click", () => {
    retryAll();
    again();
  });
  addEventListener("online", () => (retryAll(), again()));
  addEventListener("offline", () => lost(words));
}
