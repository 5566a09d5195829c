// The review: pair after pair without waiting for the server. draw.js, outbox.js, lease.js, screen.js and panels.js stand before it.

const AHEAD = 6; // with fewer pairs than that before it, the page asks for more
const LEAVING = 2000; // milliseconds after a click on a link in which nothing is sent
const PATIENCE = 10_000; // milliseconds without an answer after which everything is sent again
class Review extends Panels {
  constructor(root, data) {
    super(root, data.may);
    this.box = new Outbox(data.store, data.author);
    this.lease = new Lease();
    this.cases = new Map();
    this.nodes = new Map();
    this.order = [];
    this.at = 0;
    this.from = { at: 0, number: 0, total: 0, made: [] };
    this.ended = false;
    this.round = 0;
    this.waiting = null; // when the last question was asked that has no answer yet
    this.wants = {};
    this.undoing = new Map();
    this.following = new Set(); // numbers of values that go with an answer
    this.onKey = (event) => { this.works(); this.pressed(event); };
    this.onWork = () => this.works();
    this.onClick = (event) => this.leaves(event);
    this.going = 0;
    this.home = location.pathname;
    this.onLine = () => this.flush();
  }

  // Called with every answer; listening twice is listening once.
  listen(host) {
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("pointermove", this.onWork, { passive: true });
    document.addEventListener("click", this.onClick, true);
    window.addEventListener("online", this.onLine);
    // Streamlit greys what it asks about anew; here nothing waits for the answer.
    const frame = host && host.closest('[data-testid="stElementContainer"]');
    if (frame) frame.style.setProperty("opacity", "1", "important");
  }

