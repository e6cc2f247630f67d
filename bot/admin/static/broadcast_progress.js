// How far a message is: asked again and again until it is over; another state has other buttons, so the page is loaded anew.
document.querySelectorAll("[data-progress]").forEach((box) => {
  const EVERY = 1000 * (box.dataset.every ?? 1);
  const number = new Intl.NumberFormat("th-TH");
  const bar = box.querySelector("progress");
  const sentence = box.querySelector("[data-sentence]");

  const show = (now) => {
    bar.max = now.total || 1;
    if (now.planned || now.total) bar.value = now.over;
    const preparing = now.planned ? "" : " (กำลังเตรียมรายชื่อ)";
    sentence.textContent = `ดำเนินการแล้ว ${number.format(now.over)} จาก ${number.format(now.total)} ราย${preparing}`;
    for (const [state, count] of Object.entries(now.counts)) {
      const line = box.querySelector(`[data-tally=${state}]`);
      line.hidden = !count;
      line.querySelector("span").textContent = number.format(count);
    }
    box.querySelector("[data-total]").textContent = number.format(now.total);
  };

  const look = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.redirected) return location.reload();
      const now = await answer.json();
      if (now.final || now.state !== box.dataset.state) return location.reload();
      if (bar) show(now); // before it begins there is nothing to show
    } catch {
      sentence.textContent = "ติดต่อระบบไม่ได้ กำลังลองใหม่";
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
});
