// Changing a post: its words are counted and completed as in the composer, its pictures aimed at.
import { lengthOf } from "./composer.js";
import { limit } from "./page.js";
import { aim } from "./pictures.js";
import { completeWhileTyping } from "./typing.js";

const form = document.querySelector("form[data-editing]");
const { text } = form.elements;
const counter = form.querySelector("[data-counter]");

function count() {
  const left = limit - lengthOf(text.value);
  counter.textContent = left <= 60 ? left : "";
  counter.classList.toggle("over", left < 0);
  form.querySelector(".sun").disabled = left < 0;
}

text.addEventListener("input", count);
count();
completeWhileTyping(text);
for (const target of form.querySelectorAll("[data-retouch] [data-aim]")) {
  const item = target.closest("[data-retouch]");
  aim(item, item.dataset.retouch);
}
