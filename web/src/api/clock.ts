/** What time it is for the service, whatever the clock of this machine says. */
import { heard, leadOf, type Leads } from "@/core/clock";

let leads: Leads = [];
let leadS = 0;

/** Epoch seconds by this machine's clock. */
export function ownNow(): number {
  return Date.now() / 1000;
}

/** Epoch seconds by the service's clock, as far as it is known: what moments are compared with that it tells. */
export function serviceNow(): number {
  return ownNow() - leadS;
}

/** Something came that says when it was made. */
export function heardFrom(at: number): void {
  leads = heard(leads, at, ownNow());
  leadS = leadOf(leads);
}
