// One Vendure process on PostgreSQL, in production mode, as its documentation deploys it, without plugins.
//
//     shop.mjs populate DATABASE_PORT        makes the schema and the goods, and ends
//     shop.mjs serve DATABASE_PORT PORT      answers on 127.0.0.1:PORT/shop-api until it is told to end
//
// Nothing of an order is left to a queue: without plugins none is filled when one is placed.
import { webcrypto } from "node:crypto";
import { lastValueFrom } from "rxjs";

globalThis.crypto ??= webcrypto; // Debian 12's Node does not give it by itself
const {
  bootstrap, DefaultLogger, dummyPaymentHandler, Importer, LanguageCode, LogLevel, Populator, RequestContextService,
} = await import("@vendure/core");
const [, , task, databasePort, port] = process.argv;
const products = 100;
const goods = {
  defaultLanguage: LanguageCode.en,
  defaultZone: "Kingdom",
  countries: [{ code: "GB", name: "United Kingdom", zone: "Kingdom" }],
  taxRates: [{ name: "Standard", percentage: 20 }],
  shippingMethods: [{ name: "Parcel", price: 500 }],
  paymentMethods: [{
    name: "At once",
    handler: { code: dummyPaymentHandler.code, arguments: [{ name: "automaticSettle", value: "true" }] },
  }],
  collections: [],
};

function table() {
  const head = "name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand," +
    "trackInventory,variantAssets,variantFacets";
  const row = (number) => `Shelf ${number},shelf-${number},,,,,,B${number},${5 + number},Standard,1000000,true,,`;
  return [head, ...Array.from({ length: products }, (_, number) => row(number))].join("\n");
}

const app = await bootstrap({
  apiOptions: { hostname: "127.0.0.1", port: Number(port ?? 0) },
  authOptions: { tokenMethod: "bearer" },
  dbConnectionOptions: {
    type: "postgres", host: "127.0.0.1", port: Number(databasePort), username: "postgres", database: "postgres",
    poolSize: 32, synchronize: task === "populate", logging: false,
  },
  logger: new DefaultLogger({ level: LogLevel.Warn }),
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
});

if (task === "populate") {
  await app.get(Populator).populateInitialData(goods);
  const context = await app.get(RequestContextService).create({ apiType: "admin", languageCode: LanguageCode.en });
  const done = await lastValueFrom(app.get(Importer).parseAndImport(table(), context));
  if (done.imported !== products) throw new Error(`${done.imported} products of ${products}: ${done.errors.join("; ")}`);
  await app.close();
  process.exit(0);
}
