// What Emmett does in a race: `node race.js FROM WORK URL …`. Each program says "ready" and begins when it is told "go".
// FROM is "beginning", or "checkpoint" for a consumer that goes by what it has stored of itself, which is its default.
const { createInterface } = require("node:readline");
const { getPostgreSQLEventStore } = require("@event-driven-io/emmett-postgresql");

const [from, work, url, ...given] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const told = async () => (await lines.next()).value;
const say = (answer) => new Promise((written) => process.stdout.write(`${JSON.stringify(answer)}\n`, written));

const QUIET = 5000; // after so many milliseconds without anything new there is nothing more, as in racer.py

// Has a consumer tell `seen` of each event.
function react(consumer, seen) {
  consumer.reactor({
    processorId: given[0],
    ...(from === "beginning" ? { startFrom: "BEGINNING" } : {}),
    eachMessage: (event) => {
      seen.push(event.data.id);
    },
  });
}

async function migrate(store) {
  await store.schema.migrate();
}

// Appends lists of these sizes to a stream that nobody else appends to.
async function write(store) {
  const [stream, sizes, text] = [given[0], JSON.parse(given[1]), given[2]];
  await store.streamExists(stream); // its first connection is made now
  await say("ready");
  await told();
  let number = 0;
  for (const size of sizes) {
    const events = [];
    for (let i = 0; i < size; i++) events.push({ type: "step", data: { id: `${stream}-${++number}`, text } });
    await store.appendToStream(stream, events);
  }
  await say(number);
}

// Follows all streams from the first event on, as its consumers do, until nothing more comes after it was told to end.
async function tail(store) {
  const seen = [];
  const consumer = store.consumer();
  react(consumer, seen);
  const following = consumer.start();
  await say("ready");
  await told();
  for (let before = -1; before !== seen.length; ) {
    before = seen.length;
    await new Promise((resolve) => setTimeout(resolve, QUIET));
  }
  if (!consumer.isRunning) throw new Error("the consumer has ended by itself: what it did not see is no loss");
  await consumer.stop();
  await following;
  await say(seen);
}

// Consumes everything from the first event to the last.
async function all(store) {
  const seen = [];
  const consumer = store.consumer({ stopWhen: { noMessagesLeft: true } });
  react(consumer, seen);
  await say("ready");
  await told();
  const began = performance.now();
  await consumer.start();
  await say({ taken: performance.now() - began, seen });
  await consumer.close();
}

const store = getPostgreSQLEventStore(url);
({ migrate, write, tail, all })[work](store)
  .then(() => store.close())
  .then(() => process.exit(0))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
