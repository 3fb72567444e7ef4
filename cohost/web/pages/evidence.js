// The evidence check: filters, and decisions about evidence. Stands alone: `kb check --out` puts it into its file.

const $$ = (root, selector) => [...root.querySelectorAll(selector)];
const holds = (list, wanted) => !wanted || !list || list.split(" ").includes(wanted);
const RELEASES = { approved: ["On air", "good"], held: ["Held", "bad"], draft: ["Waits for approval", "warm"] };

/** Filters, and the desk that takes decisions: `decide(item, state)`, `decideAll(block, items, state)`.
 *  Returns what ends it. */
export function start(root, desk) {
  const over = new AbortController();
  const on = (target, name, act) => target?.addEventListener(name, act, { signal: over.signal });
  const $ = (id) => root.getElementById(id);
  const choices = ["by-product", "by-market", "by-kind", "by-release", "by-document"].map($);
  const [product, market, kind, release, paper] = choices;
  const find = $("find");
  const folds = new Map(); // what was open before somebody searched

  function narrow() {
    for (const choice of choices) choice?.classList.toggle("set", Boolean(choice.value));
    for (const row of $$(root, "#check [data-products]:not(.item)")) row.hidden = !(holds(row.dataset.products, product.value) && holds(row.dataset.markets, market.value));
    for (const cell of $$(root, ".matrix [data-markets]")) cell.hidden = !holds(cell.dataset.markets, market.value);
    for (const card of $$(root, ".card[data-products]")) if (!card.hidden && card.querySelector("li[data-markets]")) card.hidden = !card.querySelector("li[data-markets]:not([hidden])");
    search();
  }

  function search() {
    if (!find) return;
    const words = find.value.toLocaleLowerCase().normalize("NFKC").split(/\s+/).filter(Boolean);
    const chosen = words.length > 0 || Boolean(kind.value || release.value || paper.value);
    let shown = 0;
    for (const block of $$(root, ".doc")) {
      const name = block.dataset.document;
      let left = 0;
      for (const item of $$(block, ".item")) {
        const { products, markets } = item.dataset;
        const fits =
          holds(products, product.value) && holds(markets, market.value) && (!kind.value || item.dataset.kind === kind.value) &&
          (!release.value || (release.value === "ended" ? "ended" in item.dataset : item.dataset.release === release.value)) &&
          (!words.length || words.every((word) => text(item, name).includes(word)));
        item.hidden = !fits;
        left += fits;
      }
      shown += left;
      const bare = !block.querySelector(".item") && !chosen && !product.value && !market.value;
      block.hidden = (paper.value && paper.value !== name) || !(left || bare);
      unfold(block, chosen && left > 0);
    }
    const narrowed = chosen || product.value || market.value;
    $("matches").textContent = narrowed ? `${shown} found` : "";
    $("no-match").hidden = shown > 0 || !narrowed;
  }

  function unfold(block, open) {
    if (open && !folds.has(block)) {
      folds.set(block, block.open);
      block.open = true;
    } else if (!open && folds.has(block)) {
      block.open = folds.get(block);
      folds.delete(block);
    }
  }

  function text(item, name) {
    item.words ??= `${name} ${item.id} ${item.textContent}`.toLocaleLowerCase().normalize("NFKC");
    return item.words;
  }

  function act(event) {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    const state = button.dataset.do.startsWith("approve") ? "approved" : "held";
    const item = button.closest(".item");
    const block = button.closest(".doc");
    if (item) desk.decide(item, state);
    else desk.decideAll(block, $$(block, ".item"), state);
  }

  /** A link to an item or a document opens what it is folded into, and lifts the filters that hide it. */
  function visit() {
    const target = location.hash.length > 1 ? root.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (!target) return;
    if (target.closest("[hidden]")) {
      for (const choice of choices) if (choice) choice.value = "";
      if (find) find.value = "";
      narrow();
    }
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: target.matches(".part") ? "start" : "center" });
  }

  for (const choice of choices) on(choice, "change", narrow);
  let soon = 0;
  on(find, "input", () => { clearTimeout(soon); soon = setTimeout(search, 120); });
  on(root, "click", act);
  on(window, "hashchange", visit);
  on(window, "beforeprint", () => $$(root, "details:not(.doc)").forEach((one) => (one.open = true)));
  on(root, "click", (event) => { // the same link again
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) visit();
  });
  const links = new Map($$(root, ".steps a").map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) for (const [name, link] of links) link.toggleAttribute("aria-current", name === entry.target.id);
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const part of $$(root, ".part")) seen.observe(part);
  visit();
  return () => (over.abort(), seen.disconnect());
}

