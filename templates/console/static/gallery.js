// The places in which facts were read, marked on the pictures of the gallery. Boxes are in pixels of the picture.
function mark(thumb) {
  const picture = thumb.querySelector("img");
  for (const [left, top, right, bottom] of JSON.parse(thumb.dataset.places)) {
    const place = document.createElement("span");
    place.className = "place";
    const percent = (value, whole) => `${(100 * value) / whole}%`;
    place.style.left = percent(left, picture.naturalWidth);
    place.style.top = percent(top, picture.naturalHeight);
    place.style.width = percent(right - left, picture.naturalWidth);
    place.style.height = percent(bottom - top, picture.naturalHeight);
    picture.parentElement.append(place);
  }
}

export function startGallery(root) {
  for (const thumb of root.querySelectorAll(".thumb[data-places]:not(.is-marked)")) {
    const picture = thumb.querySelector("img");
    thumb.classList.add("is-marked");
    if (picture.complete && picture.naturalWidth) mark(thumb);
    else picture.addEventListener("load", () => mark(thumb), { once: true });
  }
}
