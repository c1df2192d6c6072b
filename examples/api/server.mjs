// An API that believes no one: every request brings an access token, checked for signature, issuer, audience and permission.
import { createServer } from 'node:http';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const issuer = process.env.ISSUER ?? 'http://localhost:3000';
const audience = process.env.RESOURCE ?? 'https://orders.example/api';
const port = Number(process.env.PORT ?? 4002);
const allowedOrigin = process.env.SPA_ORIGIN ?? 'http://localhost:4001';

/** Fetched once and cached; a key it does not know makes it look again. */
const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));

const orders = [
  { id: 1, item: 'Brass hinge', quantity: 40 },
  { id: 2, item: 'Oak door', quantity: 2 },
];

const routes = {
  'GET /orders': { permission: 'orders:read', answer: () => ({ orders }) },
  'POST /orders': { permission: 'orders:write', answer: addOrder },
};

const server = createServer(async (req, res) => {
  const cors = { 'Access-Control-Allow-Origin': allowedOrigin, Vary: 'Origin' };
  if (req.method === 'OPTIONS') {
    res
      .writeHead(204, {
        ...cors,
        'Access-Control-Allow-Headers': 'authorization, content-type',
        'Access-Control-Allow-Methods': 'GET, POST',
      })
      .end();
    return;
  }
  const route = routes[`${req.method} ${new URL(req.url ?? '/', 'http://localhost').pathname}`];
  if (route === undefined) return send(res, 404, { error: 'not_found' }, cors);
  const caller = await authenticate(req.headers.authorization);
  if ('error' in caller)
    return send(res, 401, { error: caller.error }, { ...cors, 'WWW-Authenticate': `Bearer error="${caller.error}"` });
  if (!caller.permissions.has(route.permission)) {
    return send(
      res,
      403,
      { error: 'insufficient_scope', needed: route.permission },
      { ...cors, 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${route.permission}"` },
    );
  }
  send(res, 200, { subject: caller.subject, ...(await route.answer(req)) }, cors);
});

/** RFC 9068 §4: the checks a resource server owes. */
async function authenticate(header) {
  const token = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) return { error: 'invalid_token' };
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['ES256', 'EdDSA', 'RS256'],
      requiredClaims: ['sub', 'exp', 'client_id'],
    });
    return { subject: payload.sub, permissions: new Set(String(payload.scope ?? '').split(' ')) };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { error: 'invalid_token' };
    throw error;
  }
}

async function addOrder(req) {
  let text = '';
  for await (const chunk of req) {
    text += chunk;
    if (text.length > 10_000) break;
  }
  const { item, quantity } = JSON.parse(text || '{}');
  const order = { id: orders.length + 1, item: String(item ?? 'Something'), quantity: Number(quantity ?? 1) };
  orders.push(order);
  return { order };
}

function send(res, status, body, headers) {
  res.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  res.end(JSON.stringify(body));
}

server.listen(port, 'localhost', () =>
  console.log(`Orders API: http://localhost:${port}/orders  (needs a token for ${audience})`),
);
