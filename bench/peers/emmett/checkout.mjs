// Orders from placed to completed on Emmett's PostgreSQL event store: 3 lines over 10,000 SKUs, 8 streams and 25 events an order,
// each command decided on the folded state of its stream and appended with the version that it saw. For each line
// "IN_FLIGHT SECONDS" that comes in, does it so long and says {"orders": N, "seconds": S}.
import { createInterface } from "node:readline";
import { CommandHandler } from "@event-driven-io/emmett";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const skus = 10_000;
const store = getPostgreSQLEventStore(process.argv[2], { connectionOptions: { pooled: true } });
await store.schema.migrate();

const handle = CommandHandler({
  initialState: () => ({ facts: 0, last: "", units: 0 }),
  evolve: (state, { type, data }) => ({ facts: state.facts + 1, last: type, units: state.units + (data.units ?? 0) }),
});

// Who decides what, in sequence; `after` is the fact that must be the last one of the stream, where one must be.
const steps = [
  { stream: "order", facts: ["Placed"], after: "" },
  { stream: "checkout", facts: ["Started"], after: "" },
  { stream: "stock", facts: ["Reserved"], units: 1 },
  { stream: "reservation", facts: ["Opened"], after: "" },
  { stream: "payment", facts: ["Requested"], after: "" },
  { stream: "payment", facts: ["Authorised"], after: "Requested" },
  { stream: "checkout", facts: ["Advanced"], after: "Started" },
  { stream: "order", facts: ["Confirmed"], after: "Placed" },
  { stream: "fulfilment", facts: ["Planned"], after: "" },
  { stream: "fulfilment", facts: ["HandedOver"], after: "Planned" },
  { stream: "stock", facts: ["Issued"], units: -1 },
  { stream: "reservation", facts: ["Fulfilled"], after: "Opened" },
  { stream: "order", facts: ["Shipped"], after: "Confirmed" },
  { stream: "payment", facts: ["CaptureRequested"], after: "Authorised" },
  { stream: "payment", facts: ["Captured"], after: "CaptureRequested" },
  { stream: "checkout", facts: ["Captured", "AwaitsDelivery"], after: "Advanced" },
  { stream: "fulfilment", facts: ["Delivered"], after: "HandedOver" },
  { stream: "order", facts: ["Delivered", "Completed"], after: "Shipped" },
  { stream: "checkout", facts: ["Ended"], after: "AwaitsDelivery" },
];

async function command(name, { facts, after, units }, order) {
  for (;;) {
    try {
      return await handle(store, name, (state) => {
        if (after !== undefined && state.last !== after) throw new Error(`${name}: ${state.last} where ${after} was due`);
        return facts.map((type) => ({ type, data: { order, units } }));
      });
    } catch (error) {
      if (error.errorCode !== 412) throw error; // somebody else sold the same thing: decided again
    }
  }
}

let placed = 0;
async function sell() {
  const order = `${process.pid}-${(placed += 1)}`;
  const lines = Array.from({ length: 3 }, () => Math.floor(Math.random() ** 3 * skus));
  for (const step of steps)
    if (step.stream === "stock") for (const line of lines) await command(`stock-${line}`, step, order);
    else await command(`${step.stream}-${order}`, step, order);
}

async function sellFor(seconds, inFlight) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let orders = 0;
  async function buyer() {
    while (performance.now() < end) {
      await sell();
      orders += 1;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, buyer));
  return { orders, seconds: (performance.now() - start) / 1000 };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [inFlight, seconds] = line.split(" ").map(Number);
  console.log(JSON.stringify(await sellFor(seconds, inFlight)));
}
await store.close();
process.exit(0);
