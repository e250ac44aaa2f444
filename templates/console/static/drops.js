// Files dropped anywhere on a page; `drop` is shown while they hover over it.
export function takeDrops(drop, take) {
  let depth = 0;
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const show = (event, change) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = Math.max(0, depth + change);
    drop.hidden = !depth;
  };
  addEventListener("dragenter", (event) => show(event, 1));
  addEventListener("dragleave", (event) => show(event, -1));
  addEventListener("dragover", (event) => show(event, 0));
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    drop.hidden = true;
    take([...event.dataTransfer.files]);
  });
}
