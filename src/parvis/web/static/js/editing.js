// Changing a post: its words are counted and completed as in the composer; pictures come, go and change places, and are
// aimed at.
import { lengthOf } from "./composer.js";
import { ask, hear, limit, say } from "./page.js";
import { listenForPictures, undescribed } from "./pictures.js";
import { completeWhileTyping } from "./typing.js";

const form = document.querySelector("form[data-editing]");
const { text } = form.elements;
const counter = form.querySelector("[data-counter]");
const saving = [...form.querySelectorAll("[data-save]")];
const poll = form.querySelector("[data-asking]");
const answers = [...poll.querySelectorAll("input.input")];

function count() {
  const left = limit - lengthOf(text.value);
  counter.textContent = left <= 60 ? left : "";
  counter.classList.toggle("over", left < 0);
  const shut = left < 0 || Boolean(form.querySelector("[data-making]"));
  for (const button of saving) button.disabled = shut;
}

function move(button) {
  const item = button.closest(".chosen-item");
  if (button.dataset.move === "earlier") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  const still = button.checkVisibility() ? button : item.querySelector(`[data-move]:not([data-move="${button.dataset.move}"])`);
  still.focus();
  const all = [...item.parentElement.children];
  hear(`${all.indexOf(item) + 1} / ${all.length}`);
}

function unask() {
  for (const answer of answers) answer.value = "";
  poll.open = false;
  poll.querySelector("summary").focus();
}

let sure = false;

form.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-move], [data-unask]");
  if (!pressed) return;
  event.preventDefault();
  if (pressed.matches("[data-move]")) move(pressed);
  else unask();
});
form.addEventListener("submit", async (event) => {
  const blank = document.documentElement.dataset.descriptions === "asked" && undescribed(form);
  if (sure || !blank) return;
  event.preventDefault();
  sure = await ask(say("ask_alt"), saving.at(-1).textContent);
  if (sure) form.requestSubmit(saving.at(-1));
  else blank.focus();
});
text.addEventListener("input", count);
form.addEventListener("parvis:chosen", count);
listenForPictures(form);
count();
completeWhileTyping(text);
