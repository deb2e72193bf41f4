"use strict";
// Draws the network of the case and answers clicks. Data comes as JSON in the page, every text is
// set as text, nothing is fetched. d3 gives zooming and the search for the nearest mark.
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const canvas = byId("network");
  const context = canvas.getContext("2d");
  const E = data.entities, R = data.relationships;
  const n = E.id.length, m = R.id.length;
  const ink = "#333333";

  // Time: days since 1970 by the calendar of the network; what is known to the month lasts one.
  const DAY = 86400000;
  const isDated = (k) => R.first[k] !== null;
  const hasDates = R.first.some((day) => day !== null);
  const low = d3.min(R.first) || 0, high = d3.max(R.last) || 0;

  // What is shown.
  const near = Array.from({ length: n }, () => []);
  for (let k = 0; k < m; k++) {
    near[R.source[k]].push(k);
    if (R.source[k] !== R.target[k]) near[R.target[k]].push(k);
  }
  const types = new Set(data.types.map((_, i) => i)), kinds = new Set(data.kinds.map((_, i) => i));
  let from = low, to = high, undated = true;
  let shown = [], pairs = [], tree = null, selected = null, hover = -1;

  function isOn(k) {
    if (!kinds.has(R.kind[k]) || !types.has(E.type[R.source[k]]) || !types.has(E.type[R.target[k]])) return false;
    return isDated(k) ? R.first[k] <= to && R.last[k] >= from : undated;
  }

  function filter() {
    shown = [];
    for (let i = 0; i < n; i++) if (types.has(E.type[i])) shown.push(i);
    const found = new Map();
    let count = 0;
    for (let k = 0; k < m; k++) {
      if (!isOn(k)) continue;
      count += 1;
      const a = Math.min(R.source[k], R.target[k]), b = Math.max(R.source[k], R.target[k]);
      if (a === b) continue;
      const key = a * n + b;
      let pair = found.get(key);
      if (!pair) { pair = { a: a, b: b, records: [], line: 9, directed: [false, false] }; found.set(key, pair); }
      pair.records.push(k);
      const kind = data.kinds[R.kind[k]];
      pair.line = Math.min(pair.line, kind.line);
      if (kind.directed) pair.directed[R.source[k] === a ? 0 : 1] = true;
    }
    pairs = Array.from(found.values());
    tree = shown.length ? d3.geom.quadtree().x((p) => p.x).y((p) => p.y)(shown.map((i) => ({ x: E.x[i], y: E.y[i], i: i }))) : null;
    byId("count").textContent = shown.length + " of " + n + " entities, " + count + " of " + m + " relationships shown";
    redraw();
    if (selected) tell();
  }

  // Drawing. One path a kind of line and a kind of mark: thousands stay fluid.
  let width = 0, height = 0, waiting = false;
  const zoom = d3.behavior.zoom().scaleExtent([0.02, 60]).on("zoom", redraw);
  d3.select(canvas).call(zoom).on("dblclick.zoom", null);

  function size() {
    const ratio = window.devicePixelRatio || 1;
    width = canvas.clientWidth; height = canvas.clientHeight;
    canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    redraw();
  }
  function fit() {
    const xs = d3.extent(E.x), ys = d3.extent(E.y);
    if (!n) return;
    const k = Math.min(width / (xs[1] - xs[0] + 4), height / (ys[1] - ys[0] + 4), 60);
    zoom.scale(k).translate([width / 2 - k * (xs[0] + xs[1]) / 2, height / 2 - k * (ys[0] + ys[1]) / 2]);
    redraw();
  }
  function redraw() {
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(draw);
  }
  const sx = (i) => E.x[i] * zoom.scale() + zoom.translate()[0];
  const sy = (i) => E.y[i] * zoom.scale() + zoom.translate()[1];
  function radius(i) {
    const unit = zoom.scale();
    const person = data.types[E.type[i]].sides === 0;
    if (E.role[i] >= 0) return Math.max(6, Math.min(0.5 * unit, 16));
    return Math.max(person ? 2 : 1.6, Math.min((person ? 0.32 : 0.26) * unit, 10));
  }
  function mark(i, r) {
    const x = sx(i), y = sy(i), look = data.types[E.type[i]];
    if (look.sides === 0) { context.moveTo(x + r, y); context.arc(x, y, r, 0, 2 * Math.PI); return; }
    const steps = look.star ? 2 * look.sides : look.sides, size = look.sides === 4 ? 1.15 * r : 1.25 * r;
    for (let s = 0; s <= steps; s++) {
      const angle = look.turn - Math.PI / 2 + 2 * Math.PI * s / steps;
      const reach = look.star && s % 2 ? 0.45 * size : size;
      context[s ? "lineTo" : "moveTo"](x + reach * Math.cos(angle), y + reach * Math.sin(angle));
    }
  }
  function fill(which, color, edge, line) {
    context.beginPath();
    which.forEach((i) => mark(i, radius(i)));
    context.fillStyle = color; context.fill();
    context.strokeStyle = edge; context.lineWidth = line; context.stroke();
  }
  function inView(i) {
    const x = sx(i), y = sy(i);
    return x > -30 && y > -30 && x < width + 30 && y < height + 30;
  }
  function draw() {
    waiting = false;
    context.clearRect(0, 0, width, height);
    const around = selected && selected.entity >= 0 ? selected.entity : hover;
    const crowd = Math.max(0.25, Math.min(1, Math.sqrt(1500 / Math.max(pairs.length, 1))));
    data.lines.slice().reverse().forEach((look) => {
      const own = pairs.filter((p) => p.line === look.line);
      if (!own.length) return;
      context.beginPath();
      own.forEach((p) => { context.moveTo(sx(p.a), sy(p.a)); context.lineTo(sx(p.b), sy(p.b)); });
      context.setLineDash(look.dash);
      context.strokeStyle = look.color; context.lineWidth = look.width;
      context.globalAlpha = look.line === 0 ? 0.9 : look.alpha * crowd;
      context.stroke();
    });
    context.setLineDash([]);
    context.globalAlpha = 1;
    heads();
    if (around >= 0) {
      context.beginPath();
      pairs.forEach((p) => {
        if (p.a === around || p.b === around) { context.moveTo(sx(p.a), sy(p.a)); context.lineTo(sx(p.b), sy(p.b)); }
      });
      context.strokeStyle = ink; context.lineWidth = 2; context.stroke();
    }
    if (selected && selected.pair) {
      context.beginPath();
      context.moveTo(sx(selected.pair.a), sy(selected.pair.a)); context.lineTo(sx(selected.pair.b), sy(selected.pair.b));
      context.strokeStyle = ink; context.lineWidth = 4; context.stroke();
    }
    const seen = shown.filter(inView);
    fill(seen.filter((i) => E.role[i] < 0 && !E.reach[i] && data.types[E.type[i]].sides), "#E3E3E3", "#6E6E6E", 0.7);
    fill(seen.filter((i) => E.role[i] < 0 && !E.reach[i] && !data.types[E.type[i]].sides), "#A6A6A6", "#595959", 0.7);
    const reach = seen.filter((i) => E.reach[i]);
    fill(reach, "#FFFFFF", ink, 1.4);
    context.beginPath();
    reach.forEach((i) => mark(i, radius(i) / 2));
    context.lineWidth = 1; context.stroke();
    data.roles.forEach((role, k) => fill(seen.filter((i) => E.role[i] === k && !E.reach[i]), role.color, ink, 1));
    context.textAlign = "center"; context.textBaseline = "middle";
    seen.forEach((i) => {
      if (E.role[i] < 0 || E.reach[i]) return;
      const role = data.roles[E.role[i]];
      context.font = "bold " + Math.round(1.2 * radius(i)) + "px sans-serif";
      context.fillStyle = role.dark ? "#FFFFFF" : "#000000";
      context.fillText(role.letter, sx(i), sy(i));
    });
    [hover, selected ? selected.entity : -1].forEach((i) => {
      if (i < 0) return;
      context.beginPath();
      context.arc(sx(i), sy(i), radius(i) + 4, 0, 2 * Math.PI);
      context.strokeStyle = "#000000"; context.lineWidth = 2.5; context.stroke();
    });
    labels(seen, around);
  }
  function heads() {
    // Arrow heads only where lines are few enough to follow.
    const shownPairs = pairs.filter((p) => p.line === 0 || pairs.length <= 400);
    context.beginPath();
    shownPairs.forEach((p) => {
      [[p.a, p.b], [p.b, p.a]].forEach((ends, way) => {
        if (!p.directed[way]) return;
        const dx = sx(ends[1]) - sx(ends[0]), dy = sy(ends[1]) - sy(ends[0]);
        const long = Math.hypot(dx, dy), rim = radius(ends[1]) + 1;
        if (long < rim + 8) return;
        const ux = dx / long, uy = dy / long, tx = sx(ends[1]) - ux * rim, ty = sy(ends[1]) - uy * rim;
        context.moveTo(tx, ty);
        context.lineTo(tx - 7 * ux + 3 * uy, ty - 7 * uy - 3 * ux);
        context.lineTo(tx - 7 * ux - 3 * uy, ty - 7 * uy + 3 * ux);
        context.closePath();
      });
    });
    context.fillStyle = ink; context.fill();
  }
  function labels(seen, around) {
    const wanted = seen.map((i) => ({
      i: i,
      want: (i === around ? 4e9 : 0) + (around >= 0 && tied(around, i) ? 2e9 : 0) + (E.role[i] >= 0 ? 1e9 : 0) + near[i].length
    })).sort((p, q) => q.want - p.want || p.i - q.i).slice(0, 120);
    const taken = [];
    context.textAlign = "left"; context.textBaseline = "middle";
    wanted.forEach((w) => {
      const bold = E.role[w.i] >= 0;
      context.font = (bold ? "bold " : "") + "12px sans-serif";
      const r = radius(w.i) + 3, wide = context.measureText(E.label[w.i]).width, cx = sx(w.i), cy = sy(w.i);
      const spots = [[cx + r, cy], [cx - r - wide, cy], [cx - wide / 2, cy - r - 6], [cx - wide / 2, cy + r + 6]];
      const box = spots.map((p) => [p[0], p[1] - 7, p[0] + wide, p[1] + 7]).find((b) =>
        !taken.some((t) => b[0] < t[2] && t[0] < b[2] && b[1] < t[3] && t[1] < b[3]));
      if (!box) return;
      const x = box[0], y = box[1] + 7;
      taken.push(box);
      context.lineWidth = 3; context.strokeStyle = "rgba(255,255,255,0.85)";
      context.strokeText(E.label[w.i], x, y);
      context.fillStyle = "#000000"; context.fillText(E.label[w.i], x, y);
    });
  }
  function tied(a, b) {
    return near[a].some((k) => isOn(k) && (R.source[k] === b || R.target[k] === b));
  }

  // Finding what was pointed at.
  function at(event) {
    const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const k = zoom.scale(), t = zoom.translate();
    const hit = tree ? tree.find([(x - t[0]) / k, (y - t[1]) / k]) : null;
    if (hit && Math.hypot(sx(hit.i) - x, sy(hit.i) - y) <= radius(hit.i) + 4) return { entity: hit.i, pair: null };
    let best = null, gap = 5;
    pairs.forEach((p) => {
      const ax = sx(p.a), ay = sy(p.a), dx = sx(p.b) - ax, dy = sy(p.b) - ay;
      const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      const away = Math.hypot(ax + along * dx - x, ay + along * dy - y);
      if (away < gap) { gap = away; best = p; }
    });
    return best ? { entity: -1, pair: best } : null;
  }
  let pressed = null;
  canvas.addEventListener("mousedown", (event) => { pressed = [event.clientX, event.clientY]; });
  canvas.addEventListener("click", (event) => {
    // The end of a drag is no click.
    if (pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 4) return;
    canvas.focus();
    selected = at(event);
    tell(); redraw();
  });
  canvas.addEventListener("mousemove", (event) => {
    const hit = event.buttons ? null : at(event);
    const over = hit && hit.entity >= 0 ? hit.entity : -1;
    canvas.style.cursor = hit ? "pointer" : "grab";
    if (over !== hover) { hover = over; redraw(); }
  });
  // The wheel belongs to the page until the network is in use.
  canvas.addEventListener("wheel", (event) => {
    if (document.activeElement !== canvas && !event.ctrlKey) event.stopImmediatePropagation();
  }, true);
  canvas.addEventListener("keydown", (event) => {
    const t = zoom.translate(), moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (moves[event.key]) { zoom.translate([t[0] + moves[event.key][0], t[1] + moves[event.key][1]]); redraw(); }
    else if (event.key === "+" || event.key === "=") closer(1.3);
    else if (event.key === "-") closer(1 / 1.3);
    else if (event.key === "0") fit();
    else if (event.key === "Escape") { selected = null; tell(); redraw(); }
    else return;
    event.preventDefault();
  });
  function closer(by) {
    const k = zoom.scale(), t = zoom.translate(), next = Math.max(0.02, Math.min(60, k * by)), f = next / k;
    zoom.scale(next).translate([width / 2 - f * (width / 2 - t[0]), height / 2 - f * (height / 2 - t[1])]);
    redraw();
  }
  function show(i) {
    types.add(E.type[i]);
    const k = Math.max(zoom.scale(), 14);
    zoom.scale(k).translate([width / 2 - k * E.x[i], height / 2 - k * E.y[i]]);
    selected = { entity: i, pair: null };
    boxes(); filter(); tell();
  }

  // The records behind what was chosen.
  function element(tag, text, parent) {
    const made = document.createElement(tag);
    if (text !== null) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  }
  function button(i, parent) {
    const made = element("button", E.label[i], parent);
    made.type = "button";
    made.addEventListener("click", () => { show(i); byId("told").focus(); });
    return made;
  }
  function when(k) {
    if (R.start[k] === null) return "no date";
    return R.end[k] === null ? R.start[k] : R.start[k] + " to " + R.end[k];
  }
  function records(list, parent, other) {
    const table = element("table", null, parent), head = element("tr", null, element("thead", null, table));
    ["With", "What", "When", "Grade", "Document", "Record"].forEach((text) => { element("th", text, head).scope = "col"; });
    const body = element("tbody", null, table);
    list.slice(0, 200).forEach((k) => {
      const row = element("tr", null, body), outgoing = R.source[k] === other;
      const kind = data.kinds[R.kind[k]];
      button(outgoing ? R.target[k] : R.source[k], element("td", null, row));
      element("td", kind.directed ? (outgoing ? "→ " : "← ") + kind.label : kind.label, row);
      element("td", when(k), row);
      element("td", R.grade[k] === null ? "" : R.grade[k], row);
      element("td", R.document[k] === null ? "" : R.document[k], row);
      element("td", R.id[k], row).className = "id";
    });
    if (list.length > 200) element("p", "and " + (list.length - 200) + " more", parent);
  }
  function tell() {
    const told = byId("told");
    told.textContent = "";
    if (!selected) { element("p", "Click a mark or a line, or find a name, to read the records behind it.", told); return; }
    if (selected.entity >= 0) {
      const i = selected.entity;
      element("h3", E.label[i], told);
      const facts = [data.types[E.type[i]].label, data.statuses[E.status[i]]];
      if (E.role[i] >= 0) facts.push("lead: " + data.roles[E.role[i]].label);
      if (E.reach[i]) facts.push("to reach or protect");
      element("p", facts.join(", "), told);
      element("p", E.id[i], told).className = "id";
      const list = near[i].filter(isOn);
      element("p", list.length + " of " + near[i].length + " records shown", told);
      records(list, told, i);
    } else {
      const p = selected.pair, list = p.records.filter(isOn);
      element("h3", E.label[p.a] + " and " + E.label[p.b], told);
      element("p", list.length + (list.length === 1 ? " record" : " records"), told);
      records(list, told, p.a);
    }
  }

  // Contents: what is led to is focused, for who reads by keyboard.
  document.querySelectorAll("h2").forEach((part) => {
    const made = element("button", part.textContent, element("li", null, byId("contents")));
    made.type = "button";
    made.addEventListener("click", () => { part.scrollIntoView(); part.focus({ preventScroll: true }); });
  });

  // Controls.
  function boxes() {
    [["types", data.types, types], ["kinds", data.kinds, kinds]].forEach((part) => {
      const place = byId(part[0]);
      place.textContent = "";
      [["all", part[1].map((_, i) => i)], ["none", []]].forEach((choice) => {
        const made = element("button", choice[0], place);
        made.type = "button";
        made.addEventListener("click", () => {
          part[2].clear(); choice[1].forEach((i) => part[2].add(i));
          boxes(); filter(); place.querySelectorAll("button")[choice[1].length ? 0 : 1].focus();
        });
      });
      part[1].forEach((item, i) => {
        const label = element("label", null, place), box = element("input", null, label);
        box.type = "checkbox"; box.checked = part[2].has(i);
        box.addEventListener("change", () => { part[2][box.checked ? "add" : "delete"](i); filter(); });
        label.appendChild(document.createTextNode(" " + item.label + " (" + item.count + ")"));
      });
    });
  }
  const names = byId("names"), index = new Map();
  E.label.forEach((label, i) => { if (!index.has(label)) index.set(label, i); });
  E.id.forEach((id, i) => { if (!index.has(id)) index.set(id, i); });
  Array.from(index.keys()).sort().slice(0, 2000).forEach((name) => { element("option", null, names).value = name; });
  const search = byId("search");
  search.addEventListener("change", () => {
    const text = search.value.trim().toLowerCase();
    let found = index.has(search.value) ? index.get(search.value) : -1;
    if (found < 0 && text) found = E.label.findIndex((label) => label.toLowerCase().includes(text));
    byId("found").textContent = text && found < 0 ? "nothing of that name" : "";
    if (found >= 0) show(found);
  });
  const begin = byId("from"), end = byId("to"), day = (n) => new Date(n * DAY).toISOString().slice(0, 10);
  const days = high - low;
  [begin, end].forEach((input) => { input.min = 0; input.max = days; });
  begin.value = 0; end.value = days;
  function window_() {
    const a = Math.min(+begin.value, +end.value), b = Math.max(+begin.value, +end.value);
    from = low + a; to = low + b;
    const said = hasDates ? day(from) + " to " + day(to) : "no dates";
    byId("window").textContent = hasDates && data.zone !== "UTC" ? said + " (" + data.zone + ")" : said;
    [[begin, from], [end, to]].forEach((part) => part[0].setAttribute("aria-valuetext", day(part[1])));
    filter();
  }
  begin.addEventListener("input", window_); end.addEventListener("input", window_);
  byId("undated").addEventListener("change", (event) => { undated = event.target.checked; filter(); });
  byId("closer").addEventListener("click", () => closer(1.3));
  byId("away").addEventListener("click", () => closer(1 / 1.3));
  byId("fit").addEventListener("click", fit);
  const place = new Map(E.id.map((id, i) => [id, i]));
  document.querySelectorAll("button[data-entity]").forEach((made) => {
    made.hidden = false;
    made.addEventListener("click", () => { show(place.get(made.dataset.entity)); canvas.scrollIntoView({ block: "center" }); });
  });
  window.addEventListener("resize", size);
  byId("interactive").classList.add("ready");
  boxes(); size(); fit(); window_(); tell();
})();
