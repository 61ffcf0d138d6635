/*
 * Takes the addresses out of the lock: of whoever wants to be paid or asked, and of where packages were downloaded.
 * npm needs none of them: it checks each package against its hash, wherever it got it.
 */
import { readFileSync, writeFileSync } from "node:fs";

const LOCK = new URL("package-lock.json", import.meta.url);
const ABOUT_ADDRESSES = new Set(["funding", "resolved"]);

const bare = (entry) =>
  Object.fromEntries(Object.entries(entry).filter(([field]) => !ABOUT_ADDRESSES.has(field)));

const lock = JSON.parse(readFileSync(LOCK, "utf8"));
for (const [path, entry] of Object.entries(lock.packages)) lock.packages[path] = bare(entry);
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
