// Appends one event a call to random streams of Emmett's PostgreSQL event store. For each line "IN_FLIGHT SECONDS" that comes
// in, does it so long with so many calls in flight and says {"appends": N, "seconds": S}.
import { createInterface } from "node:readline";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const streams = 100_000;
const payload = "x".repeat(300);
const store = getPostgreSQLEventStore(process.argv[2], { connectionOptions: { pooled: true } });
await store.schema.migrate();

async function appendFor(seconds, inFlight) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let appends = 0;
  async function worker() {
    while (performance.now() < end) {
      const stream = `account-${Math.floor(Math.random() * streams)}`;
      try {
        await store.appendToStream(stream, [{ type: "Deposited", data: { payload } }]);
        appends += 1;
      } catch (error) {
        if (error.errorCode !== 412) throw error; // two workers met at one stream: this append does not count
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { appends, seconds: (performance.now() - start) / 1000 };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [inFlight, seconds] = line.split(" ").map(Number);
  console.log(JSON.stringify(await appendFor(seconds, inFlight)));
}
await store.close();
process.exit(0);
