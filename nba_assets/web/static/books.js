// The reader's own books, kept in his browser; none chosen means all of them.

import { h } from "./dom.js";

const KEY = "books";
let chosen = null;

export function ownBooks() {
  if (chosen === null) {
    try {
      chosen = new Set(JSON.parse(localStorage.getItem(KEY)) ?? []);
    } catch {
      chosen = new Set();
    }
  }
  return chosen;
}

function choose(book, wanted) {
  const own = ownBooks();
  if (wanted) own.add(book);
  else own.delete(book);
  try {
    localStorage.setItem(KEY, JSON.stringify([...own].sort()));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

// A player's offers at the reader's books.
export function offers(player) {
  const own = ownBooks();
  return (player.books ?? []).filter((offer) => !own.size || own.has(offer.book));
}

// The offers of the chosen books that are best for over (lowest line, then longest price) and for under (highest line);
// none where no book is chosen: then the line decided on stands.
export function best(player) {
  if (!ownBooks().size) return {};
  const found = offers(player);
  const by = (sign, price) => found.slice().sort((one, other) => sign * (one.line - other.line) || other[price] - one[price])[0];
  return { over: by(1, "over_price"), under: by(-1, "under_price") };
}

export function chooser(players, changed) {
  const books = [...new Set(players.flatMap((player) => (player.books ?? []).map((offer) => offer.book)))].sort();
  if (!books.length) return h("p", { class: "quiet" }, "This release shows no single book's lines: the line is the one decided on, of all books.");
  return h("fieldset", { class: "controls" }, h("legend", null, "My books (none ticked: the line decided on)"),
    books.map((book) => h("label", null, h("input", { type: "checkbox", id: `book-${book}`, checked: ownBooks().has(book),
      onchange: (event) => { choose(book, event.target.checked); changed(); } }), ` ${book}`)));
}
