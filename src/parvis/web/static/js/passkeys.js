// Passkeys: asks the browser for what the server asks of it, on the pages that have a place for it.
import { Refused, say, send, toast } from "./page.js";

const able = () => window.PublicKeyCredential?.parseCreationOptionsFromJSON !== undefined;

async function attempt(work) {
  try {
    const { go } = await work();
    const there = new URL(go, location.href).href;
    if (there === location.href) location.reload();
    else location.assign(there);
  } catch (problem) {
    if (problem instanceof Refused) toast(problem.message, { bad: true });
    else if (problem.name !== "NotAllowedError" && problem.name !== "AbortError") toast(say("failed"), { bad: true });
  }
}

async function add(form) {
  const asked = await send("/settings/security/passkeys/ask", new FormData(form));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options);
  const made = await navigator.credentials.create({ publicKey });
  const body = new FormData(form);
  body.delete("password");
  body.set("ticket", asked.ticket);
  body.set("credential", JSON.stringify(made));
  return send(form.action, body);
}

async function comeIn(next) {
  const asked = await send("/sign-in/passkey/ask", new FormData());
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options);
  const answered = await navigator.credentials.get({ publicKey });
  const body = new FormData();
  body.set("next", next);
  body.set("ticket", asked.ticket);
  body.set("credential", JSON.stringify(answered));
  return send("/sign-in/passkey", body);
}

export function startPasskeys() {
  if (!able()) return;
  const form = document.querySelector("[data-add-passkey]");
  if (form) {
    form.closest("[hidden]").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(() => add(form));
    });
  }
  const button = document.querySelector("[data-passkey]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => attempt(() => comeIn(button.dataset.passkey)));
  }
}

startPasskeys();