  leaveOff() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("pointermove", this.onWork);
    document.removeEventListener("click", this.onClick, true);
    clearTimeout(this.timer);
    window.removeEventListener("online", this.onLine);
  }

  // From the server

  receive(data, send) {
    this.send = send;
    for (const given of data.cases) this.keep(given);
    for (const name of data.gone) if (!this.cases.has(name)) this.keep({ id: name, gone: true });
    if (data.where && !this.order.length) this.begin(data.where, data.queue);
    else if (data.queue && data.behind === this.order.at(-1)) this.extend(data.queue);
    for (const ack of data.acks) this.acknowledged(ack);
    const passed = this.lease.heard(data.claims);
    this.order = this.order.filter((name, at) => at <= this.at || !(this.lease.of(name) || {}).theirs); // led past these
    for (const name of passed) {
      this.drop(name); // whoever had it may have decided it
      this.wants.refresh = [...new Set([...(this.wants.refresh || []), name])];
    }
    if (data.found) this.showFound(data.found);
    if (data.round === this.round) this.waiting = null;
    if (data.problem) this.alert("server", data.problem.told, data.problem.next);
    else this.dismiss("server");
    if (data.problem) setTimeout(() => this.flush(), PATIENCE);
    else this.flush();
    this.show();
    this.watch();
  }

  keep(given) {
    this.cases.set(given.id, given);
    this.nodes.delete(given.id);
  }

  begin({ start, number, total, previous }, queue) {
    this.order = [...(previous ? [previous] : []), start, ...queue.filter((name) => name !== start)];
    this.at = this.order.indexOf(start);
    this.from = { at: this.at, number, total, made: this.answered() };
    this.ended = queue.length === 0;
  }

  extend(queue) {
    const fresh = queue.filter((name) => !this.order.includes(name));
    this.order.push(...fresh);
    this.ended = fresh.length === 0;
  }

  acknowledged(ack) {
    this.box.acknowledge(ack);
    const named = (entry) => entry.sender === ack.sender && entry.numbers.includes(ack.message);
    const entry = this.box.made.find(named);
    const undone = this.undoing.get(ack.message);
    const mine = ack.sender === this.box.sender;
    if (mine && undone) this.undone(undone, ack);
    if (ack.outcome === "refused") {
      if (entry) this.box.forget(entry);
      if (!this.following.has(ack.message) || !mine) this.conflict(ack, entry || (undone && undone.entry));
    } else if (ack.outcome === "done" && entry) {
      if (!ack.mine) this.box.forget(entry);
      if (!ack.mine || entry.deed) this.tell(ack.told);
      if (entry.deed) this.renew();
    }
  }

  // What became of an undo: what it took back is forgotten, what stands is still there to be taken back.
  undone({ entry, number }, ack) {
    this.undoing.delete(ack.message);
    if (ack.outcome === "ask") this.askUndo(entry, ack);
    if (ack.outcome === "done") {
      entry.numbers = entry.numbers.filter((each) => each !== number);
      if (entry.deed) this.renew();
    } else if (!this.box.made.includes(entry)) this.box.restore(entry);
  }

  // A deed changed customers: what lies ahead is read anew.
  renew() {
    const here = this.current();
    for (const name of this.order.slice(this.at + 1)) this.drop(name);
    this.wants.refresh = [...new Set([...(this.wants.refresh || []), here])];
    this.order = this.order.slice(0, this.at + 1);
    this.ended = false;
  }

  drop(name) {
    this.cases.delete(name);
    this.nodes.delete(name);
  }

  // To the server: one question at a time, with all that is not acknowledged

  // A question that reaches the server behind a change of the page would end that page's run: it stays empty.
  leaves(event) {
    if (!event.composedPath().some((each) => each.tagName === "A")) return;
    this.going = Date.now();
    setTimeout(() => this.flush(), LEAVING + 100);
  }

  flush() {
    if (Date.now() - this.going < LEAVING || location.pathname !== this.home) return;
    if (this.waiting !== null && Date.now() - this.waiting < PATIENCE) return this.showSaved();
    const parcels = this.box.parcels();
    const asked = { ...this.wants };
    const here = this.current();
    if (here && !this.cases.has(here)) asked.refresh = [...(asked.refresh || []), here];
    if (!this.ended && this.order.length && this.order.length - this.at <= AHEAD) asked.behind = this.order.at(-1);
    if (this.may) Object.assign(asked, this.lease.asks(this.ahead(), parcels.length > 0));
    if (!parcels.length && !Object.keys(asked).length) return this.showSaved();
    this.wants = {};
    this.waiting = Date.now();
    setTimeout(() => this.waiting !== null && this.flush(), PATIENCE + 100);
    this.send({ ...asked, parcels, round: ++this.round, have: this.order.filter((name) => this.cases.has(name)) });
    this.showSaved();
  }

  // Answers and deeds

  current() {
    return this.order[this.at];
  }

  shownCase() {
    const here = this.cases.get(this.current());
    return here && !here.gone ? here : null;
  }

  madeOn(name) {
    return this.box.made.findLast((entry) => entry.id === name && !entry.deed && entry.sender === this.box.sender);
  }

  answer(name) {
    const here = this.shownCase();
    if (!here || here.one) return this.tell("There is nothing to answer here.");
    if (here.stands) return this.tell("A decision stands on this pair. Undo it first, if it is wrong.");
    const before = this.madeOn(here.id);
    if (before) this.takeBack(before);
    const { left, right, seen } = here;
    const reason = this.reason.value;
    const numbers = [this.box.put({ kind: "decide", left, right, answer: name, seen, reason })];
    if (name === "match")
      for (const [attribute, value] of Object.entries(this.values))
        numbers.push(this.box.put({ kind: "override", master_id: here.stays, field: attribute, value, reason, after: numbers[0] }));
    for (const number of numbers.slice(1)) this.following.add(number);
    const told = ANSWERS.find((each) => each[0] === name)[3];
    this.box.remember({ numbers, id: here.id, told, says: here.says, answer: name });
    this.lease.known.delete(here.id); // the answer gives it back
    this.tell(`Recorded: ${told}.`);
    this.step(1);
    this.flush();
  }

  undo() {
    const last = this.box.made.at(-1);
    const here = this.shownCase();
    if (!last && here && here.stands) return this.undoStanding(here);
    if (!last) return this.tell("There is nothing to take back.");
    this.takeBack(last);
    this.tell(`Taken back: ${last.told}.`);
    if (!last.deed) this.visit(last.id);
    this.flush();
    this.show();
  }

  undoStanding(here) {
    this.box.put({ kind: "undo", statement: here.stands, reason: this.reason.value });
    here.stands = 0;
    here.top = [];
    this.nodes.delete(here.id);
    this.wants.refresh = [here.id];
    this.tell("Taken back.");
    this.show();
    this.flush();
  }

  takeBack(entry, confirmed = false) {
    this.box.forget(entry);
    if ((this.cases.get(entry.id) || {}).stands) this.drop(entry.id); // it was read with the decision that goes now
    for (const number of [...entry.numbers].reverse())
      this.undoing.set(this.box.put({ kind: "undo", of: { sender: entry.sender, number }, confirmed }), { entry, number });
  }

  deed(message, told) {
    const here = this.shownCase();
    const number = this.box.put({ ...message, reason: this.reason.value });
    this.box.remember({ numbers: [number], id: here.id, told, says: here.says, deed: true });
    this.reason.value = "";
    this.flush();
    this.showMade();
  }

  chosen() {
    return [...this.body.querySelectorAll("input.picked:checked")];
  }

  split() {
    const chosen = this.chosen();
    const owners = new Set(chosen.map((box) => box.dataset.owner));
    if (!chosen.length) return this.tell("Choose the records to split off first: with their boxes, or by their digits.");
    if (owners.size > 1) return this.tell("Choose records of one customer only.");
    const records = chosen.map((box) => box.dataset.key);
    this.deed({ kind: "split", master_id: [...owners][0], records }, `Split off ${records.join(", ")}`);
  }

  // Going on and back

  go(by) {
    this.step(by);
    this.flush();
  }

  step(by) {
    const to = this.at + by;
    if (to < 0) return this.tell("This is the first pair.");
    if (to > this.order.length) return this.tell(this.ended ? "This was the last pair." : "The next pairs are on their way.");
    this.at = to;
    this.leave();
    this.show();
  }

  visit(name) {
    const known = this.order.indexOf(name);
    if (known >= 0) this.at = known;
    else this.order.splice(this.at, 0, name);
    this.leave();
    this.show();
  }

  leave() {
    this.values = {};
    this.reason.value = "";
    this.panel.replaceChildren();
    this.lease.shown();
    this.watch();
  }

  // Pairs that were answered on this page.
  answered() {
    const mine = this.box.made.filter((entry) => !entry.deed && entry.sender === this.box.sender);
    return mine.map((entry) => entry.id);
  }
}

const REVIEWS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".review");
  if (!REVIEWS.has(root)) REVIEWS.set(root, new Review(root, data));
  const review = REVIEWS.get(root);
  review.listen(parentElement.host);
  review.receive(data, (value) => setTriggerValue("sent", value));
  return () => review.leaveOff();
}
