"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function quantity(value, unit) {
  if (!value) return `0 ${unit}`.trim();
  const steps = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];
  const [size, prefix] = steps.find(([size]) => value >= size) ?? [1, ""];
  return `${(value / size).toPrecision(3)} ${prefix}${unit}`.trim();
}

// Tabs ------------------------------------------------------------------------------------------
const sections = [...document.querySelectorAll("main > section")];

function show(id) {
  for (const section of sections) section.hidden = section.id !== id;
  for (const tab of byId("tabs").children) {
    tab.setAttribute("aria-selected", String(tab.dataset.section === id));
  }
}

for (const section of sections) {
  const tab = element("button", { textContent: section.dataset.title, onclick: () => show(section.id) });
  tab.dataset.section = section.id;
  tab.setAttribute("role", "tab");
  byId("tabs").append(tab);
}

// Tables ----------------------------------------------------------------------------------------
// A column: heading, value of a row (for sorting), text of a row, is it a number.
function table(target, rows, columns) {
  let order = null;
  function draw() {
    const sorted = order ? [...rows].sort(order) : rows;
    const heads = columns.map((column) => {
      const head = element("th", { textContent: column.title, className: column.number ? "number" : "" });
      head.onclick = () => { order = comparison(column); draw(); };
      return head;
    });
    const body = sorted.map((row) => element("tr", {}, columns.map((column) => {
      const text = column.text ? column.text(row) : String(column.value(row));
      return element("td", { textContent: text, title: text, className: column.number ? "number" : "long" });
    })));
    target.replaceChildren(element("thead", {}, [element("tr", {}, heads)]), element("tbody", {}, body));
  }
  draw();
}

function comparison(column) {
  if (column.number) return (a, b) => column.value(b) - column.value(a);
  return (a, b) => String(column.value(a)).localeCompare(String(column.value(b)));
}

const amount = (title, key, unit) => ({
  title, number: true, value: (row) => row[key], text: (row) => quantity(row[key], unit),
});

table(byId("operator-table"), data.operators, [
  { title: "node", value: (row) => row.name },
  { title: "operator", value: (row) => row.op_type },
  { title: "inputs", value: (row) => row.inputs.join(", ") },
  { title: "outputs", value: (row) => row.outputs.join(", ") },
  amount("parameters", "parameters", ""),
  amount("operations", "flops", ""),
  amount("bytes", "bytes", "B"),
  { title: "per byte", number: true, value: (row) => row.intensity, text: (row) => row.intensity.toFixed(2) },
]);

const whole = data.times.reduce((sum, time) => sum + time, 0);
const kernels = data.kernels.map((call, index) => ({ ...call, index, time: data.times[index] ?? 0 }));
const timed = data.times.length ? [
  { title: "time", number: true, value: (row) => row.time, text: (row) => `${(row.time * 1e6).toFixed(1)} µs` },
  { title: "share", number: true, value: (row) => row.time, text: (row) => `${(100 * row.time / whole).toFixed(1)} %` },
  { title: "GFLOP/s", number: true, value: (row) => row.flops / row.time, text: (row) => (row.flops / row.time / 1e9).toFixed(1) },
] : [];
table(byId("kernel-table"), kernels, [
  { title: "#", number: true, value: (row) => -row.index, text: (row) => row.index },
  { title: "class", value: (row) => row.kind },
  { title: "nodes", value: (row) => row.nodes.join(", ") },
  { title: "result", value: (row) => row.result },
  amount("operations", "flops", ""),
  amount("bytes", "bytes", "B"),
  ...timed,
  { title: "kernel", value: (row) => row.kernel },
  { title: "schedule", value: (row) => row.schedule || "plain loops" },
]);

const t = data.totals;
byId("summary").textContent = [
  `${t.nodes} nodes`, `${quantity(t.parameters, "")} parameters`, `${quantity(t.flops, "")} operations`,
  `${t.intensity.toFixed(1)} operations per byte`, `${t.calls} kernel calls of ${t.kernels} kernels`,
  `arena ${quantity(t.arena_bytes, "B")}`,
  ...(whole ? [`${(whole * 1e3).toFixed(3)} ms`] : []),
].join(" · ");

// IR --------------------------------------------------------------------------------------------
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function option(name) { return element("option", { textContent: name, value: name }); }

unpack(byId("texts").textContent).then((texts) => {
  const phases = Object.keys(texts);
  const functions = [...new Set(phases.flatMap((phase) => Object.keys(texts[phase])))];
  const choose = byId("function");
  choose.replaceChildren(...functions.map(option));
  const sides = ["left", "right"];
  function draw() {
    for (const side of sides) {
      const phase = byId(side).value;
      byId(`${side}-text`).textContent = texts[phase][choose.value] ?? `// @${choose.value} is not there at phase ${phase}`;
    }
  }
  sides.forEach((side, index) => {
    byId(side).replaceChildren(...phases.map(option));
    byId(side).value = phases[Math.min(phases.length - 1, 2 + index)];
    byId(side).onchange = draw;
  });
  choose.onchange = draw;
  window.showIr = (name) => { choose.value = name; draw(); show("ir"); };
  draw();
  document.body.dataset.ready = "yes";
});

// Graph -----------------------------------------------------------------------------------------
function describe(call) {
  const entries = [
    ["ONNX nodes", call.nodes.join(", ") || "none"], ["kernel", call.kernel], ["class", call.kind],
    ["result", call.result], ["operations", quantity(call.flops, "")], ["bytes", quantity(call.bytes, "B")],
    ["ops", call.ops.join(", ")], ["schedule", call.schedule || "plain loops"],
    ...(call.time ? [["time", `${(call.time * 1e6).toFixed(1)} µs`]] : []),
  ];
  const list = entries.flatMap(([term, text]) => [
    element("dt", { textContent: term }), element("dd", { textContent: text }),
  ]);
  const link = element("button", { textContent: "show its IR", onclick: () => window.showIr(call.kernel) });
  byId("details").replaceChildren(element("dl", {}, list), link);
}

for (const box of document.querySelectorAll(".box")) {
  const choose = () => {
    document.querySelector(".box.chosen")?.classList.remove("chosen");
    box.classList.add("chosen");
    describe(kernels[Number(box.dataset.call)]);
  };
  box.addEventListener("click", choose);
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(); });
}

show(location.hash.slice(1) && byId(location.hash.slice(1)) ? location.hash.slice(1) : "operators");
