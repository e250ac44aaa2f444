// What a checker of accessibility calls serious: nameless controls, doubled ids, faint words, headless tables.
() => {
  const found = [];
  const name = (e) => (e.getAttribute("aria-label") ?? (e.getAttribute("aria-labelledby") ? "x" : "")) || e.title || (e.innerText ?? e.querySelector("title")?.textContent ?? "")
    || [...e.querySelectorAll("img[alt]")].map((i) => i.alt).join("") || [...(e.labels ?? [])].map((l) => l.innerText).join("");
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=img], [tabindex='0']"))
    if (shown(e) && !name(e).trim()) found.push("nameless " + e.outerHTML.slice(0, 120));
  for (const e of document.querySelectorAll("img:not([alt])")) found.push("no alt " + e.outerHTML.slice(0, 80));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) found.push("twice #" + id);
  for (const e of document.querySelectorAll("[aria-labelledby], [aria-controls], label[for]"))
    for (const id of (e.getAttribute("aria-labelledby") ?? e.getAttribute("aria-controls") ?? e.htmlFor).split(" "))
      if (!document.getElementById(id)) found.push("leads nowhere " + id);
  if (document.querySelectorAll("h1").length !== 1) found.push("h1");
  if (document.querySelectorAll("main").length !== 1 || !document.documentElement.lang) found.push("main or lang");
  for (const e of document.querySelectorAll("th")) if (!e.scope) found.push("th without scope " + e.innerText);
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const behind = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] > 250) return c; } return [255, 255, 255, 255]; };
  const light = (c) => c.slice(0, 3).map((v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !shown(e) || e.closest("svg, :disabled, .sr")) continue;
    const style = getComputedStyle(e), one = light(rgba(style.color)), two = light(behind(e));
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)} ${e.innerText.slice(0, 40)}`);
  }
  return [...new Set(found)];
}
