// Pictures in the composer: chosen, pasted, dropped or drawn, each with its description.
import { make, say, toast } from "./page.js";

const MOST = 4;
const MOVING = /^(video|audio)\/|^image\/gif$/;

const MIDDLE = "0.00,0.00";
const MEDIA = /^(image|video|audio)\//;
const files = new WeakMap(); // of the pictures that travel with the form

const tell = (form) => form.dispatchEvent(new Event("parvis:chosen"));
const shown = (form) => form.querySelector("[data-chosen]");

// A place for a picture, a film or a sound; taken away, the next one is at hand.
export function setPlace(form) {
  const item = form.querySelector("[data-picture]").content.firstElementChild.cloneNode(true);
  shown(form).append(item);
  listenForRemoval(form, item);
  return item;
}

function listenForRemoval(form, item) {
  item.querySelector("[data-remove]").addEventListener("click", (event) => {
    event.preventDefault();
    const next = (item.nextElementSibling || item.previousElementSibling)?.querySelector("[data-remove]");
    item.remove();
    hold(form);
    (next || form.elements.pictures).focus();
  });
}

// The form sends the files of what it shows, and what is said of each by its number.
export function hold(form) {
  const kept = new DataTransfer();
  for (const item of [...shown(form).children].filter((one) => files.has(one))) {
    kept.items.add(files.get(item));
    item.querySelector("input.input").name = `alt_${kept.files.length}`;
    item.querySelector("[name^=focus]").name = `focus_${kept.files.length}`;
  }
  form.elements.pictures.files = kept.files;
  tell(form);
}

// Add to what is there already; films and sounds travel at once.
export function showPictures(form, added) {
  const all = [...added];
  const room = MOST - shown(form).children.length;
  if (all.length > room) toast(say("most"), { bad: true });
  for (const file of all.slice(0, room)) {
    const item = setPlace(form);
    if (MOVING.test(file.type) || form.matches("[data-editing]")) {
      item.dataset.making = ""; // nothing is sent without it
      import("./films.js").then(({ upload }) => upload(form, item, file), () => {
        item.remove();
        toast(say("offline"), { bad: true });
        tell(form);
      });
      continue;
    }
    files.set(item, file);
    item.querySelector("img").src = URL.createObjectURL(file);
    aim(item, "focus");
  }
  hold(form);
}

// What must stay in sight where the picture is cut: pressed on the picture, or moved there with the arrow keys.
export function aim(item, name) {
  const target = item.querySelector("[data-aim]");
  const listed = item.querySelector("select");
  const before = listed && listed.value !== MIDDLE ? listed.value : "";
  listed?.remove();
  target.inert = false;
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
  const item = setPlace(form);
  item.querySelector("img").src = kept.preview;
  const alt = item.querySelector("input");
  alt.name = `media_alt_${kept.media}`;
  alt.value = kept.alt;
  aim(item, `media_focus_${kept.media}`);
  const badge = drawing.querySelector(".origin");
  if (badge) item.append(badge.cloneNode(true));
  item.append(make("input", { type: "hidden", name: "media", value: kept.media }));
  tell(form);
}

function addPictures(form, given) {
  const media = [...given].filter((file) => MEDIA.test(file.type));
  if (media.length) showPictures(form, media);
  return media.length > 0;
}

// The first picture that says nothing to those who cannot see it.
export const undescribed = (form) => [...form.querySelectorAll("[data-chosen] input.input")].find((alt) => !alt.value.trim());

export function listenForPictures(form) {
  const field = form.elements.pictures;
  if (field.files.length) showPictures(form, field.files);
  field.addEventListener("change", () => showPictures(form, field.files));
  for (const item of shown(form).querySelectorAll("[data-retouch]")) {
    listenForRemoval(form, item);
    if (item.querySelector("[data-aim]")) aim(item, item.dataset.retouch);
  }
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
