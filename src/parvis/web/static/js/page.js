// What the page says about itself: who reads it, in which words, and how to ask the server.
const head = document.querySelector('meta[name="parvis"]');
const words = JSON.parse(head?.dataset.words || "{}");

export const me = head?.dataset.me || "";
export const channels = head?.dataset.channels || "";
export const limit = Number(head?.dataset.limit || 500);

export const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name] || name);

export const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

export class Refused extends Error {}
export class Away extends Refused {}

// Post a form's fields; the answer's JSON, a Refused that may be shown, or an Away when nobody heard.
export async function send(url, body = undefined) {
  let response;
  try {
    response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    throw new Away(say("offline"));
  }
  if (response.status === 401) {
    location.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    return new Promise(() => {}); // on our way there
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.message || say("failed"));
  return answer;
}

export async function get(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Refused(say("failed"));
  return response.json();
}

export async function getPage(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Refused(say("failed"));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

// HTML that the server rendered and escaped, as an element.
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

// An element of ours: make("b", { className: "name" }, "Ada"). Text is text.
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function icon(name) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${head.dataset.sprite}#${name}`);
  drawn.append(use);
  return drawn;
}

// What a dialog that closes was saying is still said.
const toasts = document.querySelector(".toasts");
document.addEventListener("close", ({ target }) => target.contains(toasts) && document.body.append(toasts), true);

export function toast(text, { bad = false, href = "", label = "", act = null } = {}) {
  const shown = make("div", { className: bad ? "toast bad" : "toast" }, text);
  if (href) shown.append(make("a", { href }, label));
  if (act) {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      shown.remove();
      act();
    });
    shown.append(button);
  }
  (document.querySelector("dialog[open]") || document.body).append(toasts);
  toasts.replaceChildren(shown);
  // what can be pressed, or was refused, stays longer, and as long as one is at it
  const go = () => (shown.matches(":hover, :focus-within") ? setTimeout(go, 1000) : shown.remove());
  setTimeout(go, bad || label ? 7000 : 4000);
}

// Ask before what cannot be taken back; true when one agrees.
export function ask(question, label) {
  return new Promise((answer) => {
    const no = make("button", { className: "button quiet", value: "" }, say("cancel"));
    const yes = make("button", { className: "button night", value: "yes", autofocus: true }, label);
    const dialog = make("dialog", { className: "dialog ask", "aria-label": question },
      make("form", { method: "dialog" }, make("h2", {}, question), make("div", { className: "row" }, no, yes)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const hear = (text) => {
  document.querySelector("#heard").textContent = text;
};
