// A profile's pictures are cut to their shape before they travel: moved and enlarged by sliders, or by hand.
import { make, say } from "./page.js";

const WIDEST = 1500; // pixels

const slider = (name, label) => make("label", { className: "field" }, make("span", { className: "label-text" }, label),
  make("input", { type: "range", name, min: 0, max: 100, value: name === "size" ? 0 : 50 }));

// Which part of the picture stays, in its own pixels.
function part(picture, shape, form) {
  const [across, down, size] = ["across", "down", "size"].map((name) => Number(form.elements[name].value) / 100);
  const largest = Math.min(picture.width, picture.height * shape);
  const width = largest / (1 + 3 * size);
  const height = width / shape;
  return [(picture.width - width) * across, (picture.height - height) * down, width, height];
}

function draw(canvas, picture, cut) {
  canvas.getContext("2d").drawImage(picture, ...cut, 0, 0, canvas.width, canvas.height);
}

function drag(canvas, form, picture, shape, redraw) {
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const [, , width, height] = part(picture, shape, form);
    const scale = width / canvas.clientWidth;
    const room = { across: picture.width - width, down: picture.height - height };
    for (const [name, moved] of [["across", event.movementX], ["down", event.movementY]]) {
      if (room[name] > 0) form.elements[name].value = Number(form.elements[name].value) - (100 * moved * scale) / room[name];
    }
    redraw();
  });
}

// What is chosen is seen where it will be worn.
function show(input) {
  const [file] = input.files;
  const worn = document.querySelector(`[data-shown="${input.name}"] img`);
  if (!file || !worn) return;
  worn.parentElement.querySelector("source")?.remove(); // how it moved before
  worn.src = URL.createObjectURL(file);
}

async function cutToShape(input) {
  const [file] = input.files;
  if (file?.type === "image/gif" && input.name === "avatar") return show(input); // cut, it would not move
  const picture = file && await createImageBitmap(file).catch(() => null);
  if (!picture) return; // the server may know this format
  const shape = Number(input.dataset.crop);
  const canvas = make("canvas", { width: 600, height: 600 / shape, className: "crop" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", say("crop"));
  const form = make("form", { method: "dialog" }, make("h2", {}, say("crop")), canvas,
    slider("across", say("crop_across")), slider("down", say("crop_down")), slider("size", say("crop_size")),
    make("div", { className: "row" }, make("button", { className: "button quiet", value: "" }, say("crop_not")),
      make("button", { className: "button night", value: "yes" }, say("crop_yes"))));
  const dialog = make("dialog", { className: "dialog ask", "aria-label": say("crop") }, form);
  const redraw = () => draw(canvas, picture, part(picture, shape, form));
  form.addEventListener("input", redraw);
  drag(canvas, form, picture, shape, redraw);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "yes") return show(input);
    const cut = part(picture, shape, form);
    canvas.width = Math.min(WIDEST, Math.round(cut[2]));
    canvas.height = Math.round(canvas.width / shape);
    draw(canvas, picture, cut);
    canvas.toBlob((made) => {
      const kept = new DataTransfer();
      kept.items.add(new File([made], "picture.png", { type: "image/png" }));
      input.files = kept.files;
      show(input);
    }, "image/png");
  });
  document.body.append(dialog);
  dialog.showModal();
  redraw();
}

document.addEventListener("change", (event) => event.target.matches("input[data-crop]") && cutToShape(event.target));
