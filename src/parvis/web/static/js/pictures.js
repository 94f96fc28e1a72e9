// Pictures in the composer: chosen, pasted, dropped or drawn, each with its description.
import { make, say, toast } from "./page.js";

const MOST = 4;

function keepFiles(input, wanted) {
  const kept = new DataTransfer();
  [...input.files].filter(wanted).forEach((file) => kept.items.add(file));
  input.files = kept.files;
}

export function showPictures(form) {
  const chosen = form.querySelector("[data-chosen]");
  const input = form.elements.pictures;
  const alts = new Map([...chosen.querySelectorAll("[data-file]")].map((item) => [item.dataset.file, item.querySelector("input").value]));
  for (const item of chosen.querySelectorAll("[data-file]")) item.remove();
  const moving = [...input.files].filter((file) => /^(video|audio)\//.test(file.type));
  if (moving.length) {
    keepFiles(input, (file) => !moving.includes(file));
    import("./films.js").then(({ upload }) => upload(form, moving[0]));
  }
  const room = MOST - chosen.children.length;
  if (input.files.length > room) {
    keepFiles(input, (_, place) => place < room);
    toast(say("most"), { bad: true });
  }
  [...input.files].forEach((file, place) => {
    const item = form.querySelector("[data-picture]").content.firstElementChild.cloneNode(true);
    const key = `${file.name}/${file.size}/${file.lastModified}`;
    item.dataset.file = key;
    item.querySelector("img").src = URL.createObjectURL(file);
    const alt = item.querySelector("input");
    alt.name = `alt_${place + 1}`;
    alt.value = alts.get(key) || "";
    item.querySelector("button").addEventListener("click", () => {
      keepFiles(input, (_, index) => index !== place);
      showPictures(form);
    });
    chosen.append(item);
  });
  form.dispatchEvent(new Event("parvis:chosen"));
}

export function attach(form, kept, drawing) {
  const item = form.querySelector("[data-picture]").content.firstElementChild.cloneNode(true);
  item.querySelector("img").src = kept.preview;
  const alt = item.querySelector("input");
  alt.name = `media_alt_${kept.media}`;
  alt.value = kept.alt;
  const id = make("input", { type: "hidden", name: "media", value: kept.media });
  const badge = drawing.querySelector(".origin");
  if (badge) item.append(badge.cloneNode(true));
  item.append(id);
  item.querySelector("button").addEventListener("click", () => {
    item.remove();
    form.dispatchEvent(new Event("parvis:chosen"));
  });
  form.querySelector("[data-chosen]").append(item);
  form.dispatchEvent(new Event("parvis:chosen"));
}

export function addPictures(form, files) {
  const pictures = [...files].filter((file) => /^(image|video|audio)\//.test(file.type));
  if (!pictures.length) return false;
  const all = new DataTransfer();
  [...form.elements.pictures.files, ...pictures].forEach((file) => all.items.add(file));
  form.elements.pictures.files = all.files;
  showPictures(form);
  return true;
}

// The first picture that says nothing to those who cannot see it.
export const undescribed = (form) => [...form.querySelectorAll("[data-chosen] input.input")].find((alt) => !alt.value.trim());

export function listenForPictures(form) {
  form.elements.pictures.addEventListener("change", () => showPictures(form));
  form.addEventListener("paste", (event) => addPictures(form, event.clipboardData.files) && event.preventDefault());
  form.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.items].some((item) => item.kind === "file")) return;
    event.preventDefault();
    form.classList.add("dropping");
  });
  for (const over of ["dragleave", "drop"]) form.addEventListener(over, () => form.classList.remove("dropping"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    addPictures(form, event.dataTransfer.files);
  });
}
