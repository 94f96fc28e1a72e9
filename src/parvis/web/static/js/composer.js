// The composer: counts as a reader would, shows what was chosen, posts in place, and opens over any page.
import { claim, showWaiting } from "./feed.js";
import { element, limit, say, send, toast } from "./page.js";

const MOST = 4;
const graphemes = new Intl.Segmenter(document.documentElement.lang, { granularity: "grapheme" });
const LINK = /https?:\/\/\S+/g;

const lengthOf = (text) => [...graphemes.segment(text.replace(LINK, "x".repeat(23)))].length;

function count(form) {
  const left = limit - lengthOf(form.elements.text.value);
  const counter = form.querySelector("[data-counter]");
  counter.hidden = left === limit;
  counter.querySelector("span").textContent = left <= 60 ? left : "";
  counter.querySelector(".done").setAttribute("stroke-dashoffset", String(Math.max(0, (100 * left) / limit)));
  counter.classList.toggle("near", left <= 60 && left >= 0);
  counter.classList.toggle("over", left < 0);
  const chosen = form.querySelector("[data-chosen]").children.length;
  form.querySelector("[data-send]").disabled = left < 0 || (left === limit && !chosen);
}

function showPictures(form) {
  const chosen = form.querySelector("[data-chosen]");
  const input = form.elements.pictures;
  const alts = new Map([...chosen.querySelectorAll("[data-file]")].map((item) => [item.dataset.file, item.querySelector("input").value]));
  for (const item of chosen.querySelectorAll("[data-file]")) item.remove();
  const room = MOST - chosen.children.length;
  if (input.files.length > room) {
    const kept = new DataTransfer();
    [...input.files].slice(0, room).forEach((file) => kept.items.add(file));
    input.files = kept.files;
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
      const kept = new DataTransfer();
      [...input.files].forEach((each, index) => index !== place && kept.items.add(each));
      input.files = kept.files;
      showPictures(form);
    });
    chosen.append(item);
  });
  count(form);
}

export function attach(form, kept, drawing) {
  const item = form.querySelector("[data-picture]").content.firstElementChild.cloneNode(true);
  item.querySelector("img").src = kept.preview;
  const alt = item.querySelector("input");
  alt.name = `media_alt_${kept.media}`;
  alt.value = kept.alt;
  const id = document.createElement("input");
  id.type = "hidden";
  id.name = "media";
  id.value = kept.media;
  const badge = drawing.querySelector(".origin");
  if (badge) item.append(badge.cloneNode(true));
  item.append(id);
  item.querySelector("button").addEventListener("click", () => {
    item.remove();
    count(form);
  });
  form.querySelector("[data-chosen]").append(item);
  count(form);
}

export async function post(form) {
  startComposer(document);
  const button = form.querySelector("[data-send]");
  button.disabled = true;
  try {
    const body = new FormData(form);
    for (const name of ["prompt", "style"]) body.delete(name);
    const posted = await send("/posts", body);
    if (form.closest(".composer-page")) {
      location.href = posted.path;
      return;
    }
    form.reset();
    form.querySelector("[data-chosen]").replaceChildren();
    form.elements.key.value = crypto.randomUUID();
    for (const fold of form.querySelectorAll("details[open]")) fold.open = false;
    form.querySelector("[data-easel]")?.replaceChildren();
    count(form);
    form.closest("dialog")?.close();
    place(posted, form.elements.reply_to?.value);
    toast(say("posted"), { href: posted.path, label: say("see") });
  } catch (refusal) {
    toast(refusal.message, { bad: true });
    button.disabled = false;
  }
}

// Show what was just posted where it belongs on this page, unless the live stream was faster.
function place(posted, replyTo) {
  const there = document.querySelector(`[data-entry="${posted.id}"]`);
  if (there) {
    if (replyTo) there.scrollIntoView({ block: "center", behavior: "smooth" });
    return;
  }
  const replies = document.querySelector("[data-replies]");
  const feed = document.querySelector("[data-feed]");
  const shown = claim(element(posted.html));
  shown.classList.add("arriving");
  if (replyTo && replies) {
    document.querySelector("[data-no-replies]")?.remove();
    const above = document.querySelector(`[data-replies] [data-post="${replyTo}"]`);
    if (above) above.after(shown);
    else replies.append(shown);
    shown.scrollIntoView({ block: "center", behavior: "smooth" });
  } else if (!replyTo && feed && document.querySelector('meta[name="parvis"][data-channels~="home"]')) {
    showWaiting({ scroll: false });
    feed.prepend(shown);
    document.querySelector(".empty")?.remove();
  }
}

export function startComposer(root) {
  for (const form of root.querySelectorAll("[data-composer]:not([data-awake])")) {
    form.dataset.awake = "";
    form.querySelector("[data-alts]").remove();
    const warn = form.querySelector("[data-warn]");
    warn.addEventListener("click", () => {
      const box = form.querySelector("[data-warning]");
      const folded = box.classList.toggle("folded");
      const input = box.querySelector("input");
      if (folded) input.value = "";
      else input.focus();
    });
    form.elements.text.addEventListener("input", () => count(form));
    form.elements.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("[data-send]").click();
    });
    form.elements.pictures.addEventListener("change", () => showPictures(form));
    form.elements.text.addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
      if (!files.length) return;
      event.preventDefault();
      const all = new DataTransfer();
      [...form.elements.pictures.files, ...files].forEach((file) => all.items.add(file));
      form.elements.pictures.files = all.files;
      showPictures(form);
    });
    count(form);
  }
}

// Fetch the page that a link leads to and show its composer over this one.
export async function openComposer({ href }) {
  const response = await fetch(href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const form = page.querySelector("[data-composer]");
  if (!form) {
    location.href = href;
    return;
  }
  const dialog = document.querySelector("#keys").cloneNode(true);
  dialog.id = "writing-desk";
  dialog.removeAttribute("aria-labelledby");
  dialog.setAttribute("aria-label", say(form.elements.reply_to ? "reply" : "compose"));
  const title = dialog.querySelector("h2");
  title.removeAttribute("id");
  title.textContent = say(form.elements.reply_to ? "reply" : "compose");
  dialog.querySelector(".keys").replaceWith(document.adoptNode(form));
  dialog.addEventListener("close", () => {
    document.body.append(document.querySelector(".toasts"));
    dialog.remove();
  });
  document.body.append(dialog);
  startComposer(dialog);
  dialog.showModal();
  const text = form.elements.text;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
}
