// What one may mean while one types: a list under the words, walked with arrows, taken with Enter or Tab (ARIA combobox).
import { wear } from "./dressing.js";
import { get, make } from "./page.js";

const PAUSE = 120; // ms
let made = 0;
wear("writing");

export class Completing {
  // `find(text, caret)` says what is being typed ({ start, ask }) or null; `take(option)` says what is put there.
  constructor(field, find, take) {
    Object.assign(this, { field, find, take, options: [], at: -1, asked: null, timer: 0 });
    made += 1;
    this.list = make("ul", { className: "options", id: `options-${made}`, role: "listbox", hidden: true });
    (field.closest(".prefix") || field).after(this.list);
    // a text of several lines cannot be a combobox: it stays a textbox with a list of its own
    this.expands = !field.matches("textarea");
    if (this.expands) field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    this.expand(false);
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => this.later());
    field.addEventListener("blur", () => setTimeout(() => this.shut(), 150));
    field.addEventListener("keydown", (event) => this.pressed(event));
  }

  expand(open) {
    this.list.hidden = !open;
    if (this.expands) this.field.setAttribute("aria-expanded", String(open));
  }

  later() {
    clearTimeout(this.timer);
    this.asked = this.find(this.field.value, this.field.selectionStart ?? this.field.value.length);
    if (!this.asked) return this.shut();
    this.timer = setTimeout(async () => {
      const { asked } = this;
      const options = await this.answers(asked).catch(() => []);
      if (asked === this.asked && document.activeElement === this.field) this.show(options);
    }, PAUSE);
  }

  async answers(asked) {
    if (asked.options) return asked.options;
    return (await get(`/complete?q=${encodeURIComponent(asked.ask)}${asked.within || ""}`)).options;
  }

  show(options) {
    this.options = options;
    this.at = options.length ? 0 : -1;
    this.list.replaceChildren(...options.map((option, place) => {
      const item = make("li", { className: "option", role: "option", id: `${this.list.id}-${place}` });
      if (option.face) item.append(make("img", { className: option.machine ? "avatar tiny tile" : "avatar tiny", src: option.face, alt: "" }));
      if (option.emoji) item.append(make("span", { className: "emoji" }, option.emoji));
      item.append(make("b", {}, option.label));
      if (option.note) item.append(make("span", { className: "handle" }, option.note));
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.choose(place);
      });
      return item;
    }));
    this.expand(options.length > 0);
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === this.at)));
    const item = this.list.children[this.at];
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.field.setAttribute("aria-activedescendant", item.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (this.list.hidden || event.ctrlKey || event.metaKey) return;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") this.at = this.at >= last ? 0 : this.at + 1;
    else if (event.key === "ArrowUp") this.at = this.at <= 0 ? last : this.at - 1;
    else if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) this.choose(this.at);
    else if (event.key === "Escape") this.shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.list.hidden) this.mark();
  }

  choose(place) {
    const { asked } = this;
    this.shut();
    this.take(this.options[place], asked);
  }

  shut() {
    this.asked = null;
    this.expand(false);
    this.field.removeAttribute("aria-activedescendant");
  }
}
