// What the review looks like: its bar, the pair that is shown, and which keys there are.

const ANSWERS = [
  ["match", "Match", "m", "Match: one customer"],
  ["do_not_match", "Not a match", "n", "Not a match: two customers"],
  ["unsure", "Unsure", "s", "Unsure: not linked, not asked about"],
];

function button(words, key, act, says) {
  const made = make("button", "act", document.createTextNode(words));
  made.type = "button";
  if (key) {
    made.append(" ", make("kbd", "", document.createTextNode(key.toUpperCase())));
    made.setAttribute("aria-keyshortcuts", key.toUpperCase());
    if (says) made.title = says;
  } else if (says) made.setAttribute("aria-label", says);
  made.addEventListener("click", act);
  return made;
}

function field(words, kind) {
  const input = make("input", kind);
  input.type = "text";
  input.maxLength = 1000;
  const label = make("label", "field", make("span", "note", document.createTextNode(words)), input);
  return [label, input];
}

class Screen {
  constructor(root, may) {
    this.root = root;
    this.may = may; // whether whoever looks may decide, too
    this.values = {};
    this.build();
  }

  build() {
    const act = (name, ...args) => () => this[name](...args);
    this.buttons = Object.fromEntries(ANSWERS.map(([name, words, key]) => [name, button(words, key, act("answer", name))]));
    Object.assign(this.buttons, {
      back: button("Back", "k", act("go", -1)),
      next: button("Next", "j", act("go", 1)),
      undo: button("Undo", "u", act("undo")),
      split: button("Split off", "x", act("split"), "Split off the chosen records"),
      merge: button("Merge with…", "g", act("search"), "Merge with another customer"),
      assign: button("Assign…", "a", act("askWho"), "Name who shall answer this pair"),
    });
    const [label, reason] = field("Reason (optional), key W", "reason");
    this.reason = reason;
    this.where = make("span", "note where");
    if (!this.may) {
      for (const [name, each] of Object.entries(this.buttons)) each.disabled = each.hidden = name !== "back" && name !== "next";
      label.hidden = true;
    }
    const only = this.may ? [] : [make("p", "note", document.createTextNode("You look at this pair as a viewer; a steward decides it."))];
    const tools = make("div", "tools", ...Object.values(this.buttons), label);
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", "Answers");
    this.status = make("p", "status");
    this.status.setAttribute("role", "status");
    this.saved = make("p", "note saved");
    this.saved.setAttribute("role", "status");
    this.whose = make("p", "note whose");
    this.theirs = make("div", "theirs");
    this.alerts = make("div", "alerts");
    this.panel = make("div", "panel");
    this.title = make("h1", "", document.createTextNode("Are these two one customer?"));
    this.says = isolated("");
    this.body = make("div", "case");
    this.list = make("details", "made");
    const bar = make("div", "deck", tools, make("div", "told", this.status, this.saved, this.whose, this.where), this.theirs, this.alerts, this.panel, ...only);
    this.root.replaceChildren(this.title, make("p", "says", this.says), bar, this.body, this.list);
    this.body.addEventListener("click", (event) => this.edited(event));
  }

  // The pair

  show() {
    const name = this.current();
    this.showPlace();
    this.showMade();
    if (name === this.drawn && this.nodes.has(name)) return;
    this.drawn = name;
    const shown = this.nodeOf(name);
    this.body.replaceChildren(shown);
    if (this.root.getBoundingClientRect().top < 0) this.root.scrollIntoView();
    const here = this.shownCase();
    if (here) {
      history.replaceState(history.state, "", this.address(here));
      this.title.textContent = here.one ? "One customer" : "Are these two one customer?";
      this.says.textContent = here.says;
    } else this.says.textContent = "";
    setTimeout(() => this.nodeOf(this.order[this.at + 1]), 0); // the next one is drawn by the way
  }

