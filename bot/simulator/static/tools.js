// The tools drawer: faults, duplicates, redelivery, quota.

import { element } from "./flex.js";

const KIND = {
  500: "500 ระบบขัดข้อง",
  503: "503 ไม่พร้อมให้บริการ",
  429: "429 เรียกถี่เกินไป",
  "429_monthly": "429 โควตาหมด",
  timeout: "รับแล้วแต่ไม่ตอบ",
  reset: "ตัดการเชื่อมต่อ",
  reset_after: "รับแล้วตัดการเชื่อมต่อ",
};

/** Wire the drawer up. `show(tools)` draws what the stand-in tells. */
export function setUpTools({ call, people }) {
  const get = (id) => document.getElementById(id);
  const dialog = get("tools");
  const quota = get("quota-form").elements;
  get("open-tools").addEventListener("click", () => dialog.showModal());

  const onSubmit = (id, send) =>
    get(id).addEventListener("submit", (event) => {
      event.preventDefault();
      send(event.target.elements);
    });
  onSubmit("quota-form", ({ quota: most, used }) =>
    call("PUT", "/simulator/settings", { quota: most.value === "" ? null : Number(most.value), used: Number(used.value) }),
  );
  onSubmit("fault-form", ({ kind, count }) =>
    call("POST", "/simulator/faults", { kind: kind.value, count: Number(count.value) }),
  );
  onSubmit("burst-form", ({ text }) => {
    const able = people().filter((chat) => chat.standing !== "blocked");
    call("POST", "/simulator/actions", {
      actions: able.map((chat) => ({ type: "text", user: chat.id, text: text.value })),
    });
  });
  for (const name of ["redelivery", "duplicate"]) {
    get(name).addEventListener("change", (event) => call("PUT", "/simulator/settings", { [name]: event.target.checked }));
  }
  get("resend").addEventListener("click", () => call("POST", "/simulator/redeliver", {}));
  get("resend-marked").addEventListener("click", () => call("POST", "/simulator/redeliver", { redelivery: true }));
  get("clear-faults").addEventListener("click", () => call("DELETE", "/simulator/faults"));
  get("reset").addEventListener("click", () => {
    if (confirm("ล้างข้อความของทุกห้องแชตใช่ไหมคะ")) call("POST", "/simulator/reset", {});
  });

  return {
    show(tools) {
      const left = tools.quota === null ? "ไม่จำกัด" : `เหลือ ${Math.max(0, tools.quota - tools.used)} จาก ${tools.quota} ข้อความ`;
      get("quota-left").textContent = `${left} (ใช้ไปแล้ว ${tools.used})`;
      if (!get("quota-form").contains(document.activeElement)) {
        quota.quota.value = tools.quota ?? "";
        quota.used.value = tools.used;
      }
      get("redelivery").checked = tools.redelivery;
      get("duplicate").checked = tools.duplicate;
      get("faults").replaceChildren(
        ...tools.faults.map((fault) => element("li", "", `${KIND[fault.kind]} อีก ${fault.count} ครั้ง`)),
      );
      get("calls").replaceChildren(
        ...tools.calls.map((call) => element("li", call.status < 400 ? "" : "bad", `${call.status} ${call.path}`)),
      );
    },
  };
}
