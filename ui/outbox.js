// What was answered and not acknowledged yet. It lies in the browser's own storage, so that it survives a closed tab,
// and is sent until the server has said what became of it; the server carries out each message once (decision 0191).

const UNDOABLE = 5000;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) || null;
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // no storage, or it is full: what is on its way is then in this page alone
  }
}

class Outbox {
  constructor(store, author) {
    this.author = author;
    this.all = `mdm-outbox:${store}:`;
    this.log = `mdm-made:${store}:${author}`;
    this.sender = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
    this.next = 1;
    this.mine = [];
    this.kept = true;
    this.made = read(this.log) || [];
  }

  // Keep a message; it has its number from here.
  put(message) {
    const numbered = { number: this.next++, ...message };
    this.mine.push(numbered);
    this.save();
    return numbered.number;
  }

  save() {
    const mine = this.mine.length ? { author: this.author, messages: this.mine } : null;
    this.kept = write(this.all + this.sender, mine);
  }

  // All that waits and that this author gave: also what pages left here that were closed.
  parcels() {
    const found = [];
    for (const name of Object.keys(localStorage).filter((key) => key.startsWith(this.all)).sort()) {
      const sender = name.slice(this.all.length);
      const waiting = read(name);
      if (sender === this.sender || !waiting || waiting.author !== this.author) continue;
      found.push({ sender, messages: waiting.messages.slice(0, 200) });
    }
    if (this.mine.length) found.push({ sender: this.sender, messages: this.mine.slice(0, 200) });
    return found;
  }

  // Messages that another person gave in this browser: only that person may send them.
  ofOthers() {
    const names = Object.keys(localStorage).filter((key) => key.startsWith(this.all)).map(read);
    return names.filter((w) => w && w.author !== this.author);
  }

  count() {
    return this.parcels().reduce((sum, parcel) => sum + parcel.messages.length, 0);
  }

  acknowledge({ sender, message }) {
    if (sender === this.sender) {
      this.mine = this.mine.filter((each) => each.number !== message);
      this.save();
      return;
    }
    const waiting = read(this.all + sender);
    if (!waiting) return;
    waiting.messages = waiting.messages.filter((each) => each.number !== message);
    write(this.all + sender, waiting.messages.length ? waiting : null);
  }

  // What was done here and can be taken back, latest last.
  remember(entry) {
    this.made.push({ sender: this.sender, ...entry });
    this.saveMade();
  }

  restore(entry) {
    this.made.push(entry);
    this.saveMade();
  }

  forget(entry) {
    this.made = this.made.filter((each) => each !== entry);
    this.saveMade();
  }

  saveMade() {
    write(this.log, this.made.slice(-UNDOABLE));
  }
}
