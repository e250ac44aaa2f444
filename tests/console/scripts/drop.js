([name, type, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name, { type }));
  const talk = document.getElementById("talk");
  for (const kind of ["dragenter", "dragover", "drop"])
    talk.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}
