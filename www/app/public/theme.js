// Runs before the first paint, so that a chosen theme or language does not flash. It is a file and
// not inline because the page's content policy allows no inline script.
(() => {
  try {
    const theme = localStorage.getItem("orderkit.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem("orderkit.language") ?? navigator.language;
    document.documentElement.lang = language.startsWith("zh") ? "zh-Hans" : "en";
  } catch {
    // Storage may be forbidden; the system's theme then counts.
  }
})();
