import { connect, createServer, type Server as NetServer, type Socket } from "node:net";

/** Stands between page and server on the level of bytes, where connections are cut and held. */
export class Proxy {
  /** Cuts each connection that brings such a request, after so many bytes of it. */
  cut: { request: string; afterBytes: number } | undefined;
  /** How many connections were cut. */
  cuts = 0;
  /** Passes nothing on of the answer to such a request but how it begins, and keeps the line open. */
  deaf: string | undefined;
  /** How many lines are held so. */
  held = 0;
  readonly port: number;
  readonly #server: NetServer;
  readonly #sockets: Set<Socket>;

  private constructor(server: NetServer, port: number, sockets: Set<Socket>) {
    this.#server = server;
    this.port = port;
    this.#sockets = sockets;
  }

  static async start(upstreamPort: number): Promise<Proxy> {
    let proxy: Proxy | undefined = undefined as Proxy | undefined;
    const sockets = new Set<Socket>();
    const server = createServer((page) => {
      proxy?.pass(page, upstreamPort);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address !== "object") throw new Error("no port");
    proxy = new Proxy(server, address.port, sockets);
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Joins one connection with the server. */
  private pass(page: Socket, upstreamPort: number): void {
    const upstream = connect(upstreamPort, "127.0.0.1");
    let isDeaf = false;
    let answers = 0;
    const end = () => {
      page.destroy();
      upstream.destroy();
    };
    for (const socket of [page, upstream]) {
      this.#sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    page.on("data", (bytes: Buffer) => {
      if (this.cut !== undefined && bytes.indexOf(this.cut.request) === 0) {
        this.cuts += 1;
        // What was written goes out before the end.
        upstream.end(bytes.subarray(0, this.cut.afterBytes));
        page.destroy();
        return;
      }
      if (this.deaf !== undefined && bytes.indexOf(this.deaf) === 0) {
        isDeaf = true;
        answers = 0;
        this.held += 1;
      }
      upstream.write(bytes);
    });
    upstream.on("data", (bytes: Buffer) => {
      answers += 1;
      if (!isDeaf || answers === 1) page.write(bytes);
    });
  }
}
