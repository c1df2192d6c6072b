// The admin API as a client with every permission sees it.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

export type AdminClient = { readonly clientId: string; readonly secret: string };
export type Json = Record<string, unknown>;
export type Reply = { readonly status: number; readonly headers: Headers; readonly body: Json; readonly text: string };

export type AdminApi = {
  readonly client: AdminClient;
  readonly token: string;
  /** Answers whatever came. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Throws unless the answer is a success. */
  get(path: string): Promise<Json>;
  post(path: string, body: unknown): Promise<Json>;
  patch(path: string, body: unknown): Promise<Json>;
  delete(path: string): Promise<void>;
};

/**
 * The first client cannot come through the admin API, so its rows are written; everything else in tests goes through doors.
 * The stored secret is the form that a declarative file may carry.
 */
export async function addAdminClient(databaseUrl: string): Promise<AdminClient> {
  const clientId = `test-admin-${randomBytes(4).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  const hash = `sha256$${createHash('sha256').update(secret).digest('base64url')}`;
  const metadata = {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
  };
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    await database.query(
      `INSERT INTO clients (client_id, enabled, first_party, require_pkce, claims_in_id_token, metadata, created_at, updated_at)
       VALUES ($1, true, true, true, false, $2, now(), now())`,
      [clientId, JSON.stringify(metadata)],
    );
    await database.query('INSERT INTO client_secrets (id, client_id, hash, created_at) VALUES ($1, $2, $3, now())', [
      randomUUID(),
      clientId,
      hash,
    ]);
    await database.query(
      `INSERT INTO client_permissions (client_id, permission_id)
       SELECT $1, p.id FROM permissions p JOIN resource_servers r ON r.id = p.resource_server_id
        WHERE r.identifier = 'urn:doorward:admin'`,
      [clientId],
    );
  } finally {
    await database.end();
  }
  return { clientId, secret };
}

export async function adminApi({ url, client }: { url: string; client: AdminClient }): Promise<AdminApi> {
  const token = await issueToken(url, client);
  const call: AdminApi['call'] = async (method, path, body, headers = {}) => {
    const isJson = body !== undefined;
    const answer = await fetch(path.startsWith('/admin/') ? `${url}${path}` : `${url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(isJson ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    const holdsJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, body: holdsJson ? (JSON.parse(text) as Json) : {}, text };
  };
  const succeed = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const reply = await call(method, path, body);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  };
  return {
    client,
    token,
    call,
    get: (path) => succeed('GET', path),
    post: (path, body) => succeed('POST', path, body),
    patch: (path, body) => succeed('PATCH', path, body),
    delete: async (path) => void (await succeed('DELETE', path)),
  };
}

export async function issueToken(url: string, { clientId, secret }: AdminClient): Promise<string> {
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'urn:doorward:admin' }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`no admin token: ${answer.status} ${text}`);
  return String((JSON.parse(text) as Json).access_token);
}
