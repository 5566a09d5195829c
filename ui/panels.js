// What the review tells and asks beside the pair: what was saved, conflicts, who has it, merging, a new value.

class Panels extends Screen {
  // What is told

  tell(words) {
    this.status.textContent = words;
  }

  showSaved() {
    if (!this.may) return;
    const waiting = this.box.count();
    const others = this.box.ofOthers();
    const names = [...new Set(others.map((each) => each.author))].join(", ");
    const mine = waiting ? `${waiting} on their way, kept in this browser` : "All saved";
    const words = this.box.kept ? mine : `${waiting} on their way; this browser keeps nothing, so leave the page open`;
    this.saved.textContent = names ? `${words}. Answers of ${names} wait here until ${names} opens this page.` : words;
  }

  alert(name, told, next, ...acts) {
    this.dismiss(name);
    const close = button("Close", "", () => this.dismiss(name), `Close: ${told}`);
    const said = make("div", "notice problem", make("p", "", make("strong", "", isolated(told))), make("p", "", isolated(next)), make("div", "tools", ...acts, close));
    said.setAttribute("role", "alert");
    said.dataset.name = name;
    this.alerts.append(said);
  }

  dismiss(name) {
    for (const said of [...this.alerts.children]) if (said.dataset.name === name) said.remove();
  }

  // An answer or deed that could not be: what was meant, why not, and the way to what stands.
  conflict(ack, entry) {
    const told = entry ? `Not recorded: ${entry.told}, ${entry.says}.` : "Not recorded.";
    const look = entry && entry.id ? [button("Show the pair", "", () => { this.dismiss(name); this.drop(entry.id); this.visit(entry.id); this.flush(); })] : [];
    const name = `${ack.sender}:${ack.message}`;
    this.alert(name, told, `${ack.told} ${ack.next_step}`, ...look);
    if (entry && entry.id) {
      this.drop(entry.id);
      this.wants.refresh = [...new Set([...(this.wants.refresh || []), entry.id])];
    }
    this.tell("An answer was not recorded; see above.");
  }

  askUndo(entry, ack) {
    const sure = button("Take it back all the same", "", () => { this.panel.replaceChildren(); this.takeBack(entry, true); this.flush(); this.show(); });
    const keep = button("Leave it", "", () => this.panel.replaceChildren());
    const list = (title, lines) => [make("p", "", make("strong", "", document.createTextNode(title))), make("ul", "", ...lines.map((line) => make("li", "", isolated(line))))];
    this.open(`${ack.told} ${entry.told}, ${entry.says}`, ...list("They were told", ack.effect.told), ...list("They would be told", ack.effect.would), make("div", "tools", sure, keep));
    sure.focus();
  }

  // Who has the pair, and until when

  showWhose() {
    const here = this.shownCase();
    const { told, theirs } = (this.may && here && this.lease.of(here.id)) || { told: "", theirs: false };
    this.whose.textContent = theirs ? "" : told;
    if (this.theirs.dataset.told === (theirs ? told : "")) return;
    this.theirs.dataset.told = theirs ? told : "";
    this.theirs.replaceChildren(...(theirs ? [draw({ kind: "notice", text: `${told}.`, next: "Take the next pair, or wait until then.", tone: "plain", links: [] })] : []));
  }

  // The pairs that are the steward's next, the shown one first; not those that nothing is to be answered of.
  ahead() {
    const here = this.cases.get(this.current());
    if (here && (here.gone || here.one)) return [];
    return this.order.slice(this.at).filter((name) => { const known = this.cases.get(name); return !known || !(known.gone || known.one || known.stands); });
  }

  // The steward is there: a lease that is half over is asked for anew.
  works() {
    if (this.lease.worked) return;
    this.lease.worked = true;
    this.watch();
  }

  watch() {
    clearTimeout(this.timer);
    if (!this.may) return;
    this.showWhose();
    this.timer = setTimeout(() => { this.flush(); this.watch(); }, this.lease.next(this.ahead()));
  }

