// Results of the quick search while one types; without it, Enter opens the list.
const TYPED_FOR = 200;
for (const form of document.querySelectorAll(".quick-search")) {
  const field = form.querySelector("input");
  const list = form.querySelector(".quick-found");
  const told = form.querySelector(".quick-told");
  let timer;
  let turn = 0;
  const search = async () => {
    const mine = ++turn;
    const words = field.value.trim();
    let found = [];
    if (words) {
      try {
        const answer = await fetch(`${form.dataset.found}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
        found = (await answer.json()).found;
      } catch {
        return;
      }
    }
    if (mine !== turn) return;
    list.replaceChildren(
      ...found.map((one) => {
        const link = document.createElement("a");
        link.href = one.address;
        const title = document.createElement("b");
        title.textContent = one.title;
        const about = document.createElement("span");
        about.textContent = one.about;
        link.append(title, about);
        const item = document.createElement("li");
        item.append(link);
        return item;
      }),
    );
    list.hidden = !found.length;
    told.textContent = words ? (found.length ? `พบ ${found.length} รายการแรก` : "ไม่พบ ลองใช้คำสั้นลง") : "";
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, TYPED_FOR);
  });
}
