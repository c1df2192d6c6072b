// Sign-ins with a passkey: a software authenticator of ES256 whose passkeys are on many devices, and so count nothing.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { drive, get, Jar, percentile, post } from './http-client.mjs';
import { authorizePath, expect, follow, hidden, password, path, pkce, prepared, redeem, signIn } from './scenarios.mjs';
import { startDoorward } from './servers.mjs';

const sha256 = (data) => createHash('sha256').update(data).digest();
const base64url = (data) => Buffer.from(data).toString('base64url');

/** Present, verified, backed up; and with a new credential. */
const FLAGS = 0x1d;
const WITH_CREDENTIAL = 0x40;

class Passkey {
  #id = randomBytes(32);
  #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #origin;
  #userHandle = '';

  constructor(origin) {
    this.#origin = origin;
  }

  create({ rp, user, challenge }) {
    this.#userHandle = user.id;
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' });
    // CBOR of a COSE key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
    const key = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ]);
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.#id.length]), this.#id, key]);
    const data = this.#data(rp.id, FLAGS | WITH_CREDENTIAL, credential);
    // {"fmt": "none", "attStmt": {}, "authData": data}
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
      Buffer.from([data.length]),
      data,
    ]);
    return this.#answer({
      clientDataJSON: base64url(this.#clientData('webauthn.create', challenge)),
      attestationObject: base64url(attestation),
    });
  }

  get({ rpId, challenge }) {
    const clientData = this.#clientData('webauthn.get', challenge);
    const data = this.#data(rpId, FLAGS, Buffer.alloc(0));
    return this.#answer({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(data),
      signature: base64url(sign('sha256', Buffer.concat([data, sha256(clientData)]), this.#keys.privateKey)),
      userHandle: this.#userHandle,
    });
  }

  #answer(response) {
    const id = base64url(this.#id);
    return JSON.stringify({ id, rawId: id, type: 'public-key', response });
  }

  #clientData(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false }));
  }

  #data(rpId, flags, credential) {
    return Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, 0]), credential]);
  }
}

const askedOn = ({ body }) => JSON.parse(/data-options="([^"]*)"/.exec(body)[1].replaceAll('&quot;', '"'));
const formOn = ({ body }) => path(/data-passkey=[\s\S]*?<form[^>]*action="([^"]*)"/.exec(body)[1]);

/** Signs in by password on the account pages and adds one. */
async function addPasskey(connection, server, userName) {
  const jar = new Jar();
  const headers = () => ({ host: server.host, headers: { cookie: jar.header } });
  const send = async (request) => follow(connection, server, jar, jar.take(await connection.send(request)));
  const login = await send(get('/account/passkeys', headers()));
  const action = path(/<form[^>]*action="([^"]*\/login)"/.exec(login.body)[1]);
  const page = await send(post(action, { csrf: hidden(login.body).csrf, username: userName, password }, headers()));
  const passkey = new Passkey(`http://${server.host}`);
  const form = { csrf: hidden(page.body).csrf, passkey: passkey.create(askedOn(page)) };
  expect(await send(post(formOn(page), form, headers())), 200);
  return passkey;
}

/** The whole flow: authorization request, sign-in page, passkey, code, tokens. */
async function signInBy(passkey, connection, server) {
  const jar = new Jar();
  const headers = () => ({ host: server.host, headers: { cookie: jar.header } });
  const send = async (request) => follow(connection, server, jar, jar.take(await connection.send(request)));
  const { verifier, challenge } = pkce();
  const page = await send(get(authorizePath(challenge), headers()));
  const form = { csrf: hidden(page.body).csrf, passkey: passkey.get(askedOn(page)) };
  const end = await send(post(formOn(page), form, headers()));
  await redeem(connection, server, expect(end, 303).headers.location, verifier);
}

export async function measurePasskeys({ seconds, people = 16 }) {
  const server = await startDoorward({ people });
  try {
    const passkeys = await prepared(server, people, (connection, index) =>
      addPasskey(connection, server, server.userName(index)),
    );
    const byPasskey = (connection, index) => signInBy(passkeys[index], connection, server);
    const byPassword = (connection, index) => signIn(connection, server, server.userName(index));
    const measure = async (step) => {
      const before = await server.cpuSeconds();
      const { done, perSecond, latencies } = await drive({
        address: server.address,
        connections: people,
        seconds,
        step,
      });
      const after = await server.cpuSeconds();
      const micros = (part) => (((after[part] - before[part]) / done) * 1e6).toFixed(0);
      return { perSecond, node: micros('node'), postgres: micros('postgres'), p99: percentile(latencies, 99) };
    };
    for (const step of [byPasskey, byPassword]) await measure(step);
    const passkey = await measure(byPasskey);
    const plain = await measure(byPassword);
    return [
      `Full sign-ins with a passkey: ${passkey.perSecond.toFixed(0)} per second, ${passkey.node} µs of Node and ${passkey.postgres} µs of PostgreSQL each, p99 ${passkey.p99.toFixed(0)} ms; with a password at the least cost of the hash beside it: ${plain.perSecond.toFixed(0)} per second, ${plain.node} and ${plain.postgres} µs.`,
    ];
  } finally {
    await server.stop();
  }
}
