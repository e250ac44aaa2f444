// Live countdowns. The server's clock counts, not this computer's: a wrong PC clock must not hide a deadline.
const HOUR = 3600e3;
let ahead = 0;

export function setClock(serverNow) {
  ahead = serverNow - Date.now();
}

function clockTime(left) {
  const seconds = Math.floor(Math.abs(left) / 1000);
  const pad = (n) => String(n).padStart(2, "0");
  const days = Math.floor(seconds / 86400);
  const t = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(pad).join(":");
  return { days, t };
}

function shortTime(left) {
  const hours = Math.floor(Math.abs(left) / HOUR);
  const sign = left < 0 ? "−" : "";
  return hours ? `${sign}${hours}h` : `${sign}${Math.floor(Math.abs(left) / 60e3)}m`;
}

function urgency(left) {
  if (left < 0) return "over";
  if (left <= 6 * HOUR) return "high";
  return left <= 24 * HOUR ? "medium" : "low";
}

export function tick(words) {
  for (const box of document.querySelectorAll("[data-until]")) {
    const left = Number(box.dataset.until) - (Date.now() + ahead);
    const { days, t } = clockTime(left);
    const form = left < 0 ? (days ? words.overDays : words.over) : days ? words.leftDays : words.left;
    const text = "short" in box.dataset ? shortTime(left) : form.replace("{d}", days).replace("{t}", t);
    const place = box.querySelector("[data-left]");
    if (place.textContent !== text) place.textContent = text;
    box.dataset.urgency = urgency(left);
  }
}
