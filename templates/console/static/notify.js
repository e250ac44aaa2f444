// What happened while nobody looked: a number in the page's title, and a notification of the browser for whoever asks for it.
const WANTED = "odr-bot-notify";
const title = document.title;
const icon = "/static/icon.svg";
let missed = 0;

const able = () => "Notification" in window;
export const notifies = () => able() && Notification.permission === "granted" && localStorage.getItem(WANTED) === "1";

export function happened({ channel, thread }, words) {
  if (!document.hidden) return;
  missed += 1;
  document.title = `(${missed}) ${title}`;
  // The words of a message stay in the page: a notification lies open on a locked screen.
  if (!notifies()) return;
  const note = new Notification("odr-bot", { body: words.news.replace("{place}", thread || `#${channel}`), tag: `${channel}|${thread}`, icon });
  note.addEventListener("click", () => {
    window.focus();
    location.assign(`/?${new URLSearchParams({ channel, thread })}`);
  });
}

export function startNotifying() {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    missed = 0;
    document.title = title;
  });
  const box = document.getElementById("notify");
  if (!box) return;
  box.disabled = !able();
  box.checked = notifies();
  box.addEventListener("change", async () => {
    if (box.checked && Notification.permission !== "granted") box.checked = (await Notification.requestPermission()) === "granted";
    localStorage.setItem(WANTED, box.checked ? "1" : "");
  });
}
