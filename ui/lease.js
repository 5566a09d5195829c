// Which pairs this page has for its steward, and which of those it shows somebody else has. A pair is asked for when it
// has been shown for a moment, with the next few, and again when half of its lease is over and its steward is at work.

const DWELL = 400; // milliseconds for which a pair is shown before it is asked for: who leafs through takes none
const IDLE = 60_000;
const TOGETHER = 4; // pairs that are asked for at once, when two of them are left: one write for three answers

class Lease {
  constructor() {
    this.known = new Map(); // name of a pair -> what the server said of it, and when to ask again
    this.since = 0;
    this.worked = false;
  }

  // A pair is shown from now on.
  shown() {
    this.since = Date.now();
    this.worked = true;
  }

  // Returns the pairs that somebody else had and has no more.
  heard(claims) {
    const passed = Object.keys(claims).filter((name) => !claims[name].theirs && (this.known.get(name) || {}).theirs);
    for (const [name, { told, theirs, left, again }] of Object.entries(claims))
      this.known.set(name, { told, theirs, until: Date.now() + left * 1000, again: Date.now() + again * 1000 });
    return passed;
  }

  // What is known of a pair; nothing when its lease is over.
  of(name) {
    const known = this.known.get(name);
    return known && known.until > Date.now() ? known : null;
  }

  isDue(name) {
    const known = this.known.get(name);
    if (!known) return true;
    return Date.now() >= known.again && (known.theirs || this.worked);
  }

  // What to ask for while these pairs are ahead, the shown one first; `now` when something is sent anyway.
  asks(ahead, now) {
    if (!now && Date.now() - this.since < DWELL) return {};
    const near = ahead.slice(0, TOGETHER);
    const leave = [...this.known].filter(([name, { theirs }]) => !theirs && !near.includes(name)).map(([name]) => name);
    if (near.length ? !near.slice(0, 2).some((name) => this.isDue(name)) : !leave.length) return {};
    for (const name of this.known.keys()) if (!near.includes(name)) this.known.delete(name);
    this.worked = false;
    return { hold: near, ...(leave.length ? { leave } : {}) };
  }

  // In how many milliseconds to look again, while these pairs are ahead.
  next(ahead) {
    const waits = ahead.slice(0, 2).map((name) => {
      const known = this.known.get(name);
      if (!known) return DWELL;
      const wait = (this.worked || known.theirs ? known.again : known.until) - Date.now();
      return wait > 0 ? wait + 1 : this.worked || known.theirs ? DWELL : IDLE;
    });
    return Math.min(...waits, this.known.size && !ahead.length ? DWELL : IDLE);
  }
}
