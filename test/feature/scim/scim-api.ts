import { expect } from '@jest/globals';
import { type AdminApi, type AdminClient, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

export type Body = Record<string, unknown>;
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
};

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

export type CallOptions = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who calls; by default the provisioning client. `null` sends no token. */
  readonly token?: string | null;
};

export type ScimApi = {
  readonly server: RunningServer;
  readonly admin: AdminApi;
  readonly base: string;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  patch(path: string, ...operations: readonly Body[]): Promise<Reply>;
  /** Creates a person and gives the answer. */
  aUser(attributes?: Body): Promise<Body>;
  aGroup(attributes?: Body): Promise<Body>;
  /** A token of a client with these permissions. */
  tokenFor(values: readonly string[]): Promise<string>;
  /** Audit events of the request an answer belongs to. */
  auditOf(reply: Reply): Promise<readonly Body[]>;
  close(): Promise<void>;
};

let count = 0;

/** The server with its SCIM door, and a client whose token is for `urn:doorward:scim`. */
export async function aScimApi(): Promise<ScimApi> {
  const server = await startServer();
  const url = server.configuration.databaseUrl ?? '';
  const admin = await adminApi({ url: server.issuer, client: await addAdminClient(url) });
  const tokenFor = async (values: readonly string[]) => issueToken(server.issuer, await aScimClient(admin, values));
  const all = await tokenFor(['scim:read', 'scim:write']);
  const base = `${server.issuer}/scim/v2`;
  const call: ScimApi['call'] = (method, path, options = {}) =>
    send(path.startsWith('http') ? path : `${base}${path}`, method, all, options);
  const made = async (path: string, body: Body) => {
    const reply = await call('POST', path, { body });
    if (reply.status !== 201) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  };
  return {
    server,
    admin,
    base,
    call,
    patch: (path, ...Operations) => call('PATCH', path, { body: { schemas: [PATCH_OP], Operations } }),
    aUser: (attributes = {}) => made('/Users', { schemas: [USER], userName: uniqueName('person'), ...attributes }),
    aGroup: (attributes = {}) => made('/Groups', { schemas: [GROUP], displayName: uniqueName('group'), ...attributes }),
    tokenFor,
    auditOf: (reply) =>
      server.foundation.read.query<Body>(
        'SELECT type, outcome, reason, actor_id AS "actorId", details FROM audit_events WHERE request_id = $1 ORDER BY id',
        [reply.headers.get('x-request-id')],
      ),
    async close() {
      await server.stop();
      expect(server.errors).toEqual([]);
    },
  };
}

export function uniqueName(what: string): string {
  count += 1;
  return `${what}-${process.pid}-${count}`;
}

export async function aScimClient(admin: AdminApi, values: readonly string[]): Promise<AdminClient> {
  const { client_id: clientId, client_secret: secret } = await admin.post('/clients', {
    client_name: 'Provisioning',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    permissions: [{ resource: 'urn:doorward:scim', values }],
  });
  return { clientId: String(clientId), secret: String(secret) };
}

export async function issueToken(url: string, { clientId, secret }: AdminClient): Promise<string> {
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'urn:doorward:scim' }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`no SCIM token: ${answer.status} ${text}`);
  return String((JSON.parse(text) as Body).access_token);
}

async function send(url: string, method: string, all: string, options: CallOptions): Promise<Reply> {
  const { body, headers = {}, token = all } = options;
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Body) : {}, text };
}

export const resourcesOf = (reply: Reply): Body[] => (reply.body.Resources ?? []) as Body[];
export const query = (parameters: Readonly<Record<string, string | number>>): string =>
  `?${new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]))}`;
