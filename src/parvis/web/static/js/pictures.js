// Pictures in the composer: chosen, pasted, dropped or drawn, each with its description.
import { make, say, toast } from "./page.js";

const MOST = 4;
const MOVING = /^(video|audio)\/|^image\/gif$/;

function keepFiles(input, wanted) {
  const kept = new DataTransfer();
  [...input.files].filter(wanted).forEach((file) => kept.items.add(file));
  input.files = kept.files;
}

export function showPictures(form) {
  const chosen = form.querySelector("[data-chosen]");
  const input = form.elements.pictures;
  const known = new Map([...chosen.querySelectorAll("[data-file]")].map((item) => [item.dataset.file, item]));
  for (const item of chosen.querySelectorAll("[data-file]")) item.remove();
  const moving = [...input.files].filter((file) => MOVING.test(file.type));
  if (moving.length) {
    keepFiles(input, (file) => !moving.includes(file));
    import("./films.js").then(({ upload }) => moving.slice(0, MOST).forEach((file) => upload(form, file)));
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
    alt.value = known.get(key)?.querySelector("input").value || "";
    aim(item, `focus_${place + 1}`, known.get(key)?.querySelector("[name^=focus]").value);
    item.querySelector("[data-remove]").addEventListener("click", () => {
      keepFiles(input, (_, index) => index !== place);
      showPictures(form);
    });
    chosen.append(item);
  });
  form.dispatchEvent(new Event("parvis:chosen"));
}

// What must stay in sight where the picture is cut: pressed on the picture, or moved there with the arrow keys.
export function aim(item, name, before = "") {
  const target = item.querySelector("[data-aim]");
  const picture = target.querySelector("img");
  const dot = target.querySelector("span");
  const label = target.getAttribute("aria-label");
  const kept = make("input", { type: "hidden", name, value: before });
  const [x, y] = before.split(",").map(Number);
  let at = before ? [(x + 1) / 2, (1 - y) / 2] : [0.5, 0.5]; // from the left, from the top
  const show = () => {
    const [left, top] = at.map((part) => `${Math.round(100 * part)}%`);
    picture.style.objectPosition = `${left} ${top}`;
    [dot.style.left, dot.style.top] = [left, top];
    dot.hidden = !kept.value;
    if (kept.value) target.setAttribute("aria-label", `${label}: ${left}, ${top}`);
  };
  const move = (to) => {
    at = to.map((part) => Math.min(1, Math.max(0, part)));
    kept.value = [2 * at[0] - 1, 1 - 2 * at[1]].map((one) => one.toFixed(2)).join(",");
    show();
  };
  target.addEventListener("click", (event) => {
    if (!event.detail || !picture.naturalWidth) return; // a key pressed it
    const box = picture.getBoundingClientRect();
    const scale = Math.max(box.width / picture.naturalWidth, box.height / picture.naturalHeight);
    const whole = [picture.naturalWidth * scale, picture.naturalHeight * scale];
    const pressed = [event.clientX - box.left, event.clientY - box.top];
    move(pressed.map((one, axis) => (one + (whole[axis] - [box.width, box.height][axis]) * at[axis]) / whole[axis]));
  });
  target.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
    if (!step) return;
    event.preventDefault();
    move(at.map((part, axis) => part + step[axis]));
  });
  item.append(kept);
  show();
}

export function attach(form, kept, drawing) {
  const item = form.querySelector("[data-picture]").content.firstElementChild.cloneNode(true);
  item.querySelector("img").src = kept.preview;
  const alt = item.querySelector("input");
  alt.name = `media_alt_${kept.media}`;
  alt.value = kept.alt;
  const id = make("input", { type: "hidden", name: "media", value: kept.media });
  aim(item, `media_focus_${kept.media}`);
  const badge = drawing.querySelector(".origin");
  if (badge) item.append(badge.cloneNode(true));
  item.append(id);
  item.querySelector("[data-remove]").addEventListener("click", () => {
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
