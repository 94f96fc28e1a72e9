// Likes, reposts, follows and the rest in place: shown at once, undone when the server refuses.
import { setCounts } from "./live.js";
import { ask, element, get, icon, make, me, say, send, toast } from "./page.js";
import { tellTimes } from "./times.js";

// The focus goes back to what opened the menu.
function closeMenu(within) {
  const menu = within.closest("details");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus({ preventScroll: true });
}

// What took the place of what was pressed is read on from.
function focusOn(shown) {
  shown.tabIndex = -1;
  shown.focus({ preventScroll: true });
}

const TURNS = {};
for (const verb of ["like", "repost", "follow", "bookmark", "pin", "mute", "block", "hush"]) {
  TURNS[verb] = `un${verb}`;
  TURNS[`un${verb}`] = verb;
}
const GOING = { delete: "deleted", mute: "muted", block: "blocked", hide: "hidden" };
const KEEPING = { bookmark: "bookmarked", unbookmark: "unbookmarked", pin: "pinned", unpin: "unpinned", hush: "hushed", unhush: "unhushed" };

const verbOf = (button) => button.formAction.split("/").pop();
const turnedOf = (url) => url.replace(/[^/]+$/, (verb) => TURNS[verb]);
const turn = (button) => {
  button.formAction = turnedOf(button.formAction);
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
};
const fail = (refusal) => toast(refusal.message, { bad: true });

// What was done here is seen on the pages one goes back to, as the browser kept them from before.
const TURNED = `parvis:turned:${me}`;
const MOST_TURNED = 100;
const turned = () => JSON.parse(sessionStorage.getItem(TURNED) || "{}");

function remember(id, state) {
  const { [id]: before, ...others } = turned();
  const all = [...Object.entries(others), [id, { ...before, ...state }]].slice(-MOST_TURNED);
  sessionStorage.setItem(TURNED, JSON.stringify(Object.fromEntries(all)));
}

function catchUpWith(post, state) {
  const counts = {};
  for (const [verb, on, name] of [["like", state.liked, "likes"], ["repost", state.reposted, "reposts"], ["bookmark", state.bookmarked]]) {
    const button = post.querySelector(`.action.${verb}`);
    if (!button || (button.getAttribute("aria-pressed") === "true") === on) continue;
    turn(button);
    const count = button.querySelector(".count");
    const number = Number(count?.dataset.number ?? count?.textContent);
    if (name && !Number.isNaN(number)) counts[name] = Math.max(0, number + (on ? 1 : -1));
  }
  return counts;
}

export function recall() {
  for (const [id, state] of Object.entries(turned())) {
    const posts = [...document.querySelectorAll(`[data-post="${CSS.escape(id)}"]`)];
    if (state.gone) posts.forEach((post) => post.remove());
    else posts.map((post) => catchUpWith(post, state)).forEach((counts) => setCounts(id, counts));
  }
}

async function toggle(button) {
  const url = button.formAction;
  const on = button.getAttribute("aria-pressed") !== "true";
  turn(button);
  if (on) {
    button.classList.add("struck");
    setTimeout(() => button.classList.remove("struck"), 500);
  }
  try {
    const state = await send(url);
    setCounts(state.id, state);
    remember(state.id, state);
  } catch (refusal) {
    turn(button);
    fail(refusal);
  }
}

function showFollow(button) {
  const on = button.getAttribute("aria-pressed") === "true";
  button.querySelector("[data-text]").textContent = on ? button.dataset.on : button.dataset.off;
  button.classList.toggle("night", !on);
  button.classList.toggle("quiet", on);
  button.classList.toggle("following", on);
}

async function follow(button) {
  const url = button.formAction;
  turn(button);
  showFollow(button);
  try {
    const state = await send(url);
    if (state.requested) button.querySelector("[data-text]").textContent = say("requested");
  } catch (refusal) {
    turn(button);
    showFollow(button);
    fail(refusal);
  }
}

// Where one came from, unless that was about the post itself; read anew, since it may have shown the post.
function before(post) {
  const from = document.referrer;
  return from.startsWith(location.origin) && !from.includes(post.dataset.post) ? from : post.querySelector(".who").href;
}

async function actAndHide(button, verb) {
  closeMenu(button);
  if (button.dataset.confirm && !(await ask(button.dataset.confirm, button.textContent.trim()))) return;
  const post = button.closest(".post");
  if (!post) {
    button.form.requestSubmit(button);
    return;
  }
  const all = verb === "delete" || verb === "hide";
  const gone = [...(all ? [post] : document.querySelectorAll(`.post[data-author="${post.dataset.author}"]`))];
  for (const each of gone) each.hidden = true;
  const left = [...document.querySelectorAll(".post:not([hidden])")];
  const next = left.find((each) => post.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) || left.at(-1);
  next?.focus({ preventScroll: true });
  const back = () => gone.forEach((each) => (each.hidden = false));
  try {
    if (verb !== "hide") await send(button.formAction);
    const undo = verb === "delete" ? null : () => {
      back();
      if (verb !== "hide") send(turnedOf(button.formAction)).catch(fail);
    };
    toast(say(GOING[verb]), { act: undo, label: say("undo") });
    if (verb === "delete") {
      remember(post.dataset.post, { gone: true });
      for (const each of gone) each.remove();
      if (post.matches(".focused")) location.replace(before(post));
    }
  } catch (refusal) {
    back();
    fail(refusal);
  }
}

