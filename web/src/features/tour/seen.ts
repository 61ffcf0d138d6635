/** Whether the tour was shown in this browser. */
const KEY = "conductor.tour";

export function wasSeen(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    // Where nothing can be kept, it would come again with every visit.
    return true;
  }
}

export function keepSeen(): void {
  try {
    localStorage.setItem(KEY, "seen");
  } catch {
    // It will be offered in the menu all the same.
  }
}
