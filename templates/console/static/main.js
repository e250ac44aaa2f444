// Starts the page.
import { setClock, tick } from "./clock.js";
import { startLive } from "./live.js";
import { happened, notifies, startNotifying } from "./notify.js";

const words = JSON.parse(document.getElementById("words").textContent);
const page = document.body.dataset;
const unread = new Map();
let refreshTimer = null;

function markUnread() {
  for (const link of document.querySelectorAll("[data-place]")) {
    const count = unread.get(link.dataset.place) ?? 0;
    link.classList.toggle("is-unread", count > 0);
    link.querySelector(".unread")?.remove();
    if (!count) continue;
    const badge = Object.assign(document.createElement("span"), { className: "unread", textContent: count > 99 ? "99+" : count });
    badge.setAttribute("aria-label", words.unread.replace("{n}", count));
    badge.setAttribute("role", "img");
    link.append(badge);
  }
}

async function replaceFrom(address, id) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const got = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = got.getElementById(id) ?? got.body;
  document.getElementById(id).replaceChildren(...fresh.childNodes);
  if (page.tab) startTab();
  markUnread();
  tick(words);
}

// Many changes come together; the lists beside the conversation follow once.
function refreshLists(query) {
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(() => {
    replaceFrom(`/sidebar?${query}`, "sidebar");
    if (page.thread) replaceFrom(location.href, "bar");
    // What somebody is filling in there stays.
    const busy = document.activeElement.closest("#board form") || document.querySelector("#board form[data-action]:is(details[open] *)");
    if (document.getElementById("found")) replaceFrom(location.href, "found");
    else if (document.getElementById("board") && !busy) replaceFrom(location.href, "board");
  }, 400);
}

function startFrame() {
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-toggle], [data-opens], [data-closes]");
    if (target?.dataset.toggle) document.getElementById(target.dataset.toggle).classList.toggle("is-open");
    if (target?.dataset.opens) document.getElementById(target.dataset.opens).showModal();
    if (target?.dataset.closes) document.getElementById(target.dataset.closes).close();
    if (!event.target.closest(".side, [data-toggle]")) document.getElementById("side").classList.remove("is-open");
  });
  addEventListener("keydown", (event) => event.key === "Escape" && document.getElementById("side").classList.remove("is-open"));
  document.addEventListener("change", (event) => event.target.closest(".filters:not(#filters)")?.requestSubmit());
}

async function startConversation(place, query) {
  const [talk, compose, cards] = await Promise.all([import("./talk.js"), import("./compose.js"), import("./cards.js")]);
  talk.startTalk(query);
  compose.startComposer(place, { bytes: Number(page.maxBytes), files: Number(page.maxFiles), total: Number(page.maxTotal) }, words);
  cards.startCards(words);
  return (entry) => {
    cards.restoreFields(talk.showEntry(entry));
    tick(words);
    refreshLists(query);
    happened(place, words);
  };
}

async function startTab() {
  (await import("./gallery.js")).startGallery(document.getElementById("board"));
}

async function startImportPage() {
  const [imports, cards] = await Promise.all([import("./imports.js"), import("./cards.js")]);
  imports.startImports({ bytes: Number(page.maxBytes), files: Number(page.maxFiles), total: Number(page.maxTotal) }, words);
  cards.startCards(words);
}

setClock(Number(page.now));
tick(words);
setInterval(() => tick(words), 1000);
startFrame();
startNotifying();
const place = { channel: page.channel ?? "", thread: page.thread ?? "" };
const talks = "channel" in page;
const query = talks ? new URLSearchParams(place).toString() : `board=1&here=${encodeURIComponent(location.pathname)}`;
const showEntry = talks ? await startConversation(place, query) : () => {};
if (document.getElementById("filters")) (await import("./board.js")).startBoard(document.getElementById("filters"), () => replaceFrom(location.href, "found"));
if (page.tab) {
  await startTab();
  (await import("./cards.js")).startCards(words);
}
if (document.getElementById("import-drop")) await startImportPage();
if (document.querySelector("#board[data-cards]")) (await import("./cards.js")).startCards(words);
const elsewhere = ({ channel, thread }) => {
  const elsewherePlace = `${channel}|${thread}`;
  unread.set(elsewherePlace, (unread.get(elsewherePlace) ?? 0) + 1);
  refreshLists(query);
  happened({ channel, thread }, words);
};
startLive(query, Number(page.since), { entry: showEntry, elsewhere }, words, notifies);
document.body.dataset.started = "1";
