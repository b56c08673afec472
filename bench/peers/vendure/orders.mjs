// Places complete orders through Vendure's shop API: so many guests, each in a session of its own, one order after the other
// of seven calls. Only what a call must return is asked for.
//
//     orders.mjs URL GUESTS WARM_SECONDS SECONDS
//
// Counting begins once every guest could have placed one order, and ends after SECONDS, though not before twice as many are
// settled as there are guests: at many guests one order takes longer than a short measurement. Prints one JSON object: the
// orders settled meanwhile, and how long one took from its first call to its last answer.
const [, , url, guestsText, warmText, secondsText] = process.argv;
const guests = Number(guestsText);
const patience = 120; // seconds for each of the two parts, at most
const failure = "... on ErrorResult { errorCode message }";
let running = true;
let counting = false;
let settled = 0;
let failed = 0;
let lastFailure = "";
const taken = [];

class Guest {
  constructor(number) {
    this.number = number;
    this.token = undefined;
  }

  async call(query, variables) {
    const headers = { "content-type": "application/json" };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    const reply = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    this.token = reply.headers.get("vendure-auth-token") ?? this.token;
    const { data, errors } = await reply.json();
    if (errors) throw new Error(errors[0].message);
    const [answer] = Object.values(data);
    if (answer.errorCode) throw new Error(`${answer.errorCode}: ${answer.message}`);
    return answer;
  }

  async order(variant) {
    await this.call(`mutation ($variant: ID!) {
      addItemToOrder(productVariantId: $variant, quantity: 1) { ... on Order { id } ${failure} } }`, { variant });
    await this.call(`mutation ($input: CreateCustomerInput!) {
      setCustomerForOrder(input: $input) { ... on Order { id } ${failure} } }`,
      { input: { emailAddress: `guest-${this.number}@example.com`, firstName: "Guest", lastName: `${this.number}` } });
    await this.call(`mutation ($input: CreateAddressInput!) {
      setOrderShippingAddress(input: $input) { ... on Order { id } ${failure} } }`,
      { input: { fullName: `Guest ${this.number}`, streetLine1: "1 High Street", city: "London", postalCode: "N1 1AA",
                 countryCode: "GB" } });
    const [method] = await this.call("query { eligibleShippingMethods { id } }");
    await this.call(`mutation ($method: [ID!]!) {
      setOrderShippingMethod(shippingMethodId: $method) { ... on Order { id } ${failure} } }`,
      { method: [method.id] });
    await this.call(`mutation { transitionOrderToState(state: "ArrangingPayment") { ... on Order { id } ${failure} } }`);
    const paid = await this.call(`mutation { addPaymentToOrder(input: { method: "at-once", metadata: {} }) {
      ... on Order { state } ${failure} } }`);
    if (paid.state !== "PaymentSettled") throw new Error(`an order ended as ${paid.state}`);
  }

  async shop(variants) {
    while (running) {
      const began = performance.now();
      try {
        await this.order(variants[Math.floor(Math.random() * variants.length)]);
        settled += 1;
        if (counting) taken.push(performance.now() - began);
      } catch (error) {
        failed += 1;
        lastFailure = error.message;
        this.token = undefined; // what it left half done stays behind with its session
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }
}

/** Waits so many seconds, and then until it is enough; gives the seconds that it waited. */
async function lasting(least, isEnough) {
  const began = performance.now();
  for (;;) {
    await new Promise((done) => setTimeout(done, 10));
    const waited = (performance.now() - began) / 1000;
    if (waited >= patience || (waited >= least && isEnough())) return waited;
  }
}

const { items } = await new Guest(0).call("query { products(options: { take: 100 }) { items { variants { id } } } }");
const variants = items.flatMap((product) => product.variants.map((variant) => variant.id));
const shopping = Array.from({ length: guests }, (_, number) => new Guest(number + 1).shop(variants));
await lasting(Number(warmText), () => settled >= guests);
counting = true;
const elapsed = await lasting(Number(secondsText), () => taken.length >= 2 * guests);
counting = false;
running = false;
await Promise.all(shopping);
taken.sort((a, b) => a - b);
const quantile = (share) => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))] ?? null;
console.log(JSON.stringify({ guests, orders_per_s: taken.length / elapsed, p50_ms: quantile(0.5), p99_ms: quantile(0.99),
                             orders: taken.length, failed, lastFailure }));
