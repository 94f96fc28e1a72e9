// The composer: counts as a reader would, completes what one types, keeps drafts, posts one or several in place, and opens
// over any page. Without a network, what was written waits in the outbox.
import { wear } from "./dressing.js";
import { claim, feedOf, showWaiting } from "./feed.js";
import { newKey } from "./keying.js";
import { Away, Refused, ask, element, getPage, icon, limit, make, me, say, send, toast } from "./page.js";
import { listenForPictures, undescribed } from "./pictures.js";
import { completeWhileTyping } from "./typing.js";

await wear("writing");

const MOST_PARTS = 20; // posts of one thread
const KEPT = ["visibility", "warning", "option_1", "option_2", "option_3", "option_4", "poll_days"]; // of a draft, beside its words
const graphemes = new Intl.Segmenter(document.documentElement.lang, { granularity: "grapheme" });
const LINK = /https?:\/\/\S+/g;

export const lengthOf = (text) => [...graphemes.segment(text.replace(LINK, "x".repeat(23)))].length;
const partsOf = (form) => [...form.querySelectorAll("textarea")];
const placeOf = (form) => `parvis-draft:${me}:${form.elements.reply_to?.value || form.elements.quote?.value || ""}`;

function count(form) {
  const texts = partsOf(form);
  const lefts = texts.map((text) => limit - lengthOf(text.value));
  const at = texts.indexOf(document.activeElement);
  const left = at >= 0 ? lefts[at] : lefts[0];
  const counter = form.querySelector("[data-counter]");
  counter.hidden = left === limit;
  counter.querySelector("span").textContent = left <= 60 ? left : "";
  counter.querySelector(".done").setAttribute("stroke-dashoffset", String(Math.max(0, (100 * left) / limit)));
  counter.classList.toggle("near", left <= 60 && left >= 0);
  counter.classList.toggle("over", left < 0);
  const chosen = form.querySelector("[data-chosen]").children.length;
  const { text, reply_to: replyTo } = form.elements;
  const unsaid = lefts[0] === limit || (replyTo && text.value.trim() === text.defaultValue.trim()); // whom it answers says nothing
  const empty = unsaid && !chosen;
  form.querySelector("[data-send]").disabled = form.ariaBusy === "true" || empty || Boolean(form.querySelector("[data-making]")) || lefts.some((one) => one < 0);
  const more = form.querySelector("[data-more]");
  if (more) more.hidden = empty || texts.length >= MOST_PARTS;
}

// What was begun is found again until it is sent or thrown away: the words of every part, and what was said about them.
function keepDraft(form) {
  const texts = partsOf(form).map((text) => text.value);
  const begun = texts.some((text) => text.trim() && text !== form.elements.text.defaultValue);
  const fields = Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]));
  if (begun) localStorage.setItem(placeOf(form), JSON.stringify({ texts, fields }));
  else localStorage.removeItem(placeOf(form));
}

function findDraft(form) {
  const kept = localStorage.getItem(placeOf(form));
  if (!kept || form.elements.text.value !== form.elements.text.defaultValue) return;
  const { texts: [first, ...others], fields = {} } = JSON.parse(kept);
  const { text, reply_to: replyTo } = form.elements;
  if (!replyTo && text.value.trim() && !first.startsWith(text.value.trim())) return;
  text.value = first;
  for (const text of others) addPart(form).value = text;
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  for (const [name, said] of [["warning", fields.warning], ["poll", fields.option_1]]) {
    if (said && form.querySelector(`.folded[data-folded="${name}"]`)) unfold(form, name);
  }
}

// Show a part of the form that is folded away, or fold it again.
function unfold(form, name) {
  const folded = form.querySelector(`[data-folded="${name}"]`).classList.toggle("folded");
  form.querySelector(`[data-unfold="${name}"]`).setAttribute("aria-expanded", String(!folded));
}

