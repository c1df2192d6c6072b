import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { StartRefused } from '../../kernel/start-refused.ts';

export type ListenOptions = {
  readonly hosts: readonly string[];
  readonly port: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void;
  /** The answer, as it goes over the wire, to what is no request. */
  readonly answerBroken: (error: Error) => string;
};

export type Listener = {
  readonly port: number;
  /** Stops accepting, lets answers under way finish for at most `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
};

const HEADERS_WITHIN_MS = 15_000;
const REQUEST_WITHIN_MS = 60_000;
const IDLE_CONNECTION_MS = 65_000;
const SWEEP_MS = 50;

/** Listens on every host with one port; an address family this machine lacks is passed over while another one works. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const servers: Server[] = [];
  if (options.tls) assertUsable(options.tls);
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

/** A pair that does not belong together would otherwise look like an address that cannot be bound. */
function assertUsable({ certFile, keyFile }: NonNullable<ListenOptions['tls']>): void {
  try {
    createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
  } catch (error) {
    throw new StartRefused(
      `DOORWARD_TLS_CERT (${certFile}) and DOORWARD_TLS_KEY (${keyFile}) cannot be used: ${error instanceof Error ? error.message : String(error)}; expected a PEM certificate chain and its private key.`,
      { cause: error },
    );
  }
}

function bind({ tls, handle, answerBroken }: ListenOptions, host: string, port: number): Promise<Server> {
  const server = tls
    ? createTlsServer(
        { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile), minVersion: 'TLSv1.2' },
        handle,
      )
    : createServer(handle);
  watchSilence(server);
  refuseBroken(server, answerBroken);
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

/** Connections on which no byte has come yet: Node counts them as busy, and would wait for them. */
const silent = new WeakMap<Server, Set<Socket>>();

function watchSilence(server: Server): void {
  const sockets = new Set<Socket>();
  silent.set(server, sockets);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', ({ socket }) => sockets.delete(socket));
}

/** An answer that has begun is not mixed with another one. */
function refuseBroken(server: Server, answerBroken: ListenOptions['answerBroken']): void {
  const underWay = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }, res) => underWay.set(socket, res));
  server.on('clientError', (error: Error & { code?: string }, socket: Socket) => {
    const answer = underWay.get(socket);
    const hasBegun = answer?.headersSent && !answer.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegun) socket.destroy();
    else {
      socket.write(answerBroken(error));
      socket.destroySoon();
    }
  });
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const closeIdle = () => {
      server.closeIdleConnections();
      for (const socket of silent.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
    };
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // A keep-alive connection becomes idle when its answer is finished, and nobody tells.
    const sweep = setInterval(closeIdle, SWEEP_MS);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    closeIdle();
  });
}

const isAddressInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
