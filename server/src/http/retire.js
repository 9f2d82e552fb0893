// Takes the page of this shop back from a device that keeps it. The browser fetches this in place of the worker that it has,
// and makes it count at once; then nothing that was kept is left, nor this. What was not sent stays in the browser's database.
self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(retire()));

async function retire() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
}