// Beside other things a composer knows few languages: the page that is for writing alone has them all.
async function learnLanguages({ elements: { spoken } }) {
  if (spoken.dataset.few === undefined) return;
  delete spoken.dataset.few;
  const page = await getPage("/compose").catch(() => null);
  const known = [...spoken.options].map(({ value }) => value);
  const all = page ? page.querySelector("[name=spoken]").options : [];
  spoken.append(...[...all].filter(({ value }) => !known.includes(value)));
}

// Pressed, a part comes forth with the focus; it goes again with all that was said in it.
export function turn({ form, dataset: { unfold: name } }) {
  const box = form.querySelector(`[data-folded="${name}"]`);
  const comes = box.classList.contains("folded");
  startComposer(document); // a draft that is found may bring it forth
  if (box.classList.contains("folded") === comes) unfold(form, name);
  if (name === "later") learnLanguages(form);
  if (comes) box.querySelector("input, select").focus();
  else {
    for (const input of box.querySelectorAll(".input")) input.value = "";
    keepDraft(form);
  }
}

function addPart(form) {
  const text = make("textarea", { name: "more", rows: 2, "aria-label": say("next_part"), placeholder: say("next_part") });
  const away = make("button", { type: "button", className: "icon-button", "aria-label": say("take_away") }, icon("x"));
  const part = make("div", { className: "part" }, text, away);
  away.addEventListener("click", () => {
    part.remove();
    count(form);
    keepDraft(form);
  });
  form.querySelector("[data-parts]").append(part);
  completeWhileTyping(text);
  return text;
}

function clear(form) {
  localStorage.removeItem(placeOf(form));
  form.reset();
  form.elements.text.value = form.elements.text.defaultValue;
  form.querySelector("[data-parts]").replaceChildren();
  form.querySelector("[data-chosen]").replaceChildren();
  form.elements.key.value = newKey();
  for (const fold of form.querySelectorAll("details[open]")) fold.open = false;
  for (const fold of form.querySelectorAll("[data-folded]")) fold.classList.add("folded");
  for (const opener of form.querySelectorAll("[data-unfold]")) opener.setAttribute("aria-expanded", "false");
  form.querySelector("[data-easel]")?.replaceChildren();
  count(form);
}

// The same words in another box of the page are the same draft.
function clearSent(form) {
  const [at, words] = [placeOf(form), form.elements.text.value];
  const others = [...document.querySelectorAll("[data-composer][data-awake]")].filter((one) => placeOf(one) === at);
  others.filter((one) => one.elements.text.value === words && !one.querySelector("[data-chosen]").children.length).forEach(clear);
  clear(form);
}

export async function post(form) {
  startComposer(document);
  const button = form.querySelector("[data-send]");
  if (button.disabled) return; // pressed twice, or with a film that is not ready, before this module came
  const blank = undescribed(form);
  if (blank && document.documentElement.dataset.descriptions === "asked" && !(await ask(say("ask_alt"), say("post_anyway")))) {
    blank.focus();
    return;
  }
  form.ariaBusy = "true";
  count(form);
  const body = new FormData(form);
  for (const name of ["prompt", "style"]) body.delete(name);
  if (body.get("at")) body.set("at", new Date(body.get("at")).toISOString());
  try {
    const posted = await send("/posts", body);
    localStorage.removeItem(placeOf(form));
    if (form.closest(".composer-page")) {
      location.replace(posted.path); // who goes back means the page before
      return;
    }
    const replyTo = form.elements.reply_to?.value;
    clearSent(form);
    form.closest("dialog")?.close();
    if (posted.html) place(posted, replyTo);
    toast(say(posted.later ? "scheduled" : "posted"), posted.path ? { href: posted.path, label: say("see") } : {});
  } catch (refusal) {
    const kept = refusal instanceof Away && (await import("./outbox.js").then(({ keep }) => keep(body)).then(() => true, () => false));
    if (kept) {
      clearSent(form);
      form.closest("dialog")?.close();
      toast(say("kept_offline"));
      return;
    }
    toast(refusal.message, { bad: true });
  } finally {
    form.ariaBusy = "false";
    count(form);
  }
}