/** An item's card says how it stands, and who decided. */
export function show(item, state, by = "") {
  const [words, css] = RELEASES[state];
  item.dataset.release = state;
  const chip = item.querySelector("[data-state]");
  chip.textContent = [words, by].filter(Boolean).join(" · ");
  chip.className = `tag ${css}`;
  const block = item.closest(".doc");
  const counts = block.querySelector(".counts") ?? block.querySelector("summary").appendChild(made("span", { class: "chips counts" }));
  counts.replaceChildren(
    ...Object.entries(RELEASES).filter(([name]) => name !== "approved").map(([name, [label, tint]]) => {
      const many = $$(block, `.item[data-release="${name}"]`).length;
      return many ? made("span", { class: `tag ${tint}` }, `${label} ${many}`) : "";
    }),
  );
}

export function made(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Decisions as lines for kb.toml. Whole documents are approved there; a single item is noted for its keeper. */
export class Notebook {
  constructor(root) {
    this.root = root;
    this.documents = new Map(); // path → {note, state}
    this.items = new Map(); // id → {state, words}
    const $ = (id) => root.getElementById(id);
    [this.panel, this.lines, this.approver, this.decided] = ["decisions", "lines", "approver", "decided"].map($);
    $("copy").addEventListener("click", () => this.copy());
    $("clear").addEventListener("click", () => this.clear());
    this.approver.addEventListener("input", () => this.write());
  }

  decide(item, state) {
    const known = this.items.get(item.id);
    if (known?.state === state) this.items.delete(item.id);
    else this.items.set(item.id, { state, document: item.closest(".doc").dataset.document, words: item.querySelector("blockquote").textContent });
    this.mark();
  }

  decideAll(block, items, state) {
    const path = block.dataset.document;
    if (this.documents.get(path)?.state === state) this.documents.delete(path);
    else this.documents.set(path, { state, note: JSON.parse(block.querySelector("[data-note]").dataset.note) });
    this.mark();
  }

  mark() {
    for (const button of $$(this.root, ".doc [data-do]")) {
      const state = button.dataset.do.startsWith("approve") ? "approved" : "held";
      const item = button.closest(".item");
      const known = item ? this.items.get(item.id) : this.documents.get(button.closest(".doc").dataset.document);
      button.setAttribute("aria-pressed", String(known?.state === state));
      item?.classList.toggle("noted", Boolean(known));
    }
    this.write();
  }

  write() {
    const many = this.documents.size + this.items.size;
    this.panel.hidden = many === 0;
    this.decided.textContent = many;
    this.lines.value = [...this.blocks(), ...this.remarks()].join("\n");
  }

  blocks() {
    const on = this.panel.dataset.on;
    return [...this.documents].map(([path, { note, state }]) => {
      const kept = ["kind", "product", "visibility"].filter((key) => note[key]).map((key) => `${key} = ${toml(note[key])}`);
      const by = this.approver.value.trim() || "NAME";
      const approval = state === "approved" ? [`approved_by = ${toml(by)}`, `approved_on = ${on}`] : ["# held: not approved, never on air"];
      return ["[[document]]", `path = ${toml(path)}`, ...kept, ...approval, ""].join("\n");
    });
  }

  remarks() {
    return [...this.items].map(([id, { state, document: path, words }]) =>
      `# ${state === "held" ? "hold" : "approve"} ${id} in ${plain(path)}: “${plain(words).slice(0, 90)}” (a single item is decided in the room, at /evidence)`,
    );
  }

  async copy() {
    const button = this.root.getElementById("copy");
    try {
      await navigator.clipboard.writeText(this.lines.value);
    } catch { // a file has no clipboard in some browsers: select the lines, copy them as ever
      this.lines.select();
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  }

  clear() {
    this.documents.clear();
    this.items.clear();
    this.mark();
  }
}

/** A TOML string: JSON's escapes are among TOML's, the delete character aside. */
const toml = (value) => JSON.stringify(value).replace(/\u007f/g, "\\u007f");
const plain = (words) => words.replace(/[\u0000-\u001f\u007f]+/g, " ");
