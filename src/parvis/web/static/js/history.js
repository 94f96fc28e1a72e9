// How a post read before it was changed.
import { get, icon, make, say, toast } from "./page.js";
import { tellTimes } from "./times.js";

export async function showHistory(link) {
  try {
    const { html } = await get(link.href);
    const body = make("div", { className: "dialog-body" });
    body.innerHTML = html;
    const close = make("button", { className: "icon-button", "aria-label": say("close") }, icon("x"));
    const dialog = make("dialog", { className: "dialog", "aria-label": say("history") },
      make("div", { className: "dialog-head" }, make("h2", {}, say("history")), make("form", { method: "dialog" }, close)), body);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    tellTimes();
    dialog.showModal();
  } catch (refusal) {
    toast(refusal.message, { bad: true });
  }
}
