// An application that speaks SCIM (RFC 7644) as far as provisioning needs it, and not always well.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../support/admin-api.ts';

/** What it does with a request before it answers as it should; true: it has dealt with it. */
export type Manner = (req: IncomingMessage, res: ServerResponse, body: Json) => boolean | undefined;

export type ScimTarget = {
  readonly url: string;
  readonly accounts: Map<string, Json>;
  readonly requests: string[];
  /** Well-behaved until told otherwise. */
  manner: Manner | undefined;
  /** Accounts of one person. */
  of(userId: string): Json[];
  add(account: Json): string;
  close(): void;
};

export async function aScimTarget(): Promise<ScimTarget> {
  const accounts = new Map<string, Json>();
  const target: ScimTarget & { url: string } = {
    url: '',
    accounts,
    requests: [],
    manner: undefined,
    of: (userId) => [...accounts.values()].filter(({ externalId }) => externalId === userId),
    add(account) {
      const id = randomUUID();
      accounts.set(id, { id, ...account });
      return id;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer(async (req, res) => {
    let text = '';
    for await (const chunk of req) text += chunk;
    target.requests.push(`${req.method} ${req.url}`);
    const body = (text === '' ? {} : JSON.parse(text)) as Json;
    if (target.manner?.(req, res, body)) return;
    answer(target, req, res, body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return target;
}

export const say = (res: ServerResponse, status: number, body?: unknown): void =>
  void res.writeHead(status, { 'content-type': 'application/scim+json' }).end(body && JSON.stringify(body));

/** One answer to everything. */
export const answering =
  (status: number, body?: unknown): Manner =>
  (_req, res) => {
    say(res, status, body);
    return true;
  };

function answer(target: ScimTarget, req: IncomingMessage, res: ServerResponse, body: Json): void {
  const { pathname, searchParams } = new URL(req.url ?? '', 'http://target');
  const id = decodeURIComponent(pathname.replace(/^\/Users\/?/, ''));
  const { accounts } = target;
  const account = accounts.get(id);
  if (id === '' && req.method === 'GET') say(res, 200, listed([...accounts.values()], searchParams));
  else if (id === '' && req.method === 'POST') say(res, 201, accounts.get(target.add(body)));
  else if (account === undefined) say(res, 404, {});
  else if (req.method === 'DELETE') say(res, accounts.delete(id) ? 204 : 404);
  else {
    for (const { op, path, value } of (body.Operations ?? []) as Json[]) change(account, String(path), op, value);
    say(res, 200, account);
  }
}

function listed(all: Json[], query: URLSearchParams): Json {
  const [, name, value] = /^(\w+) eq "(.*)"$/.exec(query.get('filter') ?? '') ?? [];
  const found = name === undefined ? all : all.filter((one) => one[name] === value);
  const from = Number(query.get('startIndex') ?? 1) - 1;
  const Resources = found.slice(from, from + Number(query.get('count') ?? 100));
  return { totalResults: found.length, startIndex: from + 1, itemsPerPage: Resources.length, Resources };
}

function change(account: Json, path: string, op: unknown, value: unknown): void {
  const [name = '', sub] = path.split('.');
  const owner = sub === undefined ? account : (account[name] as Json);
  if (op === 'remove') delete owner[sub ?? name];
  else owner[sub ?? name] = value;
}
