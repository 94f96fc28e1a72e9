// A picture in full: zoomed by wheel, pinch, double tap or keys, dragged, swiped to its neighbours, with its description.
import { wear } from "./dressing.js";
import { icon, make, say } from "./page.js";

const MOST = 6; // times as large
const SWIPE = 60; // pixels

class View {
  constructor(stage, picture) {
    this.stage = stage;
    this.picture = picture;
    this.fingers = new Map();
    this.reset();
  }

  reset() {
    [this.scale, this.x, this.y] = [1, 0, 0];
    this.draw();
  }

  draw() {
    this.picture.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.stage.classList.toggle("near", this.scale > 1);
  }

  // Zoom so that what is under the point stays under it.
  zoom(by, clientX, clientY) {
    const box = this.stage.getBoundingClientRect();
    const px = clientX - box.left - box.width / 2;
    const py = clientY - box.top - box.height / 2;
    const scale = Math.min(MOST, Math.max(1, this.scale * by));
    const ratio = scale / this.scale;
    this.x = scale === 1 ? 0 : px - (px - this.x) * ratio;
    this.y = scale === 1 ? 0 : py - (py - this.y) * ratio;
    this.scale = scale;
    this.draw();
  }

  listen(turn) {
    const { stage, fingers } = this;
    let from = null;
    let apart = 0;
    const spread = () => {
      const [one, two] = [...fingers.values()];
      return { size: Math.hypot(one.x - two.x, one.y - two.y), x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
    };
    stage.addEventListener("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      stage.classList.add("held");
      from = { x: event.clientX, y: event.clientY, ox: this.x, oy: this.y };
      if (fingers.size === 2) apart = spread().size;
    });
    stage.addEventListener("pointermove", (event) => {
      if (!fingers.has(event.pointerId)) return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 2) {
        const now = spread();
        this.zoom(now.size / apart, now.x, now.y);
        apart = now.size;
        from = null;
      } else if (from) {
        this.x = from.ox + event.clientX - from.x;
        this.y = this.scale > 1 ? from.oy + event.clientY - from.y : 0;
        this.draw();
      }
    });
    const lift = (event) => {
      fingers.delete(event.pointerId);
      stage.classList.remove("held");
      if (from && this.scale === 1) {
        const far = event.clientX - from.x;
        this.reset();
        if (Math.abs(far) > SWIPE) turn(far < 0 ? 1 : -1);
      }
      from = null;
    };
    stage.addEventListener("pointerup", lift);
    stage.addEventListener("pointercancel", lift);
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX, event.clientY);
    }, { passive: false });
    stage.addEventListener("dblclick", (event) => (this.scale > 1 ? this.reset() : this.zoom(2.5, event.clientX, event.clientY)));
  }
}

const iconButton = (name, label, kind) => make("button", { type: "button", className: `icon-button ${kind}`, "aria-label": say(label) }, icon(name));

export async function openLightbox(link) {
  await wear("lightbox");
  const all = [...link.closest(".pictures, .profile-top, .profile-header, [data-feed]")?.querySelectorAll("a[data-lightbox]") || [link]];
  let at = Math.max(0, all.indexOf(link));
  const picture = make("img", { draggable: false });
  const stage = make("div", { className: "stage" }, picture);
  const words = make("span");
  const place = make("span", { className: "place" });
  const shut = iconButton("x", "close", "shut");
  const before = iconButton("arrow-left", "previous", "before");
  const after = iconButton("arrow-right", "next", "after");
  const dialog = make("dialog", { className: "lightbox" }, stage, make("figcaption", {}, words, place), shut, before, after);
  const view = new View(stage, picture);

  const show = (step = 0) => {
    at = Math.min(all.length - 1, Math.max(0, at + step));
    const { alt } = all[at].dataset;
    picture.src = all[at].href;
    picture.alt = alt || "";
    words.textContent = alt || say("no_alt");
    dialog.setAttribute("aria-label", alt || say("no_alt"));
    place.textContent = all.length > 1 ? `${at + 1} / ${all.length}` : "";
    before.hidden = at === 0;
    after.hidden = at === all.length - 1;
    view.reset();
  };
  view.listen(show);
  before.addEventListener("click", () => show(-1));
  after.addEventListener("click", () => show(1));
  shut.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const middle = [innerWidth / 2, innerHeight / 2];
    if (event.key === "ArrowLeft") show(document.dir === "rtl" ? 1 : -1);
    else if (event.key === "ArrowRight") show(document.dir === "rtl" ? -1 : 1);
    else if (event.key === "+" || event.key === "=") view.zoom(1.4, ...middle);
    else if (event.key === "-") view.zoom(1 / 1.4, ...middle);
    else if (event.key === "0") view.reset();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show();
  dialog.showModal();
  shut.focus();
}
