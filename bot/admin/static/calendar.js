// Lets the timeline begin where today is, on screens that are too narrow for all of it.
document.querySelectorAll(".timeline").forEach((box) => {
  const today = box.querySelector("[data-today]");
  if (today) box.scrollLeft = Number(today.getAttribute("x1")) - box.clientWidth / 3;
});
