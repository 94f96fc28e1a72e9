// Changing a post: its words are counted and completed as in the composer; pictures come, go and change places, and are
// aimed at. One is asked before votes are forgotten, or where a description is missing.
import { lengthOf } from "./composer.js";
import { ask, hear, limit, say } from "./page.js";
import { listenForPictures, undescribed } from "./pictures.js";
import { completeWhileTyping } from "./typing.js";

const form = document.querySelector("form[data-editing]");
const { text, poll_multiple: several } = form.elements;
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

// Whether somebody voted for answers that are others now.
function forgets() {
  if (!poll.dataset.forgets) return false;
  const said = [answers.map((answer) => answer.value.trim()).filter(Boolean), several.checked];
  return JSON.stringify(said) !== JSON.stringify(JSON.parse(poll.dataset.asked));
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
  const questions = [blank && say("ask_alt"), forgets() && poll.dataset.forgets].filter(Boolean);
  if (sure || !questions.length) return;
  event.preventDefault();
  for (const question of questions) {
    if (!(await ask(question, saving.at(-1).textContent))) return;
  }
  sure = true;
  form.requestSubmit(saving.at(-1));
});
text.addEventListener("input", count);
form.addEventListener("parvis:chosen", count);
listenForPictures(form);
count();
completeWhileTyping(text);
