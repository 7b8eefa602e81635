// Is the process alive (/healthz), can it work (/readyz), what does it count (/metrics)?
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { Agent } from "../automations/agent.ts";

export function registerHealth(app: FastifyInstance, agent: Agent): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  app.get("/healthz", () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    try {
      await agent.db.query("select");
      return { status: "ok" };
    } catch {
      return reply.code(503).send({ status: "unavailable", reason: "database" });
    }
  });
  app.get("/metrics", async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
