// Appends one event a call to random streams of Emmett's PostgreSQL event store, so many calls in flight, for so long.
// Prints {"appends": N, "seconds": S} once, after a warm-up of a quarter of the time.
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const [, , url, inFlightText, secondsText] = process.argv;
const inFlight = Number(inFlightText);
const seconds = Number(secondsText);
const streams = 100_000;
const payload = "x".repeat(300);
const store = getPostgreSQLEventStore(url, { connectionOptions: { pooled: true } });
await store.schema.migrate();

let appends = 0;
let running = true;
async function worker() {
  while (running) {
    const stream = `account-${Math.floor(Math.random() * streams)}`;
    try {
      await store.appendToStream(stream, [{ type: "Deposited", data: { payload } }]);
      appends += 1;
    } catch (error) {
      if (error.errorCode !== 412) throw error; // two workers met at one stream: this append does not count
    }
  }
}
const workers = Array.from({ length: inFlight }, worker);
await new Promise((done) => setTimeout(done, seconds * 250));
const before = appends;
const start = performance.now();
await new Promise((done) => setTimeout(done, seconds * 1000));
const counted = appends - before;
const elapsed = (performance.now() - start) / 1000;
running = false;
await Promise.allSettled(workers);
console.log(JSON.stringify({ appends: counted, seconds: elapsed }));
await store.close();
process.exit(0);
