// What was written without a network is kept here and goes out once when it is back: each post carries its own key, and
// the server makes one post of one key however often it is told.
import { Away, me, say, send, toast } from "./page.js";

const NOTE = "parvis-outbox"; // how many wait, for pages to know at once

function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open("parvis", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function work(mode, act) {
  const database = await open();
  return new Promise((done, fail) => {
    const transaction = database.transaction("outbox", mode);
    const asked = act(transaction.objectStore("outbox"));
    transaction.oncomplete = () => {
      database.close();
      done(asked?.result);
    };
    transaction.onerror = () => fail(transaction.error);
  });
}

async function count() {
  const waiting = await work("readonly", (store) => store.count());
  if (waiting) localStorage.setItem(NOTE, waiting);
  else localStorage.removeItem(NOTE);
  return waiting;
}

// Keep a form's fields, files and all, until they can be sent.
export async function keep(body) {
  const fields = [...body.entries()];
  await work("readwrite", (store) => store.put({ key: body.get("key"), fields }));
  await count();
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("outbox").catch(() => {});
}

export const waiting = () => count();

// Where no page can lock another out, each goes on by itself: what is sent twice is posted once.
const alone = (act) => (navigator.locks ? navigator.locks.request("parvis-outbox", act) : act());

// Send what waits and who is signed in wrote, oldest first; one page at a time.
export function flush() {
  return alone(async () => {
    const all = await work("readonly", (store) => store.getAll());
    for (const { key, fields } of all) {
      const body = new FormData();
      for (const [name, value] of fields) body.append(name, value);
      if (body.get("writer") !== me) continue;
      try {
        const posted = await send("/posts", body);
        toast(say("sent_later"), { href: posted.path, label: say("see") });
        if (posted.html) (await import("./composer.js")).place(posted, body.get("reply_to"));
      } catch (refusal) {
        if (refusal instanceof Away) break;
        // refused: the words go back to where one writes
        localStorage.setItem(`parvis-draft:${me}:${body.get("reply_to") || body.get("quote") || ""}`, JSON.stringify({ texts: [body.get("text"), ...body.getAll("more")] }));
        toast(refusal.message, { bad: true });
      }
      await work("readwrite", (store) => store.delete(key));
    }
    await count();
  });
}
