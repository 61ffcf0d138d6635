// Before anything is painted, so that a page in the dark does not flash. `app/theme.ts` writes what this reads.
try {
  const chosen = localStorage.getItem("conductor.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  // On a stage a bright screen dazzles.
  else if (location.pathname.startsWith("/speak/")) document.documentElement.dataset.theme = "dark";
} catch {
  // Storage is closed to this page: the system's preference holds.
}