// Show what was just posted where it belongs on this page, unless the live stream was faster.
export function place(posted, replyTo) {
  const there = document.querySelector(`[data-entry="${posted.id}"]`);
  if (there) {
    if (replyTo) there.scrollIntoView({ block: "center", behavior: "smooth" });
    return;
  }
  const replies = document.querySelector("[data-replies]");
  const feed = feedOf();
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
    feed.ariaBusy = "false";
    document.querySelector(".empty")?.remove();
  }
}

const due = new Set(); // forms whose words are to be counted and kept
addEventListener("pagehide", () => due.forEach(keepDraft)); // one may leave before the next frame

function wake(form) {
  form.dataset.awake = "";
  form.elements.key.value = newKey();
  form.querySelector("[data-alts]")?.remove();
  const extras = form.querySelector("[data-extras]"); // each is folded by itself from here on
  extras.querySelector("summary").remove();
  extras.replaceWith(...extras.childNodes);
  form.querySelector("[data-more]")?.addEventListener("click", () => {
    addPart(form).focus();
    count(form);
  });
  // the letter is drawn first, and counted after
  form.addEventListener("input", () => {
    if (due.has(form)) return;
    due.add(form);
    requestAnimationFrame(() => setTimeout(() => {
      due.delete(form);
      count(form);
      keepDraft(form);
    }));
  });
  form.addEventListener("focusin", () => count(form));
  form.addEventListener("parvis:chosen", () => count(form));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("[data-send]").click();
  });
  listenForPictures(form);
  completeWhileTyping(form.elements.text);
  findDraft(form);
  count(form);
}

export function startComposer(root) {
  for (const form of root.querySelectorAll("[data-composer]:not([data-awake])")) wake(form);
}

// What is answered stands above the words; it is only read here.
function answered(page) {
  const post = page.querySelector(".composer-page > .post");
  if (!post) return [];
  post.querySelector(".actions").remove();
  for (const name of ["id", "tabindex", "data-post", "data-entry", "data-href", "data-author"]) post.removeAttribute(name);
  post.inert = true;
  return [document.adoptNode(post)];
}

// Without a network a new post is written where one can: on this page, or on home as it was kept. An answer waits.
async function writeAway(href) {
  const here = document.querySelector("main [data-composer]:not(:has([name=reply_to]))");
  const blank = new URL(href, location).search === "";
  if (blank && here) here.elements.text.focus();
  const kept = blank && !here && (await self.caches?.match("/", { ignoreVary: true }));
  if (kept) return new DOMParser().parseFromString(await kept.text(), "text/html");
  if (!blank || !here) toast(say("offline"), { bad: true });
  return null;
}

// Fetch the page that a link leads to and show its composer over this one.
export async function openComposer(link) {
  const { href } = link;
  const menu = link.closest?.("details[data-menu]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus({ preventScroll: true }); // whence one came, when the desk is shut
  }
  let away = false;
  const page = await getPage(href).catch((failure) => {
    away = !(failure instanceof Refused);
    return away ? writeAway(href) : null;
  });
  if (document.querySelector("#writing-desk")) return; // it was asked for twice
  const form = page?.querySelector("[data-composer]");
  if (!form) {
    if (!away) location.href = href;
    return;
  }
  const title = say(form.elements.reply_to ? "reply" : "compose");
  const close = make("button", { className: "icon-button", "aria-label": say("close") }, icon("x"));
  const dialog = make("dialog", { className: "dialog", id: "writing-desk", "aria-label": title },
    make("div", { className: "dialog-head" }, make("h2", {}, title), make("form", { method: "dialog" }, close)),
    ...answered(page), document.adoptNode(form));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  startComposer(dialog);
  dialog.showModal();
  const { text } = form.elements;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
}
