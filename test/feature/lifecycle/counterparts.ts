// Relying parties as they are met: over real HTTP, and not always well.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import type { AdminApi } from '../../support/admin-api.ts';
import { redeem, signIn, UserAgent } from '../../support/user-agent.ts';
import { type Person, password, redirectUri, type Tokens } from '../system/relying-party.ts';

export type Received = { readonly token: string };

export type Counterpart = {
  readonly url: string;
  readonly received: Received[];
  /** Claims of the logout tokens it got. */
  claims(): Record<string, unknown>[];
  close(): void;
};

/** What one does with a logout token once it has read it. */
export type Manner = (res: ServerResponse, count: number) => void;

export const accepting: Manner = (res) => void res.writeHead(200).end();
export const refusing: Manner = (res) => void res.writeHead(500).end('out of order\u0000 today');
export const refusingOnce: Manner = (res, count) => void res.writeHead(count === 1 ? 503 : 200).end('later');
/** Keeps the connection and never answers. */
export const silent: Manner = () => {};
/** A status, then bytes for ever. */
export const endless: Manner = (res) => {
  res.writeHead(200);
  const timer = setInterval(() => res.write('x'.repeat(65_536)), 1);
  res.on('close', () => clearInterval(timer));
};
/** Not HTTP at all. */
export const nonsense: Manner = (res) => {
  res.socket?.end('SSH-2.0-OpenSSH_9.9\r\n');
};
export const redirecting: Manner = (res) => void res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();

export async function aCounterpart(manner: Manner): Promise<Counterpart> {
  const received: Received[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    received.push({ token: new URLSearchParams(body).get('logout_token') ?? '' });
    manner(res, received.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`,
    received,
    claims: () => received.map(({ token }) => decodeJwt(token)),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type App = { readonly clientId: string; readonly secret: string };

/** A confidential web application; without `logoutUri` it cannot be told. */
export async function anApp(admin: AdminApi, name: string, extra: Record<string, unknown> = {}): Promise<App> {
  const created = await admin.post('/clients', {
    client_name: name,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    first_party: true,
    ...extra,
  });
  return { clientId: String(created.client_id), secret: String(created.client_secret) };
}

type At = { readonly issuer: string; readonly url: string };

/** Signs in, in this browser, to an application; answers its tokens. */
export async function enter(
  { issuer, url }: At,
  { clientId, secret }: App,
  { userName }: Person,
  { agent = new UserAgent({ via: { [issuer]: url } }), scope = 'openid offline_access' } = {},
): Promise<Tokens> {
  const { code, pkce } = await signIn(agent, { issuer, clientId, redirectUri, userName, password, scope });
  const answer = await redeem(url, { clientId, secret, redirectUri, code, pkce });
  return (await answer.json()) as Tokens;
}

export const basic = ({ clientId, secret }: App): string =>
  `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;

export async function post(url: string, app: App, form: Record<string, string>) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: basic(app) },
    body: new URLSearchParams(form),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}