// Bookmarks, pins and the like turn where they stand in the menu.
async function keep(button, verb) {
  const url = button.formAction;
  closeMenu(button);
  try {
    await send(url);
    turn(button);
    const words = button.querySelector("[data-text]");
    if (words) [words.textContent, button.dataset.other] = [button.dataset.other, words.textContent];
    toast(say(KEEPING[verb]));
  } catch (refusal) {
    fail(refusal);
  }
}

export async function vote(form) {
  const body = new URLSearchParams(new FormData(form));
  if (!body.getAll("choice").length) return;
  try {
    const { html } = await send(form.action, body);
    const results = element(html);
    form.closest("[data-poll]").replaceWith(results);
    tellTimes();
    focusOn(results);
  } catch (refusal) {
    fail(refusal);
  }
}

// A post's words in the reader's language, under the words themselves.
export async function translate(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const { html } = await send(form.action);
    const translation = element(html);
    form.replaceWith(translation);
    focusOn(translation);
  } catch (refusal) {
    button.disabled = false;
    fail(refusal);
  }
}

// A reaction to an announcement, given or taken back; the focus stays where it was, or on what opens the others.
async function react(button) {
  try {
    const { html } = await send(button.formAction, new URLSearchParams({ emoji: button.value }));
    const told = element(html);
    button.form.replaceWith(told);
    (told.querySelector(`.reaction[value="${button.value}"]`) || told.querySelector("summary")).focus();
  } catch (refusal) {
    fail(refusal);
  }
}

// The latest answers, under the post itself.
async function peek(button) {
  const post = button.closest(".post");
  closeMenu(button);
  const shown = post.nextElementSibling?.matches(".peeked") ? post.nextElementSibling : null;
  button.setAttribute("aria-expanded", String(!shown));
  if (shown) {
    shown.remove();
    return;
  }
  try {
    const { html } = await get(`/posts/${post.dataset.post}/answers`);
    const place = make("div", { className: "peeked" });
    place.innerHTML = html;
    place.append(make("a", { className: "text-link inline-reply", href: post.dataset.href }, say("thread"), icon("arrow-right")));
    post.after(place);
  } catch (refusal) {
    fail(refusal);
  }
}

async function copy(pressed) {
  const text = pressed.dataset.copy || pressed.href;
  closeMenu(pressed);
  try {
    await navigator.clipboard.writeText(text); // no house without TLS has one, and it may refuse
    toast(pressed.dataset.told || say("copied"));
  } catch {
    offer(pressed.textContent.trim(), text);
  }
}

// What the page may not copy is copied by hand.
function offer(title, text) {
  const field = make("textarea", { className: "input", readOnly: true, value: text, autofocus: true, "aria-label": title });
  const close = make("button", { className: "button night" }, say("close"));
  const dialog = make("dialog", { className: "dialog ask", "aria-label": title },
    make("form", { method: "dialog" }, make("h2", {}, title), field, make("div", { className: "row" }, close)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  field.select();
}

// What a button, or the link to a post, was pressed for; what is not known here goes the way of every form.
export function act(pressed) {
  if (pressed.matches("[data-copy]")) {
    copy(pressed);
    return;
  }
  if (pressed.dataset.confirm && !pressed.closest(".menu")) {
    ask(pressed.dataset.confirm, pressed.textContent.trim()).then((sure) => sure && pressed.form.requestSubmit(pressed));
    return;
  }
  const verb = pressed.matches("[data-hide]") ? "hide" : verbOf(pressed);
  if (pressed.matches("[data-peek]")) peek(pressed);
  else if (pressed.matches(".action")) toggle(pressed);
  else if (pressed.closest("[data-follow]")) follow(pressed);
  else if (pressed.closest("[data-reactions]")) react(pressed);
  else if (GOING[verb]) actAndHide(pressed, verb);
  else if (KEEPING[verb]) keep(pressed, verb);
  else pressed.form.requestSubmit(pressed);
}

// One after the other: what was chosen last is what is kept, whenever this module came.
let looks = Promise.resolve();
export function chooseLook(input) {
  if (!input.checked) return;
  const html = document.documentElement;
  if (input.value) html.dataset[input.name] = input.value;
  else delete html.dataset[input.name];
  looks = looks.then(() => send("/look", new URLSearchParams({ [input.name]: input.value }))).catch(fail);
}
