// A receiver of security events: it has a token, and takes what is pushed to it.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { AdminApi, Json } from '../../support/admin-api.ts';

export type Api = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ readonly status: number; readonly body: Json; readonly headers: Headers }>;

export const PUSH = 'urn:ietf:rfc:8935';
export const POLL = 'urn:ietf:rfc:8936';
export const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
export const RISC = 'https://schemas.openid.net/secevent/risc/event-type';

/** A client that may manage streams, and calls with its token. */
export async function aReceiverClient(
  url: string,
  admin: AdminApi,
  permissions = ['streams:manage'],
  scope?: string,
): Promise<{ clientId: string; api: Api; token: string }> {
  const { client_id: clientId, client_secret: secret } = await admin.post('/clients', {
    client_name: 'Receiver',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
    permissions: [{ resource: 'urn:doorward:ssf', values: permissions }],
  });
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: 'urn:doorward:ssf',
      ...(scope === undefined ? {} : { scope }),
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return { clientId: String(clientId), token, api: apiWith(url, token) };
}

export const apiWith =
  (url: string, token: string | undefined): Api =>
  async (method, path, body) => {
    const answer = await fetch(`${url}/ssf/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as Json };
  };

export type Endpoint = {
  readonly url: string;
  readonly received: { readonly token: string; readonly headers: IncomingHttpHeaders }[];
  answer: (res: ServerResponse) => void;
  close(): void;
};

export async function anEndpoint(): Promise<Endpoint> {
  const endpoint = {
    url: '',
    received: [] as { token: string; headers: IncomingHttpHeaders }[],
    answer: (res: ServerResponse): void => void res.writeHead(202).end(),
    close: (): void => {},
  };
  const server = createServer(async (req, res) => {
    let token = '';
    for await (const chunk of req) token += chunk;
    endpoint.received.push({ token, headers: req.headers });
    endpoint.answer(res);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  endpoint.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return endpoint;
}

export type Event = JWTPayload & {
  readonly sub_id: Json;
  readonly events: Readonly<Record<string, Json>>;
};

/** RFC 8417: verified as a receiver does, with the published keys. */
export async function verified(
  { issuer, url }: { issuer: string; url: string },
  token: string,
  audience: string,
): Promise<Event> {
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${url}/jwks`)), {
    issuer,
    audience,
    typ: 'secevent+jwt',
    algorithms: ['RS256'],
  });
  return payload as Event;
}