  askWho() {
    const here = this.shownCase();
    if (!here) return this.tell("There is no pair here.");
    const [label, input] = field("Who shall answer: a user's name, nobody when empty", "assignee");
    input.maxLength = 80;
    const send = () => {
      this.wants.assign = { id: here.id, to: input.value };
      this.panel.replaceChildren();
      this.tell(input.value.trim() ? `Assigned to ${input.value.trim()}.` : "Assigned to nobody.");
      this.flush();
    };
    input.addEventListener("keydown", (event) => event.key === "Enter" && send());
    this.open("Assign this pair", make("div", "tools", label, button("Assign", "", send, "Assign this pair"), button("Close", "", () => this.panel.replaceChildren(), "Close without assigning")));
    input.focus();
  }

  open(title, ...inside) {
    const group = make("div", "notice", make("p", "", make("strong", "", isolated(title))), ...inside);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", title);
    this.panel.replaceChildren(group);
  }

  // Merging with a customer that is found by search

  search() {
    const here = this.shownCase();
    if (!here) return this.tell("There is no pair here.");
    const [label, input] = field("Find another customer by name, id or record key", "find");
    const into = make("select", "");
    for (const { id, name } of here.customers) {
      const option = make("option", "", document.createTextNode(`${name} (${id})`));
      option.value = id;
      into.append(option);
    }
    const which = make("label", "field", make("span", "note", document.createTextNode("Merge it into")), into);
    this.into = into;
    this.found = make("ul", "found");
    this.found.setAttribute("aria-label", "Customers found");
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !input.value.trim()) return;
      this.wants.find = input.value.trim();
      this.waiting = null;
      this.flush();
    });
    this.open("Merge with another customer, at once", make("div", "tools", which, label, button("Close", "", () => this.panel.replaceChildren(), "Close the search")), this.found);
    input.focus();
  }

  showFound({ search, told, customers }) {
    if (!this.found) return;
    const lines = customers.map(({ master_id: id, name, city, country, records }) => {
      const words = `${name || "without a name"}, ${[city, country].filter(Boolean).join(", ")} · ${id}, records: ${records}`;
      const choose = button("Merge", "", () => {
        const win = this.into.value;
        if (win === id) return this.tell("That is the customer itself.");
        this.panel.replaceChildren();
        this.deed({ kind: "merge", win, lose: id }, `Merged ${id} into ${win}`);
      }, `Merge ${words}`);
      return make("li", "", choose, isolated(words));
    });
    const none = `No customer's name has all of these words: ${search}`;
    this.found.replaceChildren(...(told ? [make("li", "note", isolated(told))] : []), ...(lines.length ? lines : [make("li", "note", isolated(none))]));
  }

  // A golden value is changed where it is shown, and goes with the answer that the two match

  edited(event) {
    const asked = event.target.closest && event.target.closest("button.edit");
    if (!asked) return;
    const { field: attribute, label, value } = asked.dataset;
    const input = make("input", "value");
    input.type = "text";
    input.value = this.values[attribute] ?? value;
    input.setAttribute("aria-label", `New ${label}`);
    let left = false;
    const done = (kept) => {
      if (left) return;
      left = true;
      if (kept && input.value.trim() && input.value !== value) this.values[attribute] = input.value.trim();
      else if (kept) delete this.values[attribute];
      const changed = this.values[attribute];
      asked.textContent = changed ? `Set: ${changed}` : "Change";
      asked.setAttribute("aria-label", changed ? `Set: ${changed}. Change the ${label}` : `Change the ${label}`);
      input.replaceWith(asked);
      asked.focus();
    };
    input.addEventListener("keydown", (pressed) => {
      if (pressed.key !== "Enter" && pressed.key !== "Escape") return;
      pressed.preventDefault(); // else the button that takes its place is pressed, too
      done(pressed.key === "Enter");
    });
    input.addEventListener("blur", () => done(true));
    asked.replaceWith(input);
    input.focus();
    input.select();
  }
}
