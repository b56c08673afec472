// Builds one row an order from the events of Emmett's PostgreSQL event store, from nothing. The events are written first: 1,000
// orders of eight facts. The rows of a batch are folded first and written by one statement, which is Emmett's best. For the first
// line that comes in, does it and says {"events": N, "seconds": S}.
import { createInterface } from "node:readline";
import { dumbo, SQL } from "@event-driven-io/dumbo";
import {
  getPostgreSQLEventStore,
  postgreSQLRawBatchSQLProjection,
  rebuildPostgreSQLProjections,
} from "@event-driven-io/emmett-postgresql";

const orders = 1_000;
const steps = ["Placed", "Reserved", "Authorised", "Confirmed", "Shipped", "Captured", "Delivered", "Completed"];
const connectionString = process.argv[2];

const pool = dumbo({ connectionString });
const rowOfOrder = postgreSQLRawBatchSQLProjection({
  name: "orders",
  canHandle: steps,
  init: () => SQL`CREATE TABLE IF NOT EXISTS order_rows (id text PRIMARY KEY, state text NOT NULL, facts int NOT NULL)`,
  evolve: (events) => {
    const rows = new Map();
    for (const { type, data } of events)
      rows.set(data.order, { id: data.order, state: type, facts: (rows.get(data.order)?.facts ?? 0) + 1 });
    return [
      SQL`INSERT INTO order_rows
          SELECT id, state, facts FROM json_to_recordset(${JSON.stringify([...rows.values()])}::json)
              AS batch(id text, state text, facts int)
          ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, facts = order_rows.facts + EXCLUDED.facts`,
    ];
  },
});

const store = getPostgreSQLEventStore(connectionString, {
  connectionOptions: { pooled: true },
  projections: [{ type: "async", projection: rowOfOrder }],
});
await store.schema.migrate();
// One after the other: of events that were appended side by side this version leaves some out at the seams of its batches.
for (let order = 0; order < orders; order += 1)
  await store.appendToStream(
    `order-${order}`,
    steps.map((type) => ({ type, data: { order: `order-${order}` } })),
  );

async function rebuild() {
  const start = performance.now();
  const consumer = rebuildPostgreSQLProjections({
    connectionString,
    projections: [rowOfOrder],
    pulling: { batchSize: 1_000, pullingFrequencyInMs: 1 },
  });
  await consumer.start();
  await consumer.close();
  const seconds = (performance.now() - start) / 1000;
  const { rows } = await pool.execute.query(
    SQL`SELECT count(*)::int AS orders, coalesce(sum(facts), 0)::int AS facts FROM order_rows WHERE state = ${steps.at(-1)}`,
  );
  if (rows[0].orders !== orders || rows[0].facts !== orders * steps.length)
    throw new Error(`the rows are not what the events say: ${JSON.stringify(rows[0])}`);
  return { events: orders * steps.length, seconds };
}

for await (const _ of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await rebuild()));
  break;
}
await pool.close();
await store.close();
process.exit(0);
