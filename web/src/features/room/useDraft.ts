import { useCallback, useState } from "react";

const KEY = "conductor.draft.";

/** What somebody is writing: it outlives a reload, which people try who are cut off, and ends with the tab. */
export function useDraft(name: string): readonly [string, (draft: string) => void] {
  const [draft, setDraft] = useState(() => sessionStorage.getItem(KEY + name) ?? "");
  const change = useCallback(
    (changed: string) => {
      setDraft(changed);
      if (changed === "") sessionStorage.removeItem(KEY + name);
      else sessionStorage.setItem(KEY + name, changed);
    },
    [name],
  );
  return [draft, change];
}
