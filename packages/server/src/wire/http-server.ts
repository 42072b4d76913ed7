import type { Server } from 'node:http';

/** A server that does not listen yet. */
export interface HttpServer {
  server: Server;
  /** From now on each response ends its connection. Call it before `server.close()`, which then cuts off nobody. */
  drain(): void;
}
