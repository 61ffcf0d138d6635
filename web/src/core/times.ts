/** Made once: to make one takes a hundred times as long as to write a time with it. */
const TO_THE_SECOND = clock({ second: "2-digit" });
const TO_THE_MINUTE = clock({});

function clock(more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...more,
  });
}

/** A moment in epoch seconds as a clock on the wall shows it: "17:32:05". */
export function timeOfDay(at: number, withSeconds = true): string {
  return (withSeconds ? TO_THE_SECOND : TO_THE_MINUTE).format(at * 1000);
}
