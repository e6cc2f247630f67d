// Fills in what is left of the month's messages; a worker asks LINE for it, which may take a moment.
const token = document.querySelector("meta[name=csrf-token]").content;
document.querySelectorAll("[data-quota]").forEach(async (place) => {
  if (!place.dataset.quota) return; // the page knew it already
  try {
    const answer = await fetch(place.dataset.quota, { method: "POST", headers: { "X-CSRFToken": token } });
    const told = await answer.json();
    place.textContent = told.sentence ?? told.error;
  } catch {
    place.textContent = "ยังตรวจโควตาไม่ได้ในขณะนี้";
  }
});
