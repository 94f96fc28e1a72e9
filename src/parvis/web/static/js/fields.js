// What is written is counted against what fits, and a file that was chosen is named: the browser's own field is hidden.
const NEAR = 20; // characters that are left when screen readers hear of it

for (const field of document.querySelectorAll("[data-counted]")) {
  const told = document.getElementById(field.dataset.counted);
  const count = () => {
    told.textContent = `${field.value.length} / ${field.maxLength}`;
    told.ariaLive = field.maxLength - field.value.length <= NEAR ? "polite" : "off";
  };
  field.addEventListener("input", count);
  count();
}

for (const field of document.querySelectorAll(".file input[aria-describedby]")) {
  const told = document.getElementById(field.getAttribute("aria-describedby"));
  const name = () => { told.textContent = field.files[0]?.name ?? ""; };
  field.addEventListener("change", name);
  name(); // who comes back finds it chosen
}
