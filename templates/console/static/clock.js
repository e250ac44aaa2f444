// Live countdowns. The server's clock counts, not this computer's: a wrong PC clock must not hide a deadline.
const HOUR = 3600e3;
let ahead = 0;

export function setClock(serverNow) {
  ahead = serverNow - Date.now();
}

function urgency(left) {
  if (left < 0) return "over";
  if (left <= 6 * HOUR) return "high";
  return left <= 24 * HOUR ? "medium" : "low";
}

export function tick(words) {
  for (const box of document.querySelectorAll("[data-until]")) {
    const left = Number(box.dataset.until) - (Date.now() + ahead);
    const minutes = Math.floor(Math.abs(left) / 60e3);
    const form = left < 0 ? words.over : words.left;
    const text = form.replace("{h}", Math.floor(minutes / 60)).replace("{m}", String(minutes % 60).padStart(2, "0"));
    const place = box.querySelector("[data-left]");
    if (place.textContent !== text) place.textContent = text;
    box.dataset.urgency = urgency(left);
  }
}
