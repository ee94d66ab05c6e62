// Rows as a CSV file, made in the browser from what it has read.

import { h } from "./dom.js";

// A text that a spreadsheet would take for a formula is marked as text.
function cell(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : Array.isArray(value) ? value.join(" ") : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names, ...rows.map((row) => names.map((name) => row[name]))].map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
}

// A button that saves the rows that `read` gives, when it is pressed.
export function download(text, name, read) {
  const button = h("button", { type: "button", onclick: async () => {
    button.disabled = true;
    try {
      const address = URL.createObjectURL(new Blob(["\ufeff", csv(await read())], { type: "text/csv" }));
      h("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      button.textContent = text;
    } catch (error) {
      button.textContent = `${text}: could not be read (${error.message})`;
    }
    button.disabled = false;
  } }, text);
  return button;
}
