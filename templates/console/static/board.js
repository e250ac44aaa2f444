// The board: its search and its filters apply at once, and stand in the page's address.
const TYPING_MS = 250;
let timer = null;

function wanted(form) {
  const filled = [...new FormData(form)].filter(([name, value]) => value || name === "state");
  return `${form.getAttribute("action")}?${new URLSearchParams(filled)}`;
}

export function startBoard(form, load) {
  const apply = () => {
    clearTimeout(timer);
    history.replaceState(null, "", wanted(form));
    load();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  form.addEventListener("change", (event) => event.target.type !== "search" && apply());
  form.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(timer);
    timer = setTimeout(apply, TYPING_MS);
  });
}
