// Likes, reposts, follows and the rest in place: shown at once, undone when the server refuses.
import { ask, get, icon, make, say, send, toast } from "./page.js";

const compact = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });
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

export function setCount(post, name, number) {
  const count = post.querySelector(`[data-count="${name}"]`);
  if (count && number !== undefined) {
    count.textContent = number ? compact.format(number) : "";
    count.dataset.number = number;
    const action = count.closest(".action");
    action.setAttribute("aria-label", `${action.title}, ${compact.format(number)}`);
  }
}

export function setCounts(id, counts) {
  for (const post of document.querySelectorAll(`[data-post="${id}"]`)) {
    for (const name of ["likes", "reposts", "replies"]) setCount(post, name, counts[name]);
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

async function actAndHide(button, verb) {
  button.closest("details")?.removeAttribute("open");
  if (button.dataset.confirm && !(await ask(button.dataset.confirm, button.textContent.trim()))) return;
  const post = button.closest(".post");
  if (!post) {
    button.form.action = button.formAction;
    button.form.submit();
    return;
  }
  const all = verb === "delete" || verb === "hide";
  const gone = [...(all ? [post] : document.querySelectorAll(`.post[data-author="${post.dataset.author}"]`))];
  for (const each of gone) each.hidden = true;
  const back = () => gone.forEach((each) => (each.hidden = false));
  try {
    if (verb !== "hide") await send(button.formAction);
    const undo = verb === "delete" ? null : () => {
      back();
      if (verb !== "hide") send(turnedOf(button.formAction)).catch(fail);
    };
    toast(say(GOING[verb]), { act: undo, label: say("undo") });
    if (verb === "delete") {
      for (const each of gone) each.remove();
      if (post.matches(".focused")) history.back();
    }
  } catch (refusal) {
    back();
    fail(refusal);
  }
}

// Bookmarks, pins and the like turn where they stand in the menu.
async function keep(button, verb) {
  const url = button.formAction;
  button.closest("details").open = false;
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

async function vote(form) {
  const body = new URLSearchParams(new FormData(form));
  if (!body.getAll("choice").length) return;
  try {
    const { html } = await send(form.action, body);
    const template = document.createElement("template");
    template.innerHTML = html;
    form.closest("[data-poll]").replaceWith(template.content);
  } catch (refusal) {
    fail(refusal);
  }
}

// A post's words in the reader's language, under the words themselves.
async function translate(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const { html } = await send(form.action);
    form.outerHTML = html;
  } catch (refusal) {
    button.disabled = false;
    fail(refusal);
  }
}

// The latest answers, under the post itself.
async function peek(button) {
  const post = button.closest(".post");
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

function clicked(event) {
  const button = event.target.closest("button[formaction], button[data-hide], button[data-peek]");
  if (button) {
    const verb = button.matches("[data-hide]") ? "hide" : verbOf(button);
    if (button.matches("[data-peek]")) {
      peek(button);
    } else if (button.matches(".action")) {
      event.preventDefault();
      toggle(button);
    } else if (button.closest("[data-follow]")) {
      event.preventDefault();
      follow(button);
    } else if (GOING[verb] && button.closest(".menu")) {
      event.preventDefault();
      actAndHide(button, verb);
    } else if (KEEPING[verb] && button.closest(".menu")) {
      event.preventDefault();
      keep(button, verb);
    }
    return;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    event.preventDefault();
    navigator.clipboard.writeText(copy.href).then(() => toast(say("copied")));
    copy.closest("details").open = false;
    return;
  }
  const back = event.target.closest("[data-back]");
  if (back && history.length > 1 && document.referrer.startsWith(location.origin)) {
    event.preventDefault();
    history.back();
    return;
  }
  // anywhere on a post that is not something else opens it
  const post = event.target.closest(".post[data-href]:not(.focused)");
  if (post && !event.target.closest("a, button, summary, details, input, textarea, label, video, audio") && !String(getSelection())) {
    location.href = post.dataset.href;
  }
}

async function chooseLook(input) {
  const html = document.documentElement;
  if (input.value) html.dataset[input.name] = input.value;
  else delete html.dataset[input.name];
  await send("/look", new URLSearchParams({ [input.name]: input.value })).catch(fail);
}

// A click elsewhere closes what is open; where a sheet lies over the page, it does nothing else.
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu.contains(event.target)) continue;
    menu.open = false;
    if (matchMedia("(max-width: 43.99rem)").matches) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }
}

export function startActions() {
  document.addEventListener("click", closeMenus);
  document.addEventListener("click", clicked);
  document.addEventListener("change", (event) => event.target.matches("input[data-look]") && chooseLook(event.target));
  document.addEventListener("submit", (event) => {
    const own = event.target.matches("[data-vote]") ? vote : event.target.matches("[data-translate]") && translate;
    if (!own) return;
    event.preventDefault();
    own(event.target);
  });
}
