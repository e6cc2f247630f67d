// Copies the text of the field that a button's data-copies names.
document.querySelectorAll("[data-copies]").forEach((button) => {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copies);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    document.querySelector("[data-copied]").textContent = "คัดลอกแล้ว";
  });
});
