// Shows how far a worker's job is; when it is over the page is loaded anew, or its form "again" is sent.
const EVERY = 700;
document.querySelectorAll("[data-job]").forEach((box) => {
  const bar = box.querySelector("progress");
  const told = box.querySelector("[role=status]");
  const again = box.dataset.again && document.getElementById(box.dataset.again);
  const over = () => (again ? again.requestSubmit() : location.reload());
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" } });
      if (answer.redirected) return over();
      const job = await answer.json();
      if (job.state === "done" || job.state === "failed") return over();
      if (job.state === "running") {
        bar.value = job.progress;
        told.textContent = `${job.progress}%`;
      } else {
        told.textContent = "รอคิว";
      }
    } catch {
      told.textContent = "ติดต่อระบบไม่ได้ กำลังลองใหม่";
    }
    setTimeout(look, EVERY);
  };
  look();
});