  // Drawn once for each pair that was read; what is not there yet says so.
  nodeOf(name) {
    if (this.nodes.has(name)) return this.nodes.get(name);
    const given = this.cases.get(name);
    if (!given) return this.instead(name === undefined ? this.end() : "This pair is on its way.");
    const drawn = given.gone ? this.instead("A record of this pair is not there any more.") : make("div", "view", ...[...given.top, ...given.blocks].map(draw));
    this.nodes.set(name, drawn);
    return drawn;
  }

  instead(words) {
    return make("div", "view", draw({ kind: "notice", text: words, next: "", tone: "plain", links: [] }));
  }

  end() {
    if (!this.ended) return "The next pairs are on their way.";
    return "No further pair of this list waits for you. Undo takes answers back; All waiting pairs shows what is left, and what others have.";
  }

  // The address names the pair that is shown, so that it can be reloaded, kept and sent on.
  address(here) {
    const asked = new URLSearchParams(location.search);
    asked.set("left", here.left);
    asked.set("right", here.right);
    return `${location.pathname}?${asked}`;
  }

  showPlace() {
    const { number, total } = this.place();
    const here = number && this.shownCase();
    this.where.textContent = here ? `Pair ${number.toLocaleString("en")} of ${total.toLocaleString("en")}` : `${total.toLocaleString("en")} pairs waiting`;
    const made = this.madeOn(this.current());
    for (const [name] of ANSWERS) this.buttons[name].setAttribute("aria-pressed", String(Boolean(made && made.answer === name)));
    if (!this.may) return;
    this.buttons.undo.disabled = !this.box.made.length && !(this.shownCase() || {}).stands;
    this.buttons.split.disabled = !this.body.querySelector("input.picked") && !(this.shownCase() || { blocks: [] }).blocks.length;
  }

  // Where the pair stands among those that still wait.
  place() {
    const made = new Set(this.answered());
    const open = (names) => names.filter((name) => !made.has(name)).length;
    const { at, number, total } = this.from;
    const passed = at <= this.at ? open(this.order.slice(at, this.at)) : -open(this.order.slice(this.at, at));
    const since = [...made].filter((name) => !this.from.made.includes(name)).length;
    return { number: number ? number + passed : 0, total: Math.max(0, total - since) };
  }

  // What was done here, latest first, each with its way back.
  showMade() {
    const made = this.box.made.slice(-20).reverse();
    this.list.hidden = made.length === 0 || !this.may;
    const count = this.box.made.length;
    const lines = made.map((entry) => {
      const back = button("Undo", "", () => { this.takeBack(entry); this.tell(`Taken back: ${entry.told}.`); this.flush(); this.show(); }, `Undo: ${entry.told}, ${entry.says}`);
      return make("li", "", back, isolated(`${entry.told} · ${entry.says}`));
    });
    const rest = count > 20 ? [make("p", "note", document.createTextNode("The latest 20; Undo goes back further, one by one."))] : [];
    const open = this.list.open;
    this.list.replaceChildren(make("summary", "", document.createTextNode(`Done on this computer, and not taken back: ${count}`)), make("ul", "", ...lines), ...rest);
    this.list.open = open;
  }

  // Keys

  pressed(event) {
    const target = event.composedPath()[0];
    if (event.key === "Escape" && this.root.getRootNode().contains(target)) {
      this.panel.replaceChildren();
      if (target.blur) target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName || "") && target.type !== "checkbox") return;
    if (target.isContentEditable) return;
    const key = event.key.toLowerCase();
    const named = Object.values(this.buttons).find((each) => each.getAttribute("aria-keyshortcuts") === key.toUpperCase());
    if (named) {
      event.preventDefault();
      named.click();
    } else if (key === "w" && this.may) {
      event.preventDefault();
      this.reason.focus();
    } else if (/^[1-9]$/.test(key)) {
      const boxes = this.body.querySelectorAll("input.picked");
      if (boxes[key - 1]) boxes[key - 1].click();
    }
  }
}
