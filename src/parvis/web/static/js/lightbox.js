// A picture in full, with its description.
import { say } from "./page.js";

function show(link) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog lightbox";
  dialog.setAttribute("aria-label", link.dataset.alt || say("no_alt"));
  const figure = document.createElement("figure");
  const picture = document.createElement("img");
  picture.src = link.href;
  picture.alt = link.dataset.alt;
  const words = document.createElement("figcaption");
  words.textContent = link.dataset.alt || say("no_alt");
  const form = document.createElement("form");
  form.method = "dialog";
  const close = document.querySelector("#keys .icon-button").cloneNode(true);
  form.append(close);
  figure.append(picture, words);
  dialog.append(figure, form);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

export function startLightbox() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-lightbox]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  });
}
