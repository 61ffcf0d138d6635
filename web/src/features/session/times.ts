/** A moment in epoch seconds as a clock on the wall shows it: "17:32:05". */
export function timeOfDay(at: number, withSeconds = true): string {
  return new Date(at * 1000).toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(withSeconds && { second: "2-digit" }),
  });
}
