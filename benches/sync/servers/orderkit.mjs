// The release server behind the page's own origin, so that its bytes are counted like those of the others.
import http from "node:http";
import { startServer, TENANT } from "../../server.mjs";
import { ruleset } from "../../shop.mjs";
import { serve } from "./_serve.mjs";

const server = await startServer(process.env.ORDERKIT_BINARY, ruleset);
const agent = new http.Agent({ keepAlive: true });

function pass(request, response) {
  const { method, headers, url: path } = request;
  const options = { host: "127.0.0.1", port: server.port, method, path, headers, agent };
  const asked = http.request(options, (answer) => {
    response.statusCode = answer.statusCode;
    // One by one: those given to `writeHead` cannot be asked for again.
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    answer.pipe(response);
  });
  asked.on("error", () => response.destroy());
  request.pipe(asked);
}

async function count() {
  const address = `http://127.0.0.1:${server.port}/v1/${TENANT}/orders`;
  const headers = { authorization: `Bearer ${server.token}` };
  let orders = 0;
  let query = "?limit=500";
  for (;;) {
    const answer = await (await fetch(address + query, { headers })).json();
    orders += answer.orders.length;
    if (!answer.next) return orders;
    query = `?limit=500&cursor=${encodeURIComponent(answer.next)}`;
  }
}

serve(
  (request, response) => {
    if (request.url === "/api/token") return response.end(server.token);
    if (request.url !== "/api/count") return pass(request, response);
    return count().then((orders) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ count: orders }));
    });
  },
  () => server.stop(),
);
