// Loads and folds random streams of 50 events from Emmett's PostgreSQL event store. They are written first, interleaved. For
// each line "IN_FLIGHT SECONDS" that comes in, does it so long and says {"loads": N, "seconds": S}.
import { createInterface } from "node:readline";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const streams = 2_000;
const eventsEach = 50;
const inOneAppend = 10; // of a stream, so that writing them takes no minutes
const store = getPostgreSQLEventStore(process.argv[2], { connectionOptions: { pooled: true } });
await store.schema.migrate();

for (let round = 0; round < eventsEach / inOneAppend; round += 1)
  for (let from = 0; from < streams; from += 16)
    await Promise.all(
      Array.from({ length: Math.min(16, streams - from) }, (_, n) =>
        store.appendToStream(
          `shelf-${from + n}`,
          Array.from({ length: inOneAppend }, (_, event) => ({ type: "Received", data: { units: event + 1, reason: "count" } })),
        ),
      ),
    );

const initialState = () => ({ onHand: 0, facts: 0 });
const evolve = (state, { data }) => ({ onHand: state.onHand + data.units, facts: state.facts + 1 });

async function loadFor(seconds, inFlight) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let loads = 0;
  async function worker() {
    while (performance.now() < end) {
      const stream = `shelf-${Math.floor(Math.random() * streams)}`;
      const { state } = await store.aggregateStream(stream, { evolve, initialState });
      if (state.facts !== eventsEach || state.onHand !== 275) throw new Error(`${stream} came to something else`);
      loads += 1;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { loads, seconds: (performance.now() - start) / 1000 };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [inFlight, seconds] = line.split(" ").map(Number);
  console.log(JSON.stringify(await loadFor(seconds, inFlight)));
}
await store.close();
process.exit(0);
