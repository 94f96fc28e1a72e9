// Likes, reposts, follows and the rest in place: shown at once, undone when the server refuses.
import { Refused, say, send, toast } from "./page.js";

const compact = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });
const TURNS = { like: "unlike", unlike: "like", repost: "unrepost", unrepost: "repost", follow: "unfollow", unfollow: "follow" };

const verbOf = (button) => button.formAction.split("/").pop();
const turn = (button) => {
  button.formAction = button.formAction.replace(/[^/]+$/, TURNS[verbOf(button)]);
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
};

export function setCount(post, name, number) {
  const count = post.querySelector(`[data-count="${name}"]`);
  if (count && number !== undefined) {
    count.textContent = number ? compact.format(number) : "";
    count.dataset.number = number;
    const action = count.closest(".action");
    action.setAttribute("aria-label", `${action.title}, ${number}`);
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
    toast(refusal.message, { bad: true });
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
    await send(url);
  } catch (refusal) {
    turn(button);
    showFollow(button);
    toast(refusal.message, { bad: true });
  }
}

const SAID = { delete: "deleted", mute: "muted", block: "blocked" };

async function actAndHide(button, verb) {
  if (button.dataset.confirm && !confirm(button.dataset.confirm)) return;
  const post = button.closest(".post");
  if (!post) return button.form.requestSubmit === undefined ? undefined : plainly(button);
  const gone = verb === "delete" ? [post] : document.querySelectorAll(`.post[data-author="${post.dataset.author}"]`);
  for (const each of gone) each.hidden = true;
  try {
    await send(button.formAction);
    toast(say(SAID[verb]));
    for (const each of gone) each.remove();
    if (verb === "delete" && post.matches(".focused")) history.back();
  } catch (refusal) {
    for (const each of gone) each.hidden = false;
    toast(refusal.message, { bad: true });
  }
}

function plainly(button) {
  const form = button.form;
  form.action = button.formAction;
  form.submit();
}

function clicked(event) {
  const button = event.target.closest("button[formaction]");
  if (button) {
    const verb = verbOf(button);
    if (button.matches(".action")) {
      event.preventDefault();
      toggle(button);
    } else if (button.closest("[data-follow]")) {
      event.preventDefault();
      follow(button);
    } else if (SAID[verb] && button.closest(".menu")) {
      event.preventDefault();
      actAndHide(button, verb);
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
  if (post && !event.target.closest("a, button, summary, details, input, textarea, label") && !String(getSelection())) {
    location.href = post.dataset.href;
  }
}

export function startActions() {
  document.addEventListener("click", clicked);
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("change", async (event) => {
    const look = event.target.closest("[data-look]");
    if (!look || look === document.documentElement) return;
    document.documentElement.dataset.look = look.value;
    await send("/look", new URLSearchParams({ look: look.value })).catch((refusal) => {
      if (refusal instanceof Refused) toast(refusal.message, { bad: true });
    });
  });
}
