// Elements without a framework: text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const h = (tag, attributes, ...children) => filled(document.createElement(tag), attributes, children);
export const s = (tag, attributes, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);

export const number = (value, digits = 1) => (value === null || value === undefined ? "–" : value.toFixed(digits));
export const percent = (value, digits = 0) =>
  value === null || value === undefined ? "–" : `${(100 * value).toFixed(digits).replace(/^-(?=0(\.0*)?$)/, "")} %`;
export const signed = (value, digits = 1) => {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value).toFixed(digits);
  return `${Number(size) === 0 ? "" : value > 0 ? "+" : "−"}${size}`;
};
export const price = (value) => (value === null || value === undefined ? "–" : signed(value, 0));

export const counted = (n, name) => `${n.toLocaleString()} ${name}${n === 1 ? "" : "s"}`;

export const clock = (moment) =>
  moment ? new Date(moment).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" }) : "time not set";
export const moment = (text) =>
  text ? new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "–";
export const day = (text) =>
  new Date(`${text}T12:00:00Z`).toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

let labels = 0;

// A table in a region that can be scrolled by keyboard. `columns`: title, class, and what the head shows instead of the title.
export function table(columns, rows, attributes) {
  return h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": attributes?.["aria-label"] ?? `Table ${++labels}` },
    h("table", attributes,
      h("thead", null, h("tr", null, columns.map(([title, kind, shown]) => h("th", { scope: "col", class: kind }, shown ?? title)))),
      h("tbody", null, rows.map((row) => line(columns, row)))));
}

const line = (columns, { cells, ...row }) =>
  h("tr", row, cells.map((cell, index) => h("td", { class: columns[index][1], "data-title": columns[index][0] }, cell)));

const PAGE = 200;

// A long table, of which the first rows are drawn and the next on demand.
export function longTable(columns, rows, attributes) {
  const drawn = table(columns, rows.slice(0, PAGE), attributes);
  if (rows.length <= PAGE) return drawn;
  let count = PAGE;
  const text = () => `Show more: ${count.toLocaleString()} of ${rows.length.toLocaleString()} rows`;
  const more = h("button", { type: "button", onclick: () => {
    drawn.querySelector("tbody").append(...rows.slice(count, count + PAGE).map((row) => line(columns, row)));
    count = Math.min(count + PAGE, rows.length);
    more.textContent = text();
    more.hidden = count === rows.length;
  } }, text());
  return h("div", null, drawn, more);
}
