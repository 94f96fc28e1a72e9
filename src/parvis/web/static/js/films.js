// A film or a sound for the post: it travels at once, is made playable meanwhile, and then waits with its description.
// A picture does too, for a post that is there already.
import { Refused, get, make, say, send, toast } from "./page.js";
import { aim } from "./pictures.js";

const FIRST = 300; // ms until the first question whether it is ready; each waits longer than the one before
const LAST = 3000;
const STILL = /^image\/(?!gif)/;

const tell = (form) => form.dispatchEvent(new Event("parvis:chosen"));
const rest = (time) => new Promise((go) => setTimeout(go, time));

async function made(kept, item) {
  let found = kept;
  let pause = FIRST;
  while (found.state === "processing" && item.isConnected) {
    await rest(pause);
    pause = Math.min(LAST, 1.5 * pause);
    found = await get(`/uploads/${found.media}`);
  }
  if (found.state === "failed") throw new Refused(say("not_playable"));
  return found;
}

export async function upload(form, item, file) {
  if (!item.isConnected) return; // taken away before this module came
  const picture = item.querySelector("img");
  const still = STILL.test(file.type);
  const told = still ? file.name : say("making", { name: file.name });
  const progress = make("progress", { "aria-label": told });
  const state = make("div", { className: "making" }, ...(still ? [] : [make("span", {}, told)]), progress);
  const target = item.querySelector("[data-aim]");
  target.hidden = !still;
  if (still) picture.src = URL.createObjectURL(file);
  target.after(state);
  const body = new FormData();
  body.set("file", file);
  try {
    const found = await made(await send("/uploads", body), item);
    item.querySelector("input").name = `media_alt_${found.media}`;
    item.append(make("input", { type: "hidden", name: "media", value: found.media }));
    if (found.preview) {
      picture.src = found.preview;
      target.hidden = false;
      aim(item, `media_focus_${found.media}`);
      state.remove();
    } else state.replaceChildren(file.name);
    delete item.dataset.making;
  } catch (refusal) {
    item.remove();
    toast(refusal.message, { bad: true });
  }
  tell(form);
}
