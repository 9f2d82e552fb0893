/** Gives a text to the reader as a file. */
export function download(text: string, name: string, type = "application/json"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}

/** The day, as it stands in the name of a file. */
export const today = (): string => new Date().toISOString().slice(0, 10);
