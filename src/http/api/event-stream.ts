// An answer that goes on: server-sent events (HTML Living Standard §9.2), told by a live feed for as long as the client listens.
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** What the operation of a stream gives. Its contract describes one event. */
export class EventStream {
  readonly #listen: (to: ServerResponse) => Promise<boolean>;

  /** @param listen false when too many listen already */
  constructor(listen: (to: ServerResponse) => Promise<boolean>) {
    this.#listen = listen;
  }

  async sendTo(to: ServerResponse): Promise<void> {
    if (!(await this.#listen(to))) to.writeHead(503, { connection: "close", "retry-after": "60" }).end();
  }
}

export async function streamTo(reply: FastifyReply, stream: unknown): Promise<FastifyReply> {
  if (!(stream instanceof EventStream)) throw new TypeError("The operation of a stream gives an EventStream.");
  reply.hijack();
  await stream.sendTo(reply.raw);
  return reply;
}
