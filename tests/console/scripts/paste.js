() => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File(["png"], "image.png", { type: "image/png" }));
  dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}
