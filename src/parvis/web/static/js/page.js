// What the page says about itself: who reads it, in which words, and how to ask the server.
const head = document.querySelector('meta[name="parvis"]');
const words = JSON.parse(head?.dataset.words || "{}");

export const me = head?.dataset.me || "";
export const channels = head?.dataset.channels || "";
export const limit = Number(head?.dataset.limit || 500);

export const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name] || name);

export class Refused extends Error {}

// Post a form's fields; the answer's JSON, or a Refused that may be shown.
export async function send(url, body = undefined) {
  let response;
  try {
    response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    throw new Refused(say("offline"));
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

// HTML that the server rendered and escaped, as an element.
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

export function toast(text, { bad = false, href = "", label = "" } = {}) {
  const shown = document.createElement("div");
  shown.className = bad ? "toast bad" : "toast";
  shown.append(text);
  if (href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = label;
    shown.append(link);
  }
  const dialog = document.querySelector("dialog[open]");
  const place = document.querySelector(".toasts");
  if (dialog) dialog.append(place);
  else document.body.append(place);
  place.append(shown);
  setTimeout(() => shown.remove(), bad ? 6000 : 4000);
}

export const hear = (text) => {
  document.querySelector("#heard").textContent = text;
};
