import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { StartRefused } from '../../kernel/start-refused.ts';

export type ListenOptions = {
  readonly hosts: readonly string[];
  readonly port: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void;
};

export type Listener = {
  readonly port: number;
  /** Stops accepting, lets answers under way finish for at most `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
};

const HEADERS_WITHIN_MS = 15_000;
const REQUEST_WITHIN_MS = 60_000;
const IDLE_CONNECTION_MS = 65_000;

/** Listens on every host with one port; an address family this machine lacks is passed over while another one works. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const servers: Server[] = [];
  let port = options.port;
  let refused: unknown;
  for (const host of options.hosts) {
    try {
      const server = await bind(options, host, port);
      servers.push(server);
      const address = server.address();
      if (typeof address === 'object' && address !== null) port = address.port;
    } catch (error) {
      if (isAddressInUse(error)) {
        await Promise.all(servers.map((server) => closeServer(server, 0)));
        throw new StartRefused(
          `Port ${port} on ${host} is in use by another program; stop it or choose another with DOORWARD_PORT.`,
          { cause: error },
        );
      }
      if (host === '::' && options.hosts.length === 1) return listen({ ...options, hosts: ['0.0.0.0'] });
      refused = error;
    }
  }
  if (servers.length === 0)
    throw new StartRefused(`Cannot listen on ${options.hosts.join(', ')} port ${port}: ${String(refused)}`);
  return {
    port,
    close: async (graceMs) => void (await Promise.all(servers.map((server) => closeServer(server, graceMs)))),
  };
}

function bind({ tls, handle }: ListenOptions, host: string, port: number): Promise<Server> {
  const server = tls
    ? createTlsServer(
        { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile), minVersion: 'TLSv1.2' },
        handle,
      )
    : createServer(handle);
  server.headersTimeout = HEADERS_WITHIN_MS;
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: host === '::1' }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const isAddressInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
