"use strict";
(function () {
  var all = function (what, within) { return Array.prototype.slice.call((within || document).querySelectorAll(what)); };
  var tools = document.getElementById("tools"), locality = document.getElementById("locality"), mine = document.getElementById("mine");
  var say = document.getElementById("said"), names = {}, where = {};
  all("#mine option").forEach(function (one) {
    if (one.value) { names[one.value] = one.textContent; where[one.value] = one.getAttribute("data-locality"); }
  });

  // Rows and marks of practices of other localities are put aside; those of one's own practice stand out.
  function show() {
    var wanted = locality ? locality.value : "", own = mine ? mine.value : "", left = {};
    all("[data-practice]").forEach(function (one) {
      var code = one.getAttribute("data-practice"), away = !!wanted && where[code] !== undefined && where[code] !== wanted;
      one.classList.toggle(one.closest("svg") ? "dim" : "elsewhere", away);
      one.classList.toggle("mine", !!own && code === own);
      if (!away) { left[code] = true; }
    });
    all("tr.group").forEach(function (row) {
      var next = row.nextElementSibling, any = false, some = false;
      while (next && !next.classList.contains("group")) {
        if (next.hasAttribute("data-practice")) { some = true; any = any || !next.classList.contains("elsewhere"); }
        next = next.nextElementSibling;
      }
      row.classList.toggle("elsewhere", some && !any);
    });
    if (say) {
      say.textContent = Object.keys(left).length + " practices are shown" + (wanted ? ", those of " + wanted : "") +
        (own ? "; " + names[own] + " stands out" : "") + ".";
    }
  }
  if (tools) {
    tools.hidden = false;
    [locality, mine].forEach(function (one) { if (one) { one.addEventListener("change", show); } });
    tools.addEventListener("submit", function (event) { event.preventDefault(); });
  }

  // A column is sorted by its numbers where it has some, else by its words; a second time the other way.
  function value(row, column) {
    var cell = row.children[column], text = cell ? cell.textContent.trim() : "";
    var number = parseFloat(text.replace(/[£,+%]/g, "").replace("−", "-"));
    return isNaN(number) ? text.toLowerCase() : number;
  }
  function sort(table, column, head) {
    var body = table.tBodies[0], down = head.getAttribute("aria-sort") === "ascending";
    var rows = all("tr", body), kept = rows.filter(function (row) { return row.classList.contains("sum"); });
    rows = rows.filter(function (row) { return !row.classList.contains("sum"); });
    rows.map(function (row, at) { return { row: row, at: at, value: value(row, column) }; }).sort(function (a, b) {
      var unlike = typeof a.value !== typeof b.value;
      var order = unlike ? (typeof a.value === "number" ? -1 : 1) : a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
      return (down && !unlike ? -order : order) || a.at - b.at;
    }).forEach(function (one) { body.appendChild(one.row); });
    kept.forEach(function (row) { body.appendChild(row); });
    all("th[aria-sort]", table).forEach(function (one) { one.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  }
  all("table.sort").forEach(function (table) {
    all("thead th", table).forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () { sort(table, column, head); });
    });
  });

  // Whoever points at a mark of a practice, or at its row, sees its name and all its marks of that figure.
  function near(event) {
    var mark = event.target.closest ? event.target.closest("[data-practice]") : null;
    all(".lit").forEach(function (one) { one.classList.remove("lit"); });
    if (!mark) { return; }
    var within = mark.closest("section") || document, code = mark.getAttribute("data-practice");
    all('[data-practice="' + code + '"]', within).forEach(function (one) { one.classList.add("lit"); });
    var told = within.querySelector(".told");
    if (told && names[code]) { told.textContent = names[code]; }
  }
  document.addEventListener("mouseover", near);
  document.addEventListener("focusin", near);

  // Folded figures are printed too.
  window.addEventListener("beforeprint", function () {
    all("details.table:not([open])").forEach(function (one) { one.setAttribute("data-folded", ""); one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    all("details[data-folded]").forEach(function (one) { one.removeAttribute("data-folded"); one.open = false; });
  });
}());
