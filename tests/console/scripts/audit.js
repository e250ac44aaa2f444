() => {
  const labels = (e) => [...(e.labels ?? [])].map((label) => label.innerText).join("");
  const named = (e) => (e.getAttribute("aria-label") || e.innerText || e.title || labels(e)).trim();
  const controls = document.querySelectorAll("button, a, input:not([type=hidden]), select, textarea");
  const bad = [...controls].filter((e) => e.checkVisibility() && !named(e)).map((e) => e.outerHTML);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  bad.push(...ids.filter((id, n) => ids.indexOf(id) !== n));
  if (document.querySelector("svg:not([aria-hidden]):not([role=img])")) bad.push("svg");
  for (const one of ["h1", "main", "aside"]) if (document.querySelectorAll(one).length !== 1) bad.push(one);
  if (!document.documentElement.lang || !document.title) bad.push("lang or title");
  return bad;
}
