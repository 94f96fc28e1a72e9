// Hours are picked by one's own clock, and travel as moments.
const TWO = { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" };

for (const field of document.querySelectorAll("input[type=datetime-local][data-moment]")) {
  const told = new Date(field.dataset.moment).toLocaleString("sv", { year: "numeric", ...TWO });
  field.value ||= told.replace(" ", "T"); // unless one was faster
  field.form.addEventListener("formdata", ({ formData }) => formData.set(field.name, new Date(field.value).toISOString()));
}
