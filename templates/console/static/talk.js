// The conversation: entries come in, change in place, and never take away what somebody is typing.
const byId = (id) => document.getElementById(id);
const talk = byId("talk");
const log = byId("log");
const newer = byId("newer");

const atEnd = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 120;

export function toEnd() {
  talk.scrollTop = talk.scrollHeight;
  newer.hidden = true;
}

export function showEmpty() {
  byId("empty").classList.toggle("is-shown", !log.querySelector(".entry"));
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

const controls = (entry) => [...entry.querySelectorAll("input, textarea, select")];
const isTouched = (control) =>
  control.tagName === "SELECT"
    ? ![...control.options].every((option) => option.selected === option.defaultSelected)
    : control.value !== control.defaultValue;

function keepTyping(before, after) {
  const detailsAfter = after.querySelectorAll("details");
  before.querySelectorAll("details").forEach((box, n) => detailsAfter[n] && (detailsAfter[n].open = box.open));
  const formAction = (control) => control.form?.dataset.action;
  let focus = null;
  for (const control of controls(before)) {
    const twin = controls(after).find((c) => c.name === control.name && formAction(c) === formAction(control));
    if (!twin) continue;
    if (isTouched(control)) twin.value = control.value;
    if (control === document.activeElement) focus = [twin, control.selectionStart, control.selectionEnd];
  }
  return () => {
    if (!focus) return;
    focus[0].focus({ preventScroll: true });
    if (focus[1] != null && focus[0].setSelectionRange) focus[0].setSelectionRange(focus[1], focus[2]);
  };
}

export function showEntry({ id, html }) {
  const entry = parse(html);
  const old = byId(`entry-${id}`);
  const stay = atEnd();
  const restore = old ? keepTyping(old, entry) : () => {};
  if (old && old.dataset.position === entry.dataset.position) {
    old.replaceWith(entry);
  } else {
    old?.remove();
    const later = [...log.children].find((other) => Number(other.dataset.position) > Number(entry.dataset.position));
    log.insertBefore(entry, later ?? null);
    entry.classList.add("is-new");
    if (!stay) newer.hidden = false;
  }
  restore();
  showEmpty();
  if (stay) toEnd();
  return entry;
}

async function showEarlier(button, place) {
  button.disabled = true;
  const answer = await fetch(`/earlier?${place}&before=${button.dataset.earlier}`).catch(() => null);
  if (!answer?.ok) return (button.disabled = false);
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  const height = talk.scrollHeight;
  const more = template.content.querySelector(".earlier");
  log.prepend(...template.content.querySelectorAll(".entry"));
  button.closest(".earlier").replaceWith(...(more ? [more] : []));
  talk.scrollTop += talk.scrollHeight - height;
}

export function startTalk(place) {
  showEmpty();
  toEnd();
  newer.addEventListener("click", toEnd);
  talk.addEventListener("scroll", () => atEnd() && (newer.hidden = true), { passive: true });
  talk.addEventListener("click", (event) => {
    const button = event.target.closest("[data-earlier]");
    if (button) showEarlier(button, place);
  });
}
